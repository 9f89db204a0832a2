package io.tollgate.cli.replay;

import io.tollgate.cli.ExitCode;
import io.tollgate.cli.UserException;
import io.tollgate.cli.trace.Trace;
import io.tollgate.cli.trace.TraceLine;
import io.tollgate.cli.trace.TraceReader;
import io.tollgate.emitter.Emitted;
import io.tollgate.emitter.Emitter;
import io.tollgate.events.RejectedEvent;
import io.tollgate.events.UsageEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Sends a trace through an emitter: its events to be counted, its bad lines to the rejected topic. */
final class Replayer {

    private final Emitter emitter;
    private final Instant now;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final TreeMap<String, Long> bad = new TreeMap<>();
    private final SentEvents sent = new SentEvents();

    /** @param now when the bad lines are found */
    Replayer(Emitter emitter, Instant now) {
        this.emitter = emitter;
        this.now = now;
    }

    /**
     * Sends the trace and waits until Kafka has all of it.
     *
     * @param progress hears how many lines were read so far
     * @param onBadLine hears of each bad line
     * @throws UserException when Kafka does not take an event or the file cannot be read on; sending the same again
     *     adds only what is missing
     */
    ReplayResult replay(Trace trace, LongConsumer progress, Consumer<TraceLine.Bad> onBadLine) {
        long start = System.nanoTime();
        try (TraceReader reader = trace.read()) {
            while (failure.get() == null && reader.hasNext()) {
                TraceLine line = reader.next();
                if (line instanceof TraceLine.Usage usage) {
                    send(usage.event());
                } else if (line instanceof TraceLine.Bad badLine) {
                    bad.merge(badLine.reason(), 1L, Long::sum);
                    onBadLine.accept(badLine);
                    watch(emitter.reject(rejected(trace, badLine)));
                }
                progress.accept(reader.linesRead());
            }
        } catch (IOException | UncheckedIOException e) {
            throw new UserException(
                    ExitCode.NO_INPUT,
                    "cannot read the trace to its end: " + e.getMessage(),
                    "replay it again when that is mended: what was sent is not counted twice");
        }
        emitter.flush();
        Throwable reason = failure.get();
        if (reason != null) {
            throw new UserException(
                    ExitCode.UNAVAILABLE,
                    String.valueOf(reason.getMessage()),
                    "replay it again when Kafka is back: what was sent is not counted twice");
        }
        return new ReplayResult(sent, bad, (System.nanoTime() - start) / 1e9);
    }

    private void send(UsageEvent event) {
        CompletableFuture<Emitted> outcome = emitter.emit(event);
        var unused = outcome.thenAccept(sent.places()::add);
        watch(outcome);
        sent.add(event);
    }

    private void watch(CompletableFuture<?> outcome) {
        var unused = outcome.whenComplete((place, problem) -> {
            if (problem != null) {
                failure.compareAndSet(null, problem);
            }
        });
    }

    private RejectedEvent rejected(Trace trace, TraceLine.Bad line) {
        return RejectedEvent.newBuilder()
                .setReason(line.reason())
                .setDetail(line.detail())
                .setStage("replay")
                .setOrigin("%s:%d".formatted(trace.file().getFileName(), line.lineNumber()))
                .setRejectedAt(now)
                .setIdentity(null)
                .setOriginal(line.original())
                .build();
    }
}
