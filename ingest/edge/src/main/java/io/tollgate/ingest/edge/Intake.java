package io.tollgate.ingest.edge;

import io.tollgate.emitter.Outcome;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What became of one request. */
sealed interface Intake {

    /**
     * Every event was decided on, and all of them are safe, the accepted and the rejected.
     *
     * @param spooled how many of the accepted are not in Kafka yet, but on the edge's disk
     */
    record Done(int accepted, int spooled, List<EventError> errors) implements Intake {}

    /** The body could not be cut into events; it is kept among the rejected. */
    record Malformed(String detail, int line, int column) implements Intake {}

    /** More events than one request may have; nothing was sent. */
    record TooMany() implements Intake {}

    /** There is no memory for so many events now; nothing was sent. */
    record NoRoom() implements Intake {}

    /** Not all events are known to be safe; some of them may be in Kafka, or in the spool. */
    record Away(Outcome.Reason reason) implements Intake {}

    /** The same, and nobody refused any: there were too many, or all was too slow. */
    record NotInTime() implements Intake {}

    /**
     * One event that was kept out.
     *
     * @param index its place in the request, from 0
     * @param id its CloudEvents id, when that could be read
     * @param code the reason, stable
     */
    record EventError(int index, Optional<String> id, String code, String detail) {

        /** The codes of some, each with how often it stands there. */
        static String byCode(List<EventError> errors) {
            Map<String, Long> counts = errors.stream()
                    .collect(Collectors.groupingBy(EventError::code, TreeMap::new, Collectors.counting()));
            return counts.entrySet().stream()
                    .map(code -> code.getKey() + " (" + code.getValue() + ")")
                    .collect(Collectors.joining(", "));
        }
    }
}
