package io.tollgate.aggregator.clickhouse;

import io.tollgate.aggregator.rollup.EventFacts;
import io.tollgate.aggregator.wire.EventBytes;
import io.tollgate.aggregator.wire.Slice;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;

/**
 * Rows of the table {@code events}, as an Avro object container file (Avro 1.12, "Object Container Files").
 *
 * <p>Avro writes the fields of a nested record as if they were fields of the outer one. So the bytes of an event, copied
 * as they are, are the later fields of a flat row, and nobody has to take them apart but ClickHouse. Only the reversal,
 * its last field, is rewritten: a union of nothing and a record becomes two texts.
 */
final class EventRows {

    /** The present event's fields under the names of the columns, after those that the archive adds. */
    private static final Schema SCHEMA = schema();

    private static final byte[] MAGIC = {'O', 'b', 'j', 1};
    /** Any sixteen bytes do: what they mark are blocks of a damaged file, and here is one block. */
    private static final byte[] SYNC = "tollgate archive".getBytes(StandardCharsets.US_ASCII);
    /** The most that is added to an event's own bytes. */
    private static final int MOST_ADDED_BYTES = 80;
    /** The last second that ClickHouse's DateTime can tell, in 2106. */
    private static final long LAST_SECOND = 0xFFFF_FFFFL;

    private byte[] block = new byte[1 << 16];
    private int length;
    private int rows;

    /** Names of the columns, in order. */
    static List<String> columns() {
        return SCHEMA.getFields().stream().map(Schema.Field::name).toList();
    }

    void add(int shard, long offset, long arrivalMillis, EventBytes event, EventFacts facts) {
        byte[] bytes = event.bytes();
        reserve(bytes.length + MOST_ADDED_BYTES);
        number(shard);
        number(offset);
        number(arrivalMillis);
        number(windowStart(facts));
        number(facts.contextBand());
        littleEndian(facts.digestLow());
        littleEndian(facts.digestHigh());
        copy(bytes, event.recordStart(), event.reversalStart());
        if (event.isReversal()) {
            text(bytes, event.reversedSource());
            text(bytes, event.reversedId());
        } else {
            number(0);
            number(0);
        }
        rows++;
    }

    int rows() {
        return rows;
    }

    int bytes() {
        return length;
    }

    void clear() {
        length = 0;
        rows = 0;
    }

    /** The whole file. */
    void writeTo(OutputStream out) throws IOException {
        EventRows head = new EventRows();
        head.copy(MAGIC, 0, MAGIC.length);
        head.number(1);
        head.text("avro.schema");
        head.text(SCHEMA.toString());
        head.number(0);
        head.copy(SYNC, 0, SYNC.length);
        head.number(rows);
        head.number(length);
        out.write(head.block, 0, head.length);
        out.write(block, 0, length);
        out.write(SYNC);
    }

    /** 1970 for a time that has no window in ClickHouse; the job rejects such an event. */
    private static long windowStart(EventFacts facts) {
        long seconds = facts.windowStartSeconds();
        return seconds < 0 || seconds > LAST_SECOND ? 0 : seconds;
    }

    private void text(byte[] bytes, Slice slice) {
        number(slice.length());
        copy(bytes, slice.start(), slice.start() + slice.length());
    }

    private void text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        number(bytes.length);
        copy(bytes, 0, bytes.length);
    }

    private void copy(byte[] bytes, int from, int to) {
        reserve(to - from);
        System.arraycopy(bytes, from, block, length, to - from);
        length += to - from;
    }

    /** Avro's variable-length zig-zag coding of a long, in ten bytes at most. */
    private void number(long value) {
        reserve(10);
        long rest = (value << 1) ^ (value >> 63);
        while ((rest & ~0x7FL) != 0) {
            block[length++] = (byte) ((rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        block[length++] = (byte) rest;
    }

    /** ClickHouse reads wide integers as they lie in memory. */
    private void littleEndian(long value) {
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            block[length++] = (byte) (value >>> shift);
        }
    }

    private void reserve(int count) {
        if (block.length - length < count) {
            block = Arrays.copyOf(block, Math.max(block.length * 2, length + count));
        }
    }

    private static Schema schema() {
        try (InputStream in = EventRows.class.getResourceAsStream("events.avsc")) {
            if (in == null) {
                throw new IllegalStateException("missing resource events.avsc");
            }
            return new Schema.Parser().parse(in);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read events.avsc", e);
        }
    }
}
