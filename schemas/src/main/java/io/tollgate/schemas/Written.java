package io.tollgate.schemas;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** Bytes that are taken once. Avro keeps the stream that a thread wrote to last: it must not keep many megabytes. */
final class Written extends ByteArrayOutputStream {

    private static final int USUAL_BYTES = 256;
    private static final byte[] NOTHING = {};

    Written() {
        super(USUAL_BYTES);
    }

    byte[] take() {
        byte[] all = count == buf.length ? buf : Arrays.copyOf(buf, count);
        buf = NOTHING;
        count = 0;
        return all;
    }
}
