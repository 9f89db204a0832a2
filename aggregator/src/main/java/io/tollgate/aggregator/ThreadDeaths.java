package io.tollgate.aggregator;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Replaces stream threads that end, until replacing them is of no use. */
final class ThreadDeaths implements StreamsUncaughtExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ThreadDeaths.class);
    /** A passing fault ends few threads, a lasting one all that come. */
    private static final int TOLERATED = 20;

    private static final Duration WITHIN = Duration.ofMinutes(15);

    /** A thread's end, by the clock of {@link System#nanoTime}. */
    record Death(long atNanos, String problem) {}

    private final String instanceId;
    private final CompletableFuture<String> failure;
    private final LongSupplier nanoTime;
    private final Deque<Death> recent = new ArrayDeque<>();
    private long total;

    /** @param failure completed when the job cannot go on */
    ThreadDeaths(String instanceId, CompletableFuture<String> failure, LongSupplier nanoTime) {
        this.instanceId = instanceId;
        this.failure = failure;
        this.nanoTime = nanoTime;
    }

    @Override
    public synchronized StreamThreadExceptionResponse handle(Throwable problem) {
        LOG.error("a stream thread ended", problem);
        long now = nanoTime.getAsLong();
        total++;
        recent.addLast(new Death(now, String.valueOf(root(problem))));
        while (now - recent.getFirst().atNanos() > WITHIN.toNanos()) {
            recent.removeFirst();
        }
        if (isFenced(problem)) {
            // A replaced thread would fence the newcomer off in turn, and so on for ever.
            failure.complete(fenced(instanceId));
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        if (recent.size() > TOLERATED) {
            failure.complete("the Streams job keeps failing: " + problem);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    /** How many threads have ended since the start. */
    synchronized long total() {
        return total;
    }

    /** The last one, of those within a quarter of an hour. */
    synchronized Optional<Death> last() {
        return Optional.ofNullable(recent.peekLast());
    }

    /** Whether somebody else has taken this instance's place in the group. */
    static boolean isFenced(@Nullable Throwable problem) {
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            if (cause instanceof FencedInstanceIdException) {
                return true;
            }
        }
        return false;
    }

    static String fenced(String instanceId) {
        return ("another aggregator was started under the instance id '%s' and has taken over; give each its own, or"
                        + " leave one of them stopped")
                .formatted(instanceId);
    }

    private static Throwable root(Throwable problem) {
        Throwable root = problem;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
