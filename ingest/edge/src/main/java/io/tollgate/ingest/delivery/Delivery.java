package io.tollgate.ingest.delivery;

import com.codahale.metrics.Counter;
import io.tollgate.emitter.EmitException;
import io.tollgate.emitter.Emitter;
import io.tollgate.emitter.Outcome;
import io.tollgate.events.UsageEvent;
import io.tollgate.service.Problem;
import io.tollgate.service.ProblemException;
import jakarta.ws.rs.core.HttpHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Sends events and waits until they are safe: in Kafka, or in the emitter's spool if it has one. */
public final class Delivery {

    private static final String RETRY_AFTER_SECONDS = "5";

    private final Emitter emitter;
    private final Duration patience;
    private final Counter accepted;

    /**
     * @param patience how long a call waits for all of its events together
     * @param accepted counts those that are safe
     */
    public Delivery(Emitter emitter, Duration patience, Counter accepted) {
        this.emitter = emitter;
        this.patience = patience;
        this.accepted = accepted;
    }

    /**
     * Returns when all are safe.
     *
     * @throws ProblemException 503 when they are not, in time; some may be, and sending all of them again does no harm
     */
    public void send(List<UsageEvent> events) {
        long deadlineNanos = System.nanoTime() + patience.toNanos();
        List<CompletableFuture<Outcome>> offered = new ArrayList<>();
        for (UsageEvent event : events) {
            CompletableFuture<Outcome> outcome = emitter.offer(event);
            offered.add(outcome);
            // With Kafka away each event would hold us for as long as the first.
            if (refusal(outcome).isPresent() || System.nanoTime() - deadlineNanos > 0) {
                throw away(offered);
            }
        }
        try {
            CompletableFuture.allOf(offered.toArray(CompletableFuture[]::new))
                    .get(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw away(offered);
        } catch (ExecutionException e) {
            throw new IllegalStateException("an offer always ends with an outcome", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw away(offered);
        }
        if (offered.stream().anyMatch(outcome -> refusal(outcome).isPresent())) {
            throw away(offered);
        }
        accepted.inc(events.size());
    }

    private static RuntimeException away(List<CompletableFuture<Outcome>> offered) {
        for (CompletableFuture<Outcome> outcome : offered) {
            Optional<EmitException> refusal = refusal(outcome);
            if (refusal.isPresent() && !refusal.get().retriable()) {
                // Such as a topic that takes smaller messages than ours. To say "send it again" would be a lie.
                return new IllegalStateException("Kafka will never take this event", refusal.get());
            }
        }
        return new ProblemException(Problem.of(
                        503,
                        "kafka_unavailable",
                        "Kafka does not answer, so not all is known to be safe. Send the same request again: what did"
                                + " arrive is dropped by (source, id)."))
                .withHeader(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
    }

    private static Optional<EmitException> refusal(CompletableFuture<Outcome> outcome) {
        return outcome.isDone() && outcome.join() instanceof Outcome.Refused refused
                ? Optional.of(refused.cause())
                : Optional.empty();
    }
}
