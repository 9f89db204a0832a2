package io.tollgate.aggregator.dedup;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Identities on their way into the log that restores {@link SeenIds}: packed, so that a commit writes few records. A
 * chunk is the arrival of its last event in milliseconds, then high, low and digest of each identity, all big endian.
 * Not for many threads.
 */
public final class SeenLog {

    private static final int WORDS = 3;

    /** Below half a megabyte: Kafka's default limit of a record is one. */
    static final int IDS_PER_CHUNK = 20_000;

    private long[] pending = new long[WORDS << 10];
    private int words;
    private long lastArrivalMillis = Long.MIN_VALUE;

    /** Takes chunks. */
    @FunctionalInterface
    public interface Sink {
        void chunk(byte[] chunk);
    }

    /** As {@link SeenIds#add}. */
    public void add(long high, long low, long digest, long arrivalMillis) {
        if (words == pending.length) {
            pending = Arrays.copyOf(pending, words * 2);
        }
        pending[words++] = high;
        pending[words++] = low;
        pending[words++] = digest;
        lastArrivalMillis = Math.max(lastArrivalMillis, arrivalMillis);
    }

    /** Hands out what was added since the last time. */
    public void drain(Sink sink) {
        for (int from = 0; from < words; from += IDS_PER_CHUNK * WORDS) {
            int count = Math.min(words - from, IDS_PER_CHUNK * WORDS);
            ByteBuffer chunk = ByteBuffer.allocate((count + 1) * Long.BYTES);
            chunk.putLong(lastArrivalMillis);
            chunk.asLongBuffer().put(pending, from, count);
            sink.chunk(chunk.array());
        }
        words = 0;
        lastArrivalMillis = Long.MIN_VALUE;
    }

    /**
     * Adds a chunk's identities to those that are known, and forgets what was past the horizon when they came. What is
     * known already is added again: it may be known from a time that will be forgotten sooner.
     */
    public static void restore(byte[] chunk, SeenIds seen) {
        ByteBuffer buffer = ByteBuffer.wrap(chunk);
        long arrivalMillis = buffer.getLong();
        // Or the disk would have to hold twice the horizon, which is how long the log is kept.
        seen.forget(arrivalMillis);
        while (buffer.remaining() >= WORDS * Long.BYTES) {
            seen.add(buffer.getLong(), buffer.getLong(), buffer.getLong(), arrivalMillis);
        }
    }
}
