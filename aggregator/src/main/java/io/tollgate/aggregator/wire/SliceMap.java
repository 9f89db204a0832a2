package io.tollgate.aggregator.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A hash map whose keys are looked up where they lie in somebody else's bytes, without making an object of them. Open
 * addressing, linear probing. Not for many threads.
 */
public final class SliceMap<T> {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long MIX = 0x9E3779B97F4A7C15L;
    private static final int FIRST_CAPACITY = 64;

    private byte[] @Nullable [] keys = new byte[FIRST_CAPACITY][];
    private @Nullable Object[] values = new Object[FIRST_CAPACITY];
    private int size;

    /** What was put under the same bytes. */
    @SuppressWarnings("unchecked") // only T is put in
    public @Nullable T get(byte[] bytes, Slice slice) {
        return (T) values[slot(bytes, slice.start, slice.length)];
    }

    /** Puts a value under a copy of the bytes. */
    public void put(byte[] bytes, Slice slice, T value) {
        if (size > keys.length / 2) {
            grow();
        }
        int slot = slot(bytes, slice.start, slice.length);
        if (keys[slot] == null) {
            keys[slot] = Arrays.copyOfRange(bytes, slice.start, slice.start + slice.length);
            size++;
        }
        values[slot] = value;
    }

    public int size() {
        return size;
    }

    public void clear() {
        keys = new byte[FIRST_CAPACITY][];
        values = new Object[FIRST_CAPACITY];
        size = 0;
    }

    private int slot(byte[] bytes, int start, int length) {
        int mask = keys.length - 1;
        int slot = (int) hash(bytes, start, length) & mask;
        for (byte[] key = keys[slot]; key != null; key = keys[slot]) {
            if (key.length == length && Arrays.equals(key, 0, length, bytes, start, start + length)) {
                return slot;
            }
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        byte[] @Nullable [] oldKeys = keys;
        @Nullable Object[] oldValues = values;
        keys = new byte[oldKeys.length * 2][];
        values = new Object[oldKeys.length * 2];
        for (int old = 0; old < oldKeys.length; old++) {
            byte[] key = oldKeys[old];
            if (key != null) {
                int slot = slot(key, 0, key.length);
                keys[slot] = key;
                values[slot] = oldValues[old];
            }
        }
    }

    /** Eight bytes at a time. Whoever picks the bytes could make them collide; that costs time, never a wrong answer. */
    private static long hash(byte[] bytes, int start, int length) {
        long hash = length * MIX;
        int at = start;
        int end = start + length;
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            hash = mix(hash ^ (long) LONGS.get(bytes, at));
        }
        long rest = 0;
        for (; at < end; at++) {
            rest = rest << 8 | (bytes[at] & 0xff);
        }
        return mix(hash ^ rest);
    }

    private static long mix(long value) {
        long product = value * MIX;
        return product ^ (product >>> 32);
    }
}
