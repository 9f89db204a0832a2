package io.tollgate.schemas;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.apache.avro.Schema;

/**
 * Walks over bytes as a schema says and finds out whether they are all there, before Avro's reader makes room for what
 * they claim to hold: a length of two gigabytes in a message of a hundred bytes must not cost two gigabytes.
 */
final class WireCheck {

    private static final int MOST_INT_BYTES = 5;

    private final ByteBuffer bytes;

    private WireCheck(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    /** Whether the bytes are one datum of the schema, and nothing after it. */
    static boolean fits(Schema schema, ByteBuffer bytes) {
        try {
            WireCheck check = new WireCheck(bytes.slice());
            check.skip(schema);
            return !check.bytes.hasRemaining();
        } catch (BufferUnderflowException e) {
            return false;
        }
    }

    private void skip(Schema schema) {
        switch (schema.getType()) {
            case NULL -> {}
            case BOOLEAN -> skip(1);
            case INT, ENUM -> readInt();
            case LONG -> readNumber();
            case FLOAT -> skip(Float.BYTES);
            case DOUBLE -> skip(Double.BYTES);
            case BYTES, STRING -> skip(readNumber());
            case FIXED -> skip(schema.getFixedSize());
            case RECORD -> schema.getFields().forEach(field -> skip(field.schema()));
            case UNION -> skip(schema.getTypes().get(readIndex(schema.getTypes().size())));
            case ARRAY -> skipBlocks(() -> skip(schema.getElementType()));
            case MAP ->
                skipBlocks(() -> {
                    skip(readNumber());
                    skip(schema.getValueType());
                });
        }
    }

    private void skipBlocks(Runnable skipEntry) {
        for (long entries = readNumber(); entries != 0; entries = readNumber()) {
            if (entries < 0) {
                entries = -entries;
                readNumber();
            }
            // No entry of ours takes less than a byte.
            if (entries < 0 || entries > bytes.remaining()) {
                throw new BufferUnderflowException();
            }
            for (long entry = 0; entry < entries; entry++) {
                skipEntry.run();
            }
        }
    }

    private void skip(long count) {
        if (count < 0 || count > bytes.remaining()) {
            throw new BufferUnderflowException();
        }
        bytes.position(bytes.position() + (int) count);
    }

    private int readIndex(int size) {
        int index = readInt();
        if (index < 0 || index >= size) {
            throw new BufferUnderflowException();
        }
        return index;
    }

    /** Avro reads five bytes of an int at most, so a longer coding of even a small one is none. */
    private int readInt() {
        int start = bytes.position();
        long value = readNumber();
        if (bytes.position() - start > MOST_INT_BYTES || value != (int) value) {
            throw new BufferUnderflowException();
        }
        return (int) value;
    }

    /** Avro's variable-length zig-zag coding of a long. */
    private long readNumber() {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            byte next = bytes.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
        throw new BufferUnderflowException();
    }
}
