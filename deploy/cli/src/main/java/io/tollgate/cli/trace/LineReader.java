package io.tollgate.cli.trace;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/**
 * Splits bytes into physical lines that end in LF, CRLF or the end of the file, and drops a UTF-8 byte order mark. It
 * never holds more than one line, and of a line never more than {@link #KEPT_BYTES}.
 */
final class LineReader implements Lines {

    /** A longer line is not looked into. */
    static final int MAX_BYTES = 1 << 20;

    /** What is kept of a bad line: the topic of rejected events takes records of 20 MiB, the reason and detail included. */
    static final int KEPT_BYTES = (20 << 20) - (1 << 16);

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final InputStream in;
    private final byte[] chunk = new byte[1 << 16];
    private int position;
    private int limit;
    private long number;

    LineReader(InputStream in) {
        this.in = in;
    }

    @Override
    public Optional<RawLine> next() throws IOException {
        if (position == limit && !fill()) {
            return Optional.empty();
        }
        // One more than allowed, because the last byte may be the CR of the line end.
        Kept kept = new Kept(KEPT_BYTES + 1);
        boolean ended = false;
        while (!ended && (position < limit || fill())) {
            int end = indexOfLineFeed();
            kept.add(chunk, position, end - position);
            ended = end < limit;
            position = ended ? end + 1 : end;
        }
        number++;
        return Optional.of(line(kept));
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private RawLine line(Kept kept) {
        byte[] bytes = kept.bytes();
        long length = kept.length;
        if (length == bytes.length && length > 0 && bytes[bytes.length - 1] == '\r') {
            length--;
        }
        int from = 0;
        if (number == 1 && startsWithByteOrderMark(bytes)) {
            from = BYTE_ORDER_MARK.length;
            length -= from;
        }
        int size = (int) Math.min(length, Math.min(KEPT_BYTES, bytes.length - from));
        return new RawLine(number, length, Arrays.copyOfRange(bytes, from, from + size));
    }

    private static boolean startsWithByteOrderMark(byte[] bytes) {
        int size = BYTE_ORDER_MARK.length;
        return bytes.length >= size && Arrays.equals(bytes, 0, size, BYTE_ORDER_MARK, 0, size);
    }

    private int indexOfLineFeed() {
        int at = position;
        while (at < limit && chunk[at] != '\n') {
            at++;
        }
        return at;
    }

    private boolean fill() throws IOException {
        position = 0;
        limit = Math.max(0, in.read(chunk));
        return limit > 0;
    }

    /** The beginning of a line and its whole length. */
    private static final class Kept {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
        private final int most;
        private long length;

        Kept(int most) {
            this.most = most;
        }

        void add(byte[] from, int offset, int count) {
            bytes.write(from, offset, Math.min(count, most - bytes.size()));
            length += count;
        }

        byte[] bytes() {
            return bytes.toByteArray();
        }
    }
}
