package io.tollgate.ingest.edge;

import io.tollgate.emitter.Outcome;
import io.tollgate.service.Problem;
import io.tollgate.service.ProblemException;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.List;

/** What is answered to what became of a request. */
final class Answers {

    private static final String RETRY_AFTER_SECONDS = "5";
    private static final int UNPROCESSABLE = 422;

    private Answers() {}

    /** The answer, if there is a good one. */
    static EventsResource.Answer to(Intake outcome) {
        if (outcome instanceof Intake.Done done) {
            return to(done);
        }
        if (outcome instanceof Intake.Malformed malformed) {
            throw new ProblemException(Problem.of(
                            400,
                            "malformed_json",
                            "The body is not JSON, and nothing of it was taken: " + malformed.detail())
                    .with("line", malformed.line())
                    .with("column", malformed.column()));
        }
        if (outcome instanceof Intake.TooMany) {
            throw new ProblemException(Problem.of(
                            413,
                            "too_many_events",
                            "There are more than 10,000 events in the request, and none of them was taken. Send them in"
                                    + " several requests.")
                    .with("maxEvents", EventIntake.EVENTS_MAX));
        }
        if (outcome instanceof Intake.Away away) {
            throw away(away.reason());
        }
        throw new IllegalStateException("no answer to " + outcome);
    }

    private static ProblemException away(Outcome.Reason reason) {
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

    private static ProblemException unavailable(String code, String why) {
        return new ProblemException(Problem.of(
                        503,
                        code,
                        why
                                + ", so the events are not known to be safe. Send the same request again: what did arrive is"
                                + " dropped by (source, id)."))
                .withHeader(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
    }

    private static EventsResource.Answer to(Intake.Done done) {
        List<Intake.EventError> errors = done.errors();
        if (done.accepted() == 0 && !errors.isEmpty()) {
            throw new ProblemException(Problem.of(
                            UNPROCESSABLE,
                            "all_events_rejected",
                            "None of the events was accepted. Mend what the errors name and send them again.")
                    .with("accepted", 0)
                    .with("rejected", errors.size())
                    .with("errors", errors));
        }
        return new EventsResource.Answer(done.accepted(), done.spooled(), errors.size(), errors);
    }
}
