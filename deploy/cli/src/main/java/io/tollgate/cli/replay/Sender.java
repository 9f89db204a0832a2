package io.tollgate.cli.replay;

import io.tollgate.cli.ExitCode;
import io.tollgate.cli.UserException;
import io.tollgate.cli.trace.TraceLine;
import io.tollgate.emitter.Emitted;
import io.tollgate.emitter.Emitter;
import io.tollgate.events.RejectedEvent;
import io.tollgate.events.UsageEvent;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends what a trace's lines came to: events to be counted, bad lines to the rejected topic. Every second it waits until
 * Kafka has all of it, and tells how far it came. Not for many threads.
 */
final class Sender implements Consumer<TraceLine> {

    private static final long CHECKPOINT_NANOS = 1_000_000_000;

    private final Emitter emitter;
    private final Optional<Pace> pace;
    private final String fileName;
    private final Instant now;
    private final Places places;
    private final LongConsumer onAcknowledged;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private long acknowledged;
    private long checkpointAt = System.nanoTime() + CHECKPOINT_NANOS;

    /**
     * @param acknowledged the line up to which an earlier part of this replay sent
     * @param now when the bad lines are found
     * @param places learns where the events are
     * @param onAcknowledged hears up to which line all is acknowledged
     */
    Sender(
            Emitter emitter,
            Optional<Pace> pace,
            String fileName,
            long acknowledged,
            Instant now,
            Places places,
            LongConsumer onAcknowledged) {
        this.emitter = emitter;
        this.pace = pace;
        this.fileName = fileName;
        this.acknowledged = acknowledged;
        this.now = now;
        this.places = places;
        this.onAcknowledged = onAcknowledged;
    }

    /** @throws UserException when Kafka did not take an earlier one; starting again goes on where it stopped */
    @Override
    public void accept(TraceLine line) {
        if (line.lineNumber() <= acknowledged) {
            return;
        }
        pace.ifPresent(Pace::await);
        if (line instanceof TraceLine.Usage usage) {
            send(usage.event());
        } else if (line instanceof TraceLine.Bad bad) {
            watch(emitter.reject(rejected(bad)));
        }
        throwIfFailed();
        if (System.nanoTime() - checkpointAt >= 0) {
            finish(line.lineNumber());
        }
    }

    /** Waits until Kafka has all up to the line. */
    void finish(long line) {
        emitter.flush();
        throwIfFailed();
        acknowledged = Math.max(acknowledged, line);
        onAcknowledged.accept(acknowledged);
        checkpointAt = System.nanoTime() + CHECKPOINT_NANOS;
    }

    private void send(UsageEvent event) {
        CompletableFuture<Emitted> outcome = emitter.emit(event);
        var unused = outcome.thenAccept(places::add);
        watch(outcome);
    }

    private void watch(CompletableFuture<?> outcome) {
        var unused = outcome.whenComplete((place, problem) -> {
            if (problem != null) {
                failure.compareAndSet(null, problem);
            }
        });
    }

    private void throwIfFailed() {
        Throwable reason = failure.get();
        if (reason != null) {
            throw new UserException(
                    ExitCode.UNAVAILABLE,
                    String.valueOf(reason.getMessage()),
                    "replay it again when Kafka is back: it goes on after line %,d, and what was sent is not counted twice"
                            .formatted(acknowledged));
        }
    }

    private RejectedEvent rejected(TraceLine.Bad line) {
        return RejectedEvent.newBuilder()
                .setReason(line.reason())
                .setDetail(line.detail())
                .setStage("replay")
                .setOrigin("%s:%d".formatted(fileName, line.lineNumber()))
                .setRejectedAt(now)
                .setIdentity(null)
                .setOriginal(line.original())
                .build();
    }
}
