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
        long rest = (value << 1) ^ (value >> (Long.SIZE - 1));
        byte[] into = buffer;
        int at = length;
        while (rest < 0 || rest >= CONTINUED) {
            into[at++] = (byte) (rest | CONTINUED);
            rest >>>= SEVEN_BITS;
        }
        into[at] = (byte) rest;
        length = at + 1;
    }

    void writeString(String text) {
        int chars = text.length();
        int begun = length;
        writeLong(chars);
        ensure(chars);
        byte[] into = buffer;
        int at = length;
        for (int i = 0; i < chars; i++) {
            char next = text.charAt(i);
            if (next >= CONTINUED) {
                length = begun;
                writeUtf8(text.getBytes(StandardCharsets.UTF_8));
                return;
            }
            into[at + i] = (byte) next;
        }
        length = at + chars;
    }

    private void writeUtf8(byte[] text) {
        writeLong(text.length);
        write(text);
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
