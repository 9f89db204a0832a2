package io.tollgate.aggregator.dedup;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The files of {@link SeenIds}, the newest first. Each question about a new identity asks the filter of each of them, so
 * they must stay few: four in a row that are about as large become one, in another thread, as in a log-structured merge
 * tree. Which files there are makes no difference to what is found. Not for many threads.
 */
final class Segments {

    private static final int MERGED_AT_ONCE = 4;

    /** A file, and when what is in it arrived. */
    record Segment(IdFile file, long firstArrivalMillis, long lastArrivalMillis) {}

    private final Path directory;
    private final long spanMillis;
    private final Executor background;
    private final Deque<Segment> newestFirst = new ArrayDeque<>();
    private @Nullable Merge merge;
    private int filesMade;

    /**
     * @param span how far apart the arrivals in one file may be
     * @param background merges
     */
    Segments(Path directory, Duration span, Executor background) {
        this.directory = directory;
        this.spanMillis = span.toMillis();
        this.background = background;
    }

    /** As {@link IdTable#find}. */
    long find(long high, long low) {
        // Newest first: most duplicates come soon.
        for (Segment segment : newestFirst) {
            long found = segment.file.find(high, low);
            if (found != IdTable.NONE) {
                return found;
            }
        }
        return IdTable.NONE;
    }

    /** What writes the table to a file, in any thread. It is not among the segments then. */
    Supplier<Segment> writer(IdTable table, long firstArrivalMillis, long lastArrivalMillis) {
        Path file = nextFile();
        return () -> new Segment(IdFile.write(file, table), firstArrivalMillis, lastArrivalMillis);
    }

    void addNewest(Segment segment) {
        newestFirst.addFirst(segment);
        takeMerged();
        startMerge();
    }

    /** Adds one that was there before, older than all others. */
    void addOldest(Segment segment) {
        newestFirst.addLast(segment);
        numbersFrom(segment.file.name());
    }

    /** Has new files numbered after this one. */
    void numbersFrom(String file) {
        filesMade = Math.max(filesMade, Integer.parseInt(file.replaceAll("\\D", "")) + 1);
    }

    /** Removes the files whose events all arrived before then. */
    void forgetBefore(long millis) {
        takeMerged();
        if (merge != null && merge.newest().lastArrivalMillis < millis) {
            settle();
        }
        for (Iterator<Segment> oldestFirst = newestFirst.descendingIterator(); oldestFirst.hasNext(); ) {
            Segment oldest = oldestFirst.next();
            // What is being merged goes with the file that it becomes part of, a span later at most.
            if (oldest.lastArrivalMillis >= millis || (merge != null && merge.isOf(oldest))) {
                break;
            }
            oldest.file.delete();
            oldestFirst.remove();
        }
    }

    void forEach(Consumer<Segment> visitor) {
        newestFirst.forEach(visitor);
    }

    /** Ends a merge that is under way; the files it read stay. */
    void settle() {
        if (merge != null) {
            merge.cancel();
            takeMerged();
        }
    }

    void clear() {
        settle();
        newestFirst.forEach(segment -> segment.file.delete());
        newestFirst.clear();
    }

    private Path nextFile() {
        return directory.resolve("seen-%06d.ids".formatted(filesMade++));
    }

    private void startMerge() {
        if (merge != null) {
            return;
        }
        List<Segment> all = new ArrayList<>(newestFirst);
        for (int from = 0; from + MERGED_AT_ONCE <= all.size(); from++) {
            List<Segment> run = all.subList(from, from + MERGED_AT_ONCE);
            if (isWorthMerging(run)) {
                merge = new Merge(nextFile(), List.copyOf(run));
                background.execute(merge);
                return;
            }
        }
    }

    private boolean isWorthMerging(List<Segment> run) {
        long ids = run.stream().mapToLong(segment -> segment.file.size()).sum();
        long largest =
                run.stream().mapToLong(segment -> segment.file.size()).max().orElse(0);
        long first = run.stream().mapToLong(Segment::firstArrivalMillis).min().orElse(0);
        long last = run.stream().mapToLong(Segment::lastArrivalMillis).max().orElse(0);
        // None is as large as the others together: a large file is not written anew for the sake of small ones.
        return ids <= IdFile.MAX_IDS && last - first <= spanMillis && largest <= ids / 2;
    }

    /** Puts the merged file in the place of those it was made of, if it is ready. */
    private void takeMerged() {
        if (merge == null || !merge.isDone()) {
            return;
        }
        Merge done = merge;
        merge = null;
        done.result().ifPresent(merged -> {
            List<Segment> kept = new ArrayList<>();
            for (Segment segment : newestFirst) {
                if (!done.isOf(segment)) {
                    kept.add(segment);
                } else if (segment.equals(done.newest())) {
                    kept.add(merged);
                }
            }
            newestFirst.clear();
            newestFirst.addAll(kept);
            done.deleteInputs();
        });
    }
}
