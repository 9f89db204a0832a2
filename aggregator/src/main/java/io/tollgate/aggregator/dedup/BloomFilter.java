package io.tollgate.aggregator.dedup;

import java.nio.LongBuffer;

/**
 * A blocked Bloom filter (Putze, Sanders, Singler: "Cache-, Hash- and Space-Efficient Bloom Filters", 2007): all bits of
 * an identity lie in one block of 512 bits, so asking costs one cache miss. With 16 bits an identity about 1 in 200
 * questions about what is not in it is answered "perhaps". "No" is always right.
 */
final class BloomFilter {

    private static final int BITS_PER_ID = 16;
    private static final int WORDS_PER_BLOCK = 8;
    private static final int BITS_PER_BLOCK = WORDS_PER_BLOCK * Long.SIZE;
    /** Nine bits of the identity choose one of a block's bits; seven such choices fit in a long. */
    private static final int CHOICES = 7;

    private final long[] words;
    private final int blocks;

    BloomFilter(int ids) {
        this(new long[wordCount(ids)]);
    }

    /** A filter as {@link #words} told it. */
    BloomFilter(long[] words) {
        this.words = words;
        this.blocks = words.length / WORDS_PER_BLOCK;
    }

    /** How many words the filter of so many identities has. */
    static int wordCount(int ids) {
        return ((int) ((long) ids * BITS_PER_ID / BITS_PER_BLOCK) + 1) * WORDS_PER_BLOCK;
    }

    /** All that there is to know of it. */
    LongBuffer words() {
        return LongBuffer.wrap(words);
    }

    void add(long high, long low) {
        int block = block(high);
        long choices = low;
        for (int choice = 0; choice < CHOICES; choice++) {
            int bit = (int) choices & (BITS_PER_BLOCK - 1);
            words[block + (bit >>> 6)] |= 1L << bit;
            choices >>>= 9;
        }
    }

    /** False only when the identity was never added. */
    boolean mayContain(long high, long low) {
        int block = block(high);
        long choices = low;
        for (int choice = 0; choice < CHOICES; choice++) {
            int bit = (int) choices & (BITS_PER_BLOCK - 1);
            if ((words[block + (bit >>> 6)] & 1L << bit) == 0) {
                return false;
            }
            choices >>>= 9;
        }
        return true;
    }

    long bytes() {
        return (long) words.length * Long.BYTES;
    }

    /** The first word of the identity's block: the high half scaled to the number of blocks. */
    private int block(long high) {
        return (int) (((high >>> 32) * blocks) >>> 32) * WORDS_PER_BLOCK;
    }
}
