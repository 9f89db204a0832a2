package io.tollgate.aggregator.dedup;

import io.tollgate.aggregator.dedup.Segments.Segment;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A table that is becoming a file, perhaps in another thread. It does not change until that is done.
 *
 * @param file is run by whoever comes first: the thread that is meant to, or the one that cannot wait for it
 * @param begun whether somebody writes it, or it was abandoned before
 */
record Writing(IdTable table, long lastArrivalMillis, FutureTask<Segment> file, AtomicBoolean begun) {

    private static final Logger LOG = LoggerFactory.getLogger(Writing.class);

    static Writing of(IdTable table, long lastArrivalMillis, Supplier<Segment> writer) {
        AtomicBoolean begun = new AtomicBoolean();
        FutureTask<Segment> file = new FutureTask<>(() -> {
            if (!begun.compareAndSet(false, true)) {
                throw new CancellationException();
            }
            return writer.get();
        });
        return new Writing(table, lastArrivalMillis, file, begun);
    }

    boolean isDone() {
        return file.isDone();
    }

    /** Has no file begun, or the one that was begun removed, once it is there, if it ever is. */
    void abandon() {
        if (begun.compareAndSet(false, true)) {
            return;
        }
        try {
            segment().file().delete();
        } catch (RuntimeException e) {
            LOG.debug("a file of identities that nobody needs any more was not written", e);
        }
    }

    /**
     * The file. Waits for it, or writes it itself if nobody has begun.
     *
     * @throws java.io.UncheckedIOException when it could not be written
     * @throws IllegalStateException when something else went wrong, such as that memory ran out
     */
    Segment segment() {
        file.run();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return file.get();
                } catch (InterruptedException e) {
                    // The file is half written; what is asked for here comes soon, and nothing can be done without it.
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException problem) {
                throw problem;
            }
            throw new IllegalStateException("cannot keep identities", e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
