package io.tollgate.ingest.delivery;

import io.tollgate.emitter.Outcome;
import io.tollgate.service.Problem;
import io.tollgate.service.ProblemException;
import jakarta.ws.rs.core.HttpHeaders;

/** Why events are not safe, as HTTP tells it. */
public final class Undelivered {

    private static final String RETRY_AFTER_SECONDS = "5";

    private Undelivered() {}

    /** The answer to a request whose events, or some of them, are not known to be safe. */
    public static ProblemException because(Outcome.Reason reason) {
        return switch (reason) {
            case KAFKA_AWAY -> unavailable("kafka_unavailable", "Kafka does not answer");
            case SPOOL_FULL -> unavailable("spool_full", "Kafka does not answer, and the edge's disk is full");
            case SPOOL_FAILED -> unavailable("spool_failed", "Kafka does not answer, and the edge's disk fails");
            case BUSY -> unavailable("emitter_busy", "Too many events are on their way");
            case CLOSED -> unavailable("stopping", "The edge is stopping");
            // Such as a topic that takes smaller messages than ours. To say "send it again" would be a lie.
            case INVALID ->
                new ProblemException(Problem.of(
                        502,
                        "kafka_refuses",
                        "Kafka refuses an event of this request, and would again. The edge's log says why; its operator has"
                                + " to mend it."));
        };
    }

    /** The answer when neither Kafka nor the spool refused anything, but not all was safe when the patience was over. */
    public static ProblemException notInTime() {
        return unavailable("not_in_time", "Not all of the events were safe in time");
    }

    private static ProblemException unavailable(String code, String why) {
        return new ProblemException(Problem.of(
                        503,
                        code,
                        why
                                + ", so the events are not known to be safe. Send the same request again: what did arrive is"
                                + " dropped by (source, id)."))
                .withHeader(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
    }
}
