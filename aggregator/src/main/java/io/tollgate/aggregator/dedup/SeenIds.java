package io.tollgate.aggregator.dedup;

import io.tollgate.aggregator.dedup.Segments.Segment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * The identities that were counted, for as long as a duplicate may still come. Exact. The newest are in memory; when they
 * are many, or span many days, they become a file, and files whose events all arrived before the horizon go whole. An
 * identity is known for the horizon at least, and for one more span at most. Not for many threads.
 */
public final class SeenIds {

    /** What {@link #find} answers for an identity that was not seen. */
    public static final long NONE = IdTable.NONE;

    /** How far apart the arrivals in one file may be: what is past the horizon is kept for so long at most. */
    static final Duration SPAN = Duration.ofDays(7);

    /**
     * How large it is.
     *
     * @param heapBytes tables and filters in memory
     */
    public record Extent(long idsInMemory, long idsInFiles, long fileBytes, long heapBytes) {

        public static final Extent NOTHING = new Extent(0, 0, 0, 0);

        /** Both together. */
        public Extent plus(Extent other) {
            return new Extent(
                    idsInMemory + other.idsInMemory,
                    idsInFiles + other.idsInFiles,
                    fileBytes + other.fileBytes,
                    heapBytes + other.heapBytes);
        }
    }

    /** One for all sets of this process: merging is for later questions, and must leave the processors to today's. */
    private static final Executor MERGES = background("seen-ids-merge");
    /** Apart, so that a table need not wait for the merge of large files before its slots are free again. */
    private static final Executor WRITES = background("seen-ids-write");

    private final Path directory;
    private final int idsInMemory;
    private final long horizonMillis;
    private final Segments files;

    private final Executor writes;

    private IdTable newest;
    private @Nullable Writing writing;
    private @Nullable IdTable spare;
    private long firstArrivalMillis = Long.MAX_VALUE;
    private long lastArrivalMillis = Long.MIN_VALUE;
    private long additions;

    /**
     * @param directory for files; empty, and nobody else's
     * @param idsInMemory how many identities may be in memory before they become a file; some 80 bytes each, as the next
     *     table fills while one is being written
     * @param horizon how long after its event's arrival an identity is known
     */
    public SeenIds(Path directory, int idsInMemory, Duration horizon) {
        this(directory, idsInMemory, horizon, MERGES, WRITES);
    }

    SeenIds(Path directory, int idsInMemory, Duration horizon, Executor merges, Executor writes) {
        this.directory = directory;
        this.idsInMemory = idsInMemory;
        this.horizonMillis = horizon.toMillis();
        this.files = new Segments(directory, SPAN, merges);
        this.writes = writes;
        this.newest = new IdTable(idsInMemory);
    }

    /** What was put away by {@link #save}. It is taken out: unless it is saved again, nothing is there. */
    public static SeenIds load(Path directory, int idsInMemory, Duration horizon, SeenSnapshot snapshot) {
        SeenIds seen = new SeenIds(directory, idsInMemory, horizon);
        SeenSnapshot.delete(directory);
        for (SeenSnapshot.Entry entry : snapshot.files()) {
            Path file = directory.resolve(entry.file());
            if (entry.growing()) {
                seen.newest = IdFile.take(file, entry.ids(), idsInMemory);
                seen.firstArrivalMillis = entry.firstArrivalMillis();
                seen.lastArrivalMillis = entry.lastArrivalMillis();
                seen.files.numbersFrom(entry.file());
            } else {
                seen.files.addOldest(new Segment(
                        IdFile.open(file, entry.ids()), entry.firstArrivalMillis(), entry.lastArrivalMillis()));
            }
        }
        return seen;
    }

    /** The digest part that the identity was added with, or {@link #NONE}. */
    public long find(long high, long low) {
        long found = newest.find(high, low);
        if (found == NONE && writing != null) {
            found = writing.table().find(high, low);
        }
        return found != NONE ? found : files.find(high, low);
    }

