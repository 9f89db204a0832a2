package io.tollgate.aggregator.dedup;

import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/**
 * A set of 128-bit identities, each with 64 bits of its event's digest: an open-addressing table in one array of longs,
 * 24 bytes a slot, no objects. The identities are hashes already, so their bits place them. Not for many threads.
 */
final class IdTable {

    /** What {@link #find} answers for an identity that is not there. */
    static final long NONE = 0;

    private static final int WORDS = 3;
    private static final int FIRST_SLOTS = 1 << 10;
    private static final int WORDS_BETWEEN_LOOKS = WORDS << 16;

    private final int mostIds;
    private LongBuffer slots;
    private int size;

    /** @param mostIds how many identities it is meant for; it takes more, but not well */
    IdTable(int mostIds) {
        this(mostIds, LongBuffer.allocate(FIRST_SLOTS * WORDS), 0);
    }

    /** A table with slots as {@link #copyTo} filled them. */
    IdTable(int mostIds, LongBuffer slots, int size) {
        this.mostIds = mostIds;
        this.slots = slots;
        this.size = size;
    }

    /** The digest part that the identity was added with, or {@link #NONE}. */
    long find(long high, long low) {
        return slots.get(word(slots, high, low) + 2);
    }

    /**
     * Adds an identity; one that is there gets the new digest.
     *
     * @param digest not {@link #NONE}
     */
    void add(long high, long low, long digest) {
        if (size >= slotCount(slots) / 8 * 5) {
            grow();
        }
        if (put(slots, high, low, digest)) {
            size++;
        }
    }

    int size() {
        return size;
    }

    /** Forgets all, and keeps its slots: what was once as large will be again. */
    void clear() {
        Arrays.fill(slots.array(), NONE);
        size = 0;
    }

    /** How many words so many identities have in a file: as few as are still quick to search. */
    static int compactWords(int size) {
        return compactSlots(size) * WORDS;
    }

    private static int compactSlots(int size) {
        return Math.max(16, (int) (size * 4L / 3));
    }

    long bytes() {
        return (long) slots.capacity() * Long.BYTES;
    }

    /**
     * Puts all into another table's slots, of which there are enough, and into its filter.
     *
     * @param cancelled asked now and then
     * @return whether all was copied: it was not cancelled
     */
    boolean copyTo(LongBuffer target, BloomFilter filter, BooleanSupplier cancelled) {
        for (int word = 0; word < slots.capacity(); word += WORDS) {
            if (word % WORDS_BETWEEN_LOOKS == 0 && cancelled.getAsBoolean()) {
                return false;
            }
            long digest = slots.get(word + 2);
            if (digest != NONE) {
                put(target, slots.get(word), slots.get(word + 1), digest);
                filter.add(slots.get(word), slots.get(word + 1));
            }
        }
        return true;
    }

    private void grow() {
        int wanted = Math.min(slotCount(slots) * 2, roomySlots(mostIds));
        LongBuffer larger = LongBuffer.allocate(Math.max(wanted, roomySlots(size + 1)) * WORDS);
        for (int word = 0; word < slots.capacity(); word += WORDS) {
            if (slots.get(word + 2) != NONE) {
                put(larger, slots.get(word), slots.get(word + 1), slots.get(word + 2));
            }
        }
        slots = larger;
    }

    /** At most five eighths of the slots are taken. */
    private static int roomySlots(int size) {
        return (size / 5 + 1) * 8;
    }

    /** Whether the identity is new. */
    private static boolean put(LongBuffer slots, long high, long low, long digest) {
        int word = word(slots, high, low);
        boolean isNew = slots.get(word + 2) == NONE;
        slots.put(word, high).put(word + 1, low).put(word + 2, digest);
        return isNew;
    }

    /** Where the identity stands, or the free place where it belongs. */
    private static int word(LongBuffer slots, long high, long low) {
        int slotCount = slotCount(slots);
        int slot = (int) (((low >>> 32) * slotCount) >>> 32);
        while (true) {
            int word = slot * WORDS;
            if (slots.get(word + 2) == NONE || (slots.get(word) == high && slots.get(word + 1) == low)) {
                return word;
            }
            slot = slot + 1 == slotCount ? 0 : slot + 1;
        }
    }

    private static int slotCount(LongBuffer slots) {
        return slots.capacity() / WORDS;
    }
}
