package io.tollgate.aggregator.rollup;

import org.jspecify.annotations.Nullable;

/** Rollups by series, window and band, found without making a key. Not for many threads. */
final class RollupMap {

    private static final int FIRST_CAPACITY = 1 << 10;
    private static final long MIX = 0x9E3779B97F4A7C15L;

    private long[] keys = new long[FIRST_CAPACITY];
    private @Nullable Rollup[] rollups = new Rollup[FIRST_CAPACITY];
    private int size;

    /** A series index has 31 bits, a window's number 29 bits until the year 17285, a band's number 3 bits. */
    static long key(Series series, long window, int band) {
        return (long) series.index() << 32 | window << 3 | band;
    }

    @Nullable Rollup get(long key) {
        return rollups[slot(key)];
    }

    /** Puts a rollup where none is. */
    void put(long key, Rollup rollup) {
        if (size > keys.length / 2) {
            grow();
        }
        int slot = slot(key);
        keys[slot] = key;
        rollups[slot] = rollup;
        size++;
    }

    int size() {
        return size;
    }

    void clear() {
        keys = new long[FIRST_CAPACITY];
        rollups = new Rollup[FIRST_CAPACITY];
        size = 0;
    }

    private int slot(long key) {
        int mask = keys.length - 1;
        long mixed = key * MIX;
        int slot = (int) (mixed ^ mixed >>> 32) & mask;
        while (rollups[slot] != null && keys[slot] != key) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        long[] oldKeys = keys;
        @Nullable Rollup[] oldRollups = rollups;
        keys = new long[oldKeys.length * 2];
        rollups = new Rollup[oldKeys.length * 2];
        for (int old = 0; old < oldKeys.length; old++) {
            if (oldRollups[old] != null) {
                int slot = slot(oldKeys[old]);
                keys[slot] = oldKeys[old];
                rollups[slot] = oldRollups[old];
            }
        }
    }
}
