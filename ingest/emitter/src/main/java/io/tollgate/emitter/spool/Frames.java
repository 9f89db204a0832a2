package io.tollgate.emitter.spool;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.zip.CRC32C;

/**
 * How records stand in a segment: eight bytes that tell the format, then frames. A frame is, big endian: marker (4 bytes),
 * length of the body (4), sequence (8), CRC-32C (RFC 3720, appendix B.4) of length, sequence and body (4), body. Pure.
 *
 * <p>The marker lets a reader find the next frame behind a damaged one, whose length cannot be trusted; the sequence
 * within tells how many are missing, and that a frame is where it belongs.
 */
final class Frames {

    static final int HEADER_BYTES = 8;
    static final int OVERHEAD_BYTES = 20;

    private static final long FORMAT = 0x5447_5350_4F4F_4C01L; // TGSPOOL, version 1
    private static final int MARKER = 0x9E54_4752;
    private static final int LENGTH_AT = 4;
    private static final int SEQUENCE_AT = 8;
    private static final int CRC_AT = 16;

    private Frames() {}

    /**
     * Frames that were read.
     *
     * @param records in order
     * @param missing how many sequences are missing before, or between, the records
     * @param damagedPlaces runs of bytes between frames that are no frames
     * @param end where reading ended: behind the last whole frame
     * @param nothingFollows false when reading ended because it had read as much as it should, or as it could
     */
    record Read(List<SpoolRecord> records, long missing, int damagedPlaces, int end, boolean nothingFollows) {}

    static ByteBuffer header() {
        return ByteBuffer.allocate(HEADER_BYTES).putLong(FORMAT).flip();
    }

    static boolean isHeader(byte[] segment) {
        return segment.length >= HEADER_BYTES && ByteBuffer.wrap(segment).getLong() == FORMAT;
    }

    static ByteBuffer frame(long sequence, byte[] body) {
        ByteBuffer frame = ByteBuffer.allocate(OVERHEAD_BYTES + body.length);
        frame.putInt(MARKER).putInt(body.length).putLong(sequence).putInt(0).put(body);
        frame.putInt(CRC_AT, crc(frame.array(), 0, body.length));
        return frame.flip();
    }

    /**
     * Reads frames.
     *
     * @param bytes frames
     * @param from where the first of them should be
     * @param isAll whether the bytes end where the frames do. If not, reading ends before the first place where no whole
     *     frame is: only with what follows can be told whether it is damaged or goes on
     * @param expected the sequence that the first frame should have; frames of earlier ones are none
     * @param maxRecords stops after so many
     * @param maxBodyBytes stops before the bodies are longer than this, but reads one at least
     */
    static Read read(byte[] bytes, int from, boolean isAll, long expected, int maxRecords, long maxBodyBytes) {
        List<SpoolRecord> records = new ArrayList<>();
        long next = expected;
        long missing = 0;
        int damaged = 0;
        int at = from;
        long bodyBytes = 0;
        while (at < bytes.length) {
            if (!isAll && !isFrame(bytes, at, next)) {
                break;
            }
            OptionalInt found = find(bytes, at, next);
            if (found.isEmpty()) {
                break;
            }
            int start = found.getAsInt();
            int length = length(bytes, start);
            if (records.size() == maxRecords || (!records.isEmpty() && bodyBytes + length > maxBodyBytes)) {
                return new Read(records, missing, damaged, at, false);
            }
            damaged += start > at ? 1 : 0;
            long sequence = sequence(bytes, start);
            missing += sequence - next;
            next = sequence + 1;
            at = start + OVERHEAD_BYTES + length;
            bodyBytes += length;
            records.add(new SpoolRecord(sequence, Arrays.copyOfRange(bytes, at - length, at)));
        }
        return new Read(records, missing, damaged, at, isAll);
    }

    /** The first whole frame at or after a place. */
    private static OptionalInt find(byte[] bytes, int from, long next) {
        if (isFrame(bytes, from, next)) {
            return OptionalInt.of(from);
        }
        // If only the body is damaged, the next frame is where this one's length says. Look there first: a body may
        // hold bytes that look like a frame. If it is the length that is damaged, another frame may stand there by
        // chance, and all between would be lost: so it must be the very next.
        if (from + OVERHEAD_BYTES <= bytes.length && intAt(bytes, from) == MARKER) {
            long behind = (long) from + OVERHEAD_BYTES + length(bytes, from);
            if (behind > from
                    && behind < bytes.length
                    && isFrame(bytes, (int) behind, next)
                    && isNextOf(sequence(bytes, (int) behind), next, sequence(bytes, from))) {
                return OptionalInt.of((int) behind);
            }
        }
        for (int at = from + 1; at + OVERHEAD_BYTES <= bytes.length; at++) {
            if (isFrame(bytes, at, next)) {
                return OptionalInt.of(at);
            }
        }
        return OptionalInt.empty();
    }

    /** @param told by the frame itself, whose sequence may be what is damaged */
    private static boolean isNextOf(long sequence, long expected, long told) {
        return sequence == expected + 1 || sequence == told + 1;
    }

    private static boolean isFrame(byte[] bytes, int at, long next) {
        if (at + OVERHEAD_BYTES > bytes.length || intAt(bytes, at) != MARKER) {
            return false;
        }
        int length = length(bytes, at);
        return length >= 0
                && length <= bytes.length - at - OVERHEAD_BYTES
                && sequence(bytes, at) >= next
                && intAt(bytes, at + CRC_AT) == crc(bytes, at, length);
    }

    private static int crc(byte[] bytes, int frameAt, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, frameAt + LENGTH_AT, CRC_AT - LENGTH_AT);
        crc.update(bytes, frameAt + OVERHEAD_BYTES, length);
        return (int) crc.getValue();
    }

    private static int length(byte[] bytes, int frameAt) {
        return intAt(bytes, frameAt + LENGTH_AT);
    }

    private static long sequence(byte[] bytes, int frameAt) {
        return ByteBuffer.wrap(bytes).getLong(frameAt + SEQUENCE_AT);
    }

    private static int intAt(byte[] bytes, int at) {
        return ByteBuffer.wrap(bytes).getInt(at);
    }
}
