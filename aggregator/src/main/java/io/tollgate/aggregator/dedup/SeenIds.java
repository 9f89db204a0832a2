package io.tollgate.aggregator.dedup;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * The identities that were counted, for as long as a duplicate may still come. Exact. The newest are in memory; when they
 * are many, or span many days, they become a file, and files whose events all arrived before the horizon go whole. An
 * identity is known for the horizon at least, and for one more span at most. Not for many threads.
 */
public final class SeenIds {

    /** What {@link #find} answers for an identity that was not seen. */
    public static final long NONE = IdTable.NONE;

    /** How far apart the arrivals in one file may be: what is past the horizon is kept for so long at most. */
    static final Duration SPAN = Duration.ofDays(4);

    private record Segment(IdFile file, long lastArrivalMillis) {}

    private final Path directory;
    private final int idsInMemory;
    private final long horizonMillis;
    private final Deque<Segment> files = new ArrayDeque<>();

    private IdTable newest = new IdTable();
    private long firstArrivalMillis = Long.MAX_VALUE;
    private long lastArrivalMillis = Long.MIN_VALUE;
    private int filesMade;

    /**
     * @param directory for files; empty, and nobody else's
     * @param idsInMemory how many identities may be in memory before they become a file; some 40 bytes each
     * @param horizon how long after its event's arrival an identity is known
     */
    public SeenIds(Path directory, int idsInMemory, Duration horizon) {
        this.directory = directory;
        this.idsInMemory = idsInMemory;
        this.horizonMillis = horizon.toMillis();
    }

    /** The digest part that the identity was added with, or {@link #NONE}. */
    public long find(long high, long low) {
        long found = newest.find(high, low);
        if (found != NONE) {
            return found;
        }
        // Newest first: most duplicates come soon.
        for (Segment segment : files) {
            found = segment.file.find(high, low);
            if (found != NONE) {
                return found;
            }
        }
        return NONE;
    }

    /**
     * Adds an identity that is not there.
     *
     * @param digest a part of its event's digest, not {@link #NONE}
     */
    public void add(long high, long low, long digest, long arrivalMillis) {
        boolean full = newest.size() >= idsInMemory;
        boolean wide = newest.size() > 0 && arrivalMillis - firstArrivalMillis > SPAN.toMillis();
        if (full || wide) {
            files.addFirst(new Segment(
                    IdFile.write(directory.resolve("seen-%06d.ids".formatted(filesMade++)), newest),
                    lastArrivalMillis));
            newest = new IdTable();
            firstArrivalMillis = Long.MAX_VALUE;
            lastArrivalMillis = Long.MIN_VALUE;
        }
        newest.add(high, low, digest);
        firstArrivalMillis = Math.min(firstArrivalMillis, arrivalMillis);
        lastArrivalMillis = Math.max(lastArrivalMillis, arrivalMillis);
    }

    /** Forgets what is past the horizon, in whole files. */
    public void forget(long nowMillis) {
        for (Iterator<Segment> oldestFirst = files.descendingIterator(); oldestFirst.hasNext(); ) {
            Segment oldest = oldestFirst.next();
            if (oldest.lastArrivalMillis >= nowMillis - horizonMillis) {
                break;
            }
            oldest.file.delete();
            oldestFirst.remove();
        }
        if (newest.size() > 0 && lastArrivalMillis < nowMillis - horizonMillis) {
            newest = new IdTable();
            firstArrivalMillis = Long.MAX_VALUE;
            lastArrivalMillis = Long.MIN_VALUE;
        }
    }

    /** How many identities are known. */
    public long size() {
        return newest.size()
                + files.stream().mapToLong(segment -> segment.file.size()).sum();
    }

    /** Forgets everything and removes its files. */
    public void clear() {
        files.forEach(segment -> segment.file.delete());
        files.clear();
        newest = new IdTable();
        firstArrivalMillis = Long.MAX_VALUE;
        lastArrivalMillis = Long.MIN_VALUE;
    }
}
