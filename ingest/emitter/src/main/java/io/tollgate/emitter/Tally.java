package io.tollgate.emitter;

import io.tollgate.emitter.spool.SpoolState;
import java.util.concurrent.atomic.LongAdder;

/** Counts what was given and what became of it. Safe for use by many threads. */
final class Tally {

    private final LongAdder given = new LongAdder();
    private final LongAdder acknowledged = new LongAdder();
    private final LongAdder rejectedAcknowledged = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder spooled = new LongAdder();
    private final LongAdder replayed = new LongAdder();
    private final LongAdder unsendable = new LongAdder();

    void given() {
        given.increment();
    }

    void outcome(Message.Topic topic, Outcome outcome) {
        switch (outcome.kind()) {
            case ACCEPTED -> (topic == Message.Topic.USAGE ? acknowledged : rejectedAcknowledged).increment();
            case SPOOLED -> spooled.increment();
            case REFUSED -> failed.increment();
        }
    }

    void replayed(long records) {
        replayed.add(records);
    }

    void unsendable(long records) {
        unsendable.add(records);
    }

    EmitterCounts counts(SpoolState spool) {
        // Outcomes first: an event that ends in between then still shows as in flight, never as a negative number.
        long ok = acknowledged.sum();
        long rejected = rejectedAcknowledged.sum();
        long bad = failed.sum();
        long kept = spooled.sum();
        long inFlight = given.sum() - ok - rejected - bad - kept;
        return new EmitterCounts(ok, rejected, bad, inFlight, kept, replayed.sum(), unsendable.sum(), spool);
    }
}
