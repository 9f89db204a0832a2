package io.tollgate.ingest.delivery;

import io.tollgate.emitter.Outcome;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What became of the events of one request: told by the emitter's threads, awaited by the request's. It only counts, so
 * that a request of many events holds no list of them.
 */
public final class Outcomes {

    private final AtomicInteger open;
    private final AtomicInteger spooled = new AtomicInteger();
    private final CountDownLatch decided = new CountDownLatch(1);
    private volatile Outcome.@Nullable Reason refused;

    /** @param events so many will be told */
    public Outcomes(int events) {
        this.open = new AtomicInteger(events);
        if (events == 0) {
            decided.countDown();
        }
    }

    /** Of an event that was let in. */
    public void ofUsage(Outcome outcome) {
        if (outcome.kind() == Outcome.Kind.SPOOLED) {
            spooled.incrementAndGet();
        }
        decided(outcome, 1);
    }

    /** Of so many events that were kept out, with one record for all. */
    public void ofKeptOut(Outcome outcome, int events) {
        decided(outcome, events);
    }

    private void decided(Outcome outcome, int events) {
        if (outcome instanceof Outcome.Refused failure) {
            refuse(failure.reason());
        }
        if (open.addAndGet(-events) == 0) {
            decided.countDown();
        }
    }

    /** An event is not even given to the emitter. */
    public void refuse(Outcome.Reason reason) {
        refused = reason;
        decided.countDown();
    }

    /** Why the latest was refused. */
    public Optional<Outcome.Reason> refused() {
        return Optional.ofNullable(refused);
    }

    /** How many accepted events are in the spool. */
    public int spooled() {
        return spooled.get();
    }

    /** Whether all were told in time, and none was refused. Returns at the first refusal. */
    public boolean allTaken(long nanos) {
        try {
            return decided.await(nanos, TimeUnit.NANOSECONDS) && refused == null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