    /**
     * Adds an identity. One that is there is known from now on as if it were new.
     *
     * @param digest a part of its event's digest, not {@link #NONE}
     */
    public void add(long high, long low, long digest, long arrivalMillis) {
        boolean full = newest.size() >= idsInMemory;
        boolean wide = newest.size() > 0 && arrivalMillis - firstArrivalMillis > SPAN.toMillis();
        if (writing != null && (full || wide || writing.isDone())) {
            takeWritten(writing);
        }
        if (full || wide) {
            startWriting();
        }
        newest.add(high, low, digest);
        additions++;
        firstArrivalMillis = Math.min(firstArrivalMillis, arrivalMillis);
        lastArrivalMillis = Math.max(lastArrivalMillis, arrivalMillis);
    }

    /** Forgets what is past the horizon, in whole files. */
    public void forget(long nowMillis) {
        if (nowMillis < Long.MIN_VALUE + horizonMillis) {
            // Nothing has arrived yet. Less the horizon it would be a time far ahead.
            return;
        }
        long before = nowMillis - horizonMillis;
        if (writing != null && (writing.isDone() || writing.lastArrivalMillis() < before)) {
            takeWritten(writing);
        }
        files.forgetBefore(before);
        if (newest.size() > 0 && lastArrivalMillis < before) {
            newest.clear();
            nothingHasArrived();
        }
    }

    /** How many identities are known. */
    public long size() {
        Extent extent = extent();
        return extent.idsInMemory + extent.idsInFiles;
    }

    /** How many identities were ever added to this object: as long as it is the same, nothing was. */
    public long additions() {
        return additions;
    }

    /** How large it is. */
    public Extent extent() {
        List<Extent> parts = new ArrayList<>();
        files.forEach(segment -> {
            IdFile file = segment.file();
            parts.add(new Extent(0, file.size(), file.fileBytes(), file.filterBytes()));
        });
        parts.add(new Extent(newest.size(), 0, 0, newest.bytes()));
        if (writing != null) {
            parts.add(new Extent(writing.table().size(), 0, 0, writing.table().bytes()));
        }
        if (spare != null) {
            parts.add(new Extent(0, 0, 0, spare.bytes()));
        }
        return parts.stream().reduce(Extent.NOTHING, Extent::plus);
    }

    /**
     * Puts everything away so that {@link #load} finds it, also after a loss of power. This object is of no use
     * afterwards.
     *
     * @param offset how far in its log it is
     * @throws RuntimeException when something cannot be written, or could not be before; nothing is there then
     */
    public void save(long offset) {
        if (writing != null) {
            try {
                takeWritten(writing);
            } catch (RuntimeException e) {
                clear();
                throw e;
            }
        }
        files.settle();
        List<SeenSnapshot.Entry> entries = new ArrayList<>();
        if (newest.size() > 0) {
            Segment growing =
                    files.writer(newest, firstArrivalMillis, lastArrivalMillis).get();
            entries.add(entry(growing, true));
        }
        files.forEach(segment -> entries.add(entry(segment, false)));
        new SeenSnapshot(offset, entries).write(directory);
    }

    /** Forgets everything and removes its files. */
    public void clear() {
        Writing unneeded = writing;
        writing = null;
        if (unneeded != null) {
            unneeded.abandon();
        }
        files.clear();
        spare = null;
        newest = new IdTable(idsInMemory);
        nothingHasArrived();
    }

    /** The table becomes a file in another thread; meanwhile it is asked where it is, and another one fills. */
    private void startWriting() {
        writing = Writing.of(newest, lastArrivalMillis, files.writer(newest, firstArrivalMillis, lastArrivalMillis));
        writes.execute(writing.file());
        newest = spare == null ? new IdTable(idsInMemory) : spare;
        spare = null;
        nothingHasArrived();
    }

    /** Puts the file, once it is there, in the place of the table it was written from, whose slots are free again. */
    private void takeWritten(Writing done) {
        // Where this fails the table stays, is still asked, and fails again: what it holds is in no file.
        Segment written = done.segment();
        writing = null;
        files.addNewest(written);
        done.table().clear();
        spare = done.table();
    }

    private void nothingHasArrived() {
        firstArrivalMillis = Long.MAX_VALUE;
        lastArrivalMillis = Long.MIN_VALUE;
    }

    private static SeenSnapshot.Entry entry(Segment segment, boolean growing) {
        IdFile file = segment.file();
        file.force();
        return new SeenSnapshot.Entry(
                file.name(), file.size(), segment.firstArrivalMillis(), segment.lastArrivalMillis(), growing);
    }

    private static Executor background(String name) {
        return Executors.newSingleThreadExecutor(work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        });
    }
}
