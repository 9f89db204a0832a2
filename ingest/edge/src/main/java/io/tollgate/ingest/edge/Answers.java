package io.tollgate.ingest.edge;

import io.tollgate.ingest.delivery.Undelivered;
import io.tollgate.service.Problem;
import io.tollgate.service.ProblemException;
import java.util.List;

/** What is answered to what became of a request. */
final class Answers {

    private static final int UNPROCESSABLE = 422;

    private Answers() {}

    /** The answer, if there is a good one. */
    static EventsResource.Answer to(Intake outcome) {
        if (outcome instanceof Intake.Done done) {
            return to(done);
        }
        throw problem(outcome);
    }

    /** Why nothing of a request was taken, or nobody knows what was. */
    static ProblemException problem(Intake outcome) {
        if (outcome instanceof Intake.Malformed malformed) {
            return new ProblemException(Problem.of(
                            400,
                            "malformed_json",
                            "The body is not JSON, and nothing of it was taken: " + malformed.detail())
                    .with("line", malformed.line())
                    .with("column", malformed.column()));
        }
        if (outcome instanceof Intake.TooMany) {
            return new ProblemException(Problem.of(
                            413,
                            "too_many_events",
                            "There are more than 10,000 events in the request, and none of them was taken. Send them in"
                                    + " several requests.")
                    .with("maxEvents", EventIntake.EVENTS_MAX));
        }
        if (outcome instanceof Intake.Away away) {
            return Undelivered.because(away.reason());
        }
        if (outcome instanceof Intake.NotInTime) {
            return Undelivered.notInTime();
        }
        throw new IllegalStateException("no answer to " + outcome);
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
