package io.tollgate.aggregator.dedup;

import java.nio.LongBuffer;

/**
 * A set of 128-bit identities, each with 64 bits of its event's digest: an open-addressing table in one array of longs,
 * 24 bytes a slot, no objects. The identities are hashes already, so their bits place them. Not for many threads.
 */
final class IdTable {

    /** What {@link #find} answers for an identity that is not there. */
    static final long NONE = 0;

    private static final int WORDS = 3;
    private static final int FIRST_SLOTS = 1 << 10;

    private LongBuffer slots;
    private int size;

    IdTable() {
        this(LongBuffer.allocate(FIRST_SLOTS * WORDS), 0);
    }

    /** A table as {@link #compact} made it. */
    IdTable(LongBuffer slots, int size) {
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
            slots = copied(slotCount(slots) * 2);
        }
        if (put(slots, high, low, digest)) {
            size++;
        }
    }

    int size() {
        return size;
    }

    /** The same in as few slots as are still quick to search: the form to keep on disk. */
    LongBuffer compact() {
        return copied(compactSlots(size));
    }

    /** How many words {@link #compact} makes of so many identities. */
    static int compactWords(int size) {
        return compactSlots(size) * WORDS;
    }

    private static int compactSlots(int size) {
        return Math.max(16, (int) (size * 4L / 3));
    }

    long bytes() {
        return (long) slots.capacity() * Long.BYTES;
    }

    /** Calls for each identity, in no order. */
    void forEach(Visitor visitor) {
        for (int word = 0; word < slots.capacity(); word += WORDS) {
            if (slots.get(word + 2) != NONE) {
                visitor.visit(slots.get(word), slots.get(word + 1), slots.get(word + 2));
            }
        }
    }

    @FunctionalInterface
    interface Visitor {
        void visit(long high, long low, long digest);
    }

    private LongBuffer copied(int slotCount) {
        LongBuffer copy = LongBuffer.allocate(slotCount * WORDS);
        forEach((high, low, digest) -> put(copy, high, low, digest));
        return copy;
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
