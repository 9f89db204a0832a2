package io.tollgate.schemas;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Avro's binary encoding of numbers and texts (Avro 1.12 specification, "Binary encoding") into a buffer that is used
 * again. Nearly all texts of events are ASCII, which needs no bytes of its own before it is written.
 */
final class AvroBytes {

    private static final int USUAL_BYTES = 512;
    /** More than this is not kept: one event in a thousand years must not cost memory for ever. */
    private static final int KEPT_BYTES = 64 << 10;

    private static final int LONG_BYTES_MAX = 10;
    private static final int CONTINUED = 0x80;
    private static final int SEVEN_BITS = 7;

    private byte[] buffer = new byte[USUAL_BYTES];
    private int length;

    void begin(byte[] header) {
        length = 0;
        write(header);
    }

    void write(byte[] bytes) {
        ensure(bytes.length);
        System.arraycopy(bytes, 0, buffer, length, bytes.length);
        length += bytes.length;
    }

    /** Zig-zag, then seven bits a byte, the lowest first. */
    void writeLong(long value) {
        ensure(LONG_BYTES_MAX);
        length = put(value, buffer, length);
    }

    void writeString(String text) {
        int chars = text.length();
        ensure(LONG_BYTES_MAX + chars);
        byte[] into = buffer;
        int at = put(chars, into, length);
        // Above ASCII all characters have a bit in common; one test for the whole text lets the compiler do many at
        // once.
        int all = 0;
        for (int i = 0; i < chars; i++) {
            char next = text.charAt(i);
            all |= next;
            into[at + i] = (byte) next;
        }
        if (all < CONTINUED) {
            length = at + chars;
        } else {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            writeLong(utf8.length);
            write(utf8);
        }
    }

    private static int put(long value, byte[] into, int from) {
        int at = from;
        long rest = (value << 1) ^ (value >> (Long.SIZE - 1));
        while (rest < 0 || rest >= CONTINUED) {
            into[at++] = (byte) (rest | CONTINUED);
            rest >>>= SEVEN_BITS;
        }
        into[at] = (byte) rest;
        return at + 1;
    }

    byte[] take() {
        byte[] all = Arrays.copyOf(buffer, length);
        if (buffer.length > KEPT_BYTES) {
            buffer = new byte[USUAL_BYTES];
        }
        return all;
    }

    private void ensure(int further) {
        if (buffer.length - length < further) {
            buffer = Arrays.copyOf(buffer, Math.max(Math.addExact(length, further), 2 * buffer.length));
        }
    }
}
