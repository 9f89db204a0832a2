package io.tollgate.aggregator.dedup;

import io.tollgate.aggregator.dedup.Segments.Segment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Several files becoming one. The files that it reads do not change, so it may run beside those who ask them. */
final class Merge implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Merge.class);

    private final Path target;
    private final List<Segment> newestFirst;
    private final CompletableFuture<Optional<Segment>> result = new CompletableFuture<>();
    private final AtomicBoolean begun = new AtomicBoolean();
    private volatile boolean cancelled;

    Merge(Path target, List<Segment> newestFirst) {
        this.target = target;
        this.newestFirst = newestFirst;
    }

    @Override
    public void run() {
        if (!begun.compareAndSet(false, true)) {
            return;
        }
        try {
            List<IdFile> oldestFirst =
                    new ArrayList<>(newestFirst.stream().map(Segment::file).toList());
            Collections.reverse(oldestFirst);
            result.complete(IdFile.merge(target, oldestFirst, () -> cancelled)
                    .map(file -> new Segment(
                            file,
                            newestFirst.stream()
                                    .mapToLong(Segment::firstArrivalMillis)
                                    .min()
                                    .orElseThrow(),
                            newestFirst.stream()
                                    .mapToLong(Segment::lastArrivalMillis)
                                    .max()
                                    .orElseThrow())));
        } catch (RuntimeException | Error e) {
            // The files it would have replaced do as well; it is tried again when there are more.
            LOG.warn("could not merge files of identities", e);
            if (!target.toFile().delete()) {
                LOG.debug("{} was not begun", target);
            }
            result.complete(Optional.empty());
        }
    }

    /** Ends it soon, and waits for that. It may have come to its end before. */
    void cancel() {
        cancelled = true;
        if (begun.compareAndSet(false, true)) {
            // It was still waiting for its turn.
            result.complete(Optional.empty());
        }
        var unused = result.join();
    }

    boolean isDone() {
        return result.isDone();
    }

    /** The one file; empty when it was cancelled or has failed. To be asked when it is done. */
    Optional<Segment> result() {
        return result.join();
    }

    boolean isOf(Segment segment) {
        return newestFirst.contains(segment);
    }

    Segment newest() {
        return newestFirst.get(0);
    }

    void deleteInputs() {
        newestFirst.forEach(segment -> segment.file().delete());
    }
}
