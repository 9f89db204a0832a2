package io.tollgate.cli.instance;

import io.tollgate.aggregator.Aggregator;
import io.tollgate.aggregator.AggregatorHealth;
import io.tollgate.aggregator.AggregatorState;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * How long a job may take to start: for as long as it likes while its restore gets on, which reads a log as long as the
 * usage it has seen.
 */
final class JobStart {

    /** More than the minute in which health tells of a thread that has ended, rather than of the restore. */
    private static final Duration STUCK_AFTER = Duration.ofSeconds(90);

    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final Duration TELL_EVERY = Duration.ofSeconds(5);

    private final Consumer<String> tell;
    private final LongSupplier nanoTime;
    private String restore = "";
    private long gotOnAtNanos;
    private long toldAtNanos;

    /** @param tell hears from time to time how far a restore is, if it takes longer than a few seconds */
    JobStart(Consumer<String> tell, LongSupplier nanoTime) {
        this.tell = tell;
        this.nanoTime = nanoTime;
        this.gotOnAtNanos = nanoTime.getAsLong();
        this.toldAtNanos = gotOnAtNanos;
    }

    /**
     * Waits until the job runs.
     *
     * @param stopping whether nobody needs it any more
     * @throws IllegalStateException when it does not get on for 90 s, has failed, or is not needed
     */
    static void await(Aggregator job, Consumer<String> tell, BooleanSupplier stopping) {
        JobStart start = new JobStart(tell, System::nanoTime);
        CompletableFuture<Object> ended = CompletableFuture.anyOf(job.running(), job.failure());
        while (true) {
            try {
                ended.get(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
                // It runs already, or this says why it never will.
                job.awaitRunning(LOOK_EVERY);
                return;
            } catch (TimeoutException e) {
                if (stopping.getAsBoolean()) {
                    throw new IllegalStateException("stopped while it was starting", e);
                }
                start.look(job.health());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while it was starting", e);
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            }
        }
    }

    /**
     * Looks once.
     *
     * @throws IllegalStateException when it has not got on for 90 s
     */
    void look(AggregatorHealth now) {
        long nanos = nanoTime.getAsLong();
        // The sentence tells how many records are to be read yet.
        if (now.state() == AggregatorState.RESTORING && !now.sentence().equals(restore)) {
            restore = now.sentence();
            gotOnAtNanos = nanos;
            if (nanos - toldAtNanos >= TELL_EVERY.toNanos()) {
                toldAtNanos = nanos;
                tell.accept("Restoring the aggregator: " + restore);
            }
        }
        if (nanos - gotOnAtNanos > STUCK_AFTER.toNanos()) {
            throw new IllegalStateException("it is %s, and has not got on for %d s (%s)"
                    .formatted(now.state(), STUCK_AFTER.toSeconds(), now.sentence()));
        }
    }
}
