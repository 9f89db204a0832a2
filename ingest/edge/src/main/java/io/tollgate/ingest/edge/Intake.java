package io.tollgate.ingest.edge;

import java.util.List;
import java.util.Optional;

/** What became of one request. */
sealed interface Intake {

    /** Every event was decided on, and Kafka has all of them: the accepted and the rejected. */
    record Done(int accepted, List<EventError> errors) implements Intake {}

    /** The body could not be cut into events; Kafka has it among the rejected. */
    record Malformed(String detail, int line, int column) implements Intake {}

    /** More events than one request may have; nothing was sent. */
    record TooMany() implements Intake {}

    /** Kafka did not acknowledge all in time; some of the events may be in it. */
    record KafkaAway() implements Intake {}

    /**
     * One event that was kept out.
     *
     * @param index its place in the request, from 0
     * @param id its CloudEvents id, when that could be read
     * @param code the reason, stable
     */
    record EventError(int index, Optional<String> id, String code, String detail) {}
}
