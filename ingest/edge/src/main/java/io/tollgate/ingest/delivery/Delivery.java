package io.tollgate.ingest.delivery;

import com.codahale.metrics.Counter;
import io.tollgate.emitter.Emitter;
import io.tollgate.events.UsageEvent;
import java.time.Duration;
import java.util.List;

/** Sends events and waits until they are safe: in Kafka, or in the emitter's spool if it has one. */
public final class Delivery {

    private final Emitter emitter;
    private final Duration patience;
    private final Counter accepted;
    private final Counter spooled;

    /**
     * @param patience how long a call waits for all of its events together
     * @param accepted counts those that are safe
     * @param spooled counts those of them that are not in Kafka yet
     */
    public Delivery(Emitter emitter, Duration patience, Counter accepted, Counter spooled) {
        this.emitter = emitter;
        this.patience = patience;
        this.accepted = accepted;
        this.spooled = spooled;
    }

    /**
     * Returns when all are safe.
     *
     * @throws io.tollgate.service.ProblemException 503 when they are not, in time; some may be, and sending all of them again does no harm
     */
    public void send(List<UsageEvent> events) {
        long deadlineNanos = System.nanoTime() + patience.toNanos();
        Outcomes outcomes = new Outcomes(events.size());
        for (UsageEvent event : events) {
            emitter.offer(event, outcomes::ofUsage);
            // With Kafka away each event would hold us for as long as the first.
            if (outcomes.refused().isPresent() || System.nanoTime() - deadlineNanos > 0) {
                break;
            }
        }
        if (!outcomes.allTaken(Math.max(0, deadlineNanos - System.nanoTime()))) {
            throw outcomes.refused().map(Undelivered::because).orElseGet(Undelivered::notInTime);
        }
        accepted.inc(events.size());
        spooled.inc(outcomes.spooled());
    }
}
