package io.tollgate.aggregator.wire;

import io.tollgate.events.UsageEvent;
import io.tollgate.schemas.Codec;
import io.tollgate.schemas.MalformedMessageException;
import io.tollgate.schemas.Utf8;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.avro.SchemaNormalization;

/**
 * A usage event in its Avro bytes: says where each field lies. One object reads one event after the other; what it said
 * of the former one is then void. It makes no objects, so it reads several times as fast as Avro does. Whatever was not
 * written with the present schema goes through Avro, is written anew, and is then read like the rest.
 *
 * <p>Not for many threads.
 */
public final class EventBytes {

    /** More than any vendor's usage body has by far. */
    private static final int MAX_QUANTITIES = 256;

    /** Two marker bytes and the schema's fingerprint, little endian (Avro 1.12, "Single-object encoding"). */
    private static final byte[] HEADER = ByteBuffer.allocate(10)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put((byte) 0xC3)
            .put((byte) 0x01)
            .putLong(SchemaNormalization.parsingFingerprint64(UsageEvent.getClassSchema()))
            .array();

    /** Branches of the union of nothing and a record, zig-zag. */
    private static final byte NO_REVERSAL = 0;

    private static final byte REVERSAL = 2;

    private byte[] bytes = new byte[0];
    private int position;

    private final Slice source = new Slice();
    private final Slice id = new Slice();
    private final Slice dimensions = new Slice();
    private final Slice scratch = new Slice();
    private final Slice reversedSource = new Slice();
    private final Slice reversedId = new Slice();
    private long timeMicros;
    private long contextTokens;
    private boolean reversal;
    private int reversalStart;
    private int quantities;
    private final Slice[] meters = new Slice[MAX_QUANTITIES];
    private final long[] amounts = new long[MAX_QUANTITIES];

    public EventBytes() {
        Arrays.setAll(meters, index -> new Slice());
    }

    /**
     * Turns to an event.
     *
     * @throws MalformedMessageException when the bytes are not a usage event of any released schema
     */
    public void read(byte[] message) {
        if (readPresentSchema(message)) {
            return;
        }
        // Avro knows the other schemas, and says best what is wrong with what is none.
        UsageEvent event = Codec.USAGE_EVENT.decode(message);
        if (!readPresentSchema(Codec.USAGE_EVENT.encode(event))) {
            throw new MalformedMessageException("a usage event with more than %d quantities".formatted(MAX_QUANTITIES));
        }
    }

    /** Whether the message is of the present schema, and whole. */
    private boolean readPresentSchema(byte[] message) {
        if (message.length < HEADER.length || !Arrays.equals(message, 0, HEADER.length, HEADER, 0, HEADER.length)) {
            return false;
        }
        bytes = message;
        position = HEADER.length;
        try {
            readText(source);
            readText(id);
            timeMicros = readNumber();
            readDimensions();
            contextTokens = readNumber();
            return readQuantities() && readReversal() && position == message.length;
        } catch (IndexOutOfBoundsException e) {
            return false;
        }
    }

    /** Tenant, project, tags, and the eight texts from provider to outcome, as one slice. */
    private void readDimensions() {
        dimensions.start = position;
        skipText();
        skipText();
        for (long entries = readBlockCount(); entries > 0; entries = readBlockCount()) {
            for (long entry = 0; entry < entries; entry++) {
                skipText();
                skipText();
            }
        }
        for (int field = 0; field < 8; field++) {
            skipText();
        }
        dimensions.length = position - dimensions.start;
        if (!Utf8.isAscii(bytes, dimensions.start, dimensions.length)) {
            checkDimensions();
        }
    }

    /** Reads them again, text by text: what is no UTF-8 would be replaced, and two sets of dimensions become one. */
    private void checkDimensions() {
        position = dimensions.start;
        readText(scratch);
        readText(scratch);
        for (long entries = readBlockCount(); entries > 0; entries = readBlockCount()) {
            for (long entry = 0; entry < entries; entry++) {
                readText(scratch);
                readText(scratch);
            }
        }
        for (int field = 0; field < 8; field++) {
            readText(scratch);
        }
    }

    private boolean readQuantities() {
        quantities = 0;
        for (long entries = readBlockCount(); entries > 0; entries = readBlockCount()) {
            if (entries > MAX_QUANTITIES - quantities) {
                return false;
            }
            for (long entry = 0; entry < entries; entry++) {
                Slice meter = meters[quantities];
                readText(meter);
                amounts[quantities] = readNumber();
                if (isRepeated(meter)) {
                    // Of a key that a map has twice, Avro keeps the last.
                    return false;
                }
                quantities++;
            }
        }
        return true;
    }

    private boolean isRepeated(Slice meter) {
        for (int i = 0; i < quantities; i++) {
            Slice other = meters[i];
            if (other.length == meter.length
                    && Arrays.equals(
                            bytes,
                            other.start,
                            other.start + other.length,
                            bytes,
                            meter.start,
                            meter.start + meter.length)) {
                return true;
            }
        }
        return false;
    }

    private boolean readReversal() {
        reversalStart = position;
        // Avro reads a branch as an int, of five bytes at most. Whatever is longer than it has to be is left to Avro.
        byte branch = bytes[position++];
        reversal = branch == REVERSAL;
        if (reversal) {
            readText(reversedSource);
            readText(reversedId);
        }
        return reversal || branch == NO_REVERSAL;
    }

    private void readText(Slice text) {
        text.length = readLength();
        text.start = position;
        position += text.length;
        if (!Utf8.isValid(bytes, text.start, text.length)) {
            throw new IndexOutOfBoundsException();
        }
    }

    private void skipText() {
        // Not in one step: += would take the position from before the length was read.
        int length = readLength();
        position += length;
    }

    private int readLength() {
        long length = readNumber();
        if (length < 0 || length > bytes.length - position) {
            throw new IndexOutOfBoundsException();
        }
        return (int) length;
    }

    /** The entries of a map's next block; a negative count is followed by the block's size in bytes. */
    private long readBlockCount() {
        long entries = readNumber();
        if (entries == Long.MIN_VALUE) {
            // Negated it would be itself, and pass for the end of the map.
            throw new IndexOutOfBoundsException();
        }
        if (entries < 0) {
            // The block's size in bytes follows, which nobody needs here; but Avro refuses a negative one.
            if (readNumber() < 0) {
                throw new IndexOutOfBoundsException();
            }
            return -entries;
        }
        return entries;
    }

    /** Avro's variable-length zig-zag coding of a long. */
    private long readNumber() {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            byte next = bytes[position++];
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
        throw new IndexOutOfBoundsException();
    }

    /** The bytes that the slices are of. */
    public byte[] bytes() {
        return bytes;
    }

    public Slice source() {
        return source;
    }

    public Slice id() {
        return id;
    }

    /** Where the record begins, after the marker and the schema's fingerprint; its first field is the source. */
    public int recordStart() {
        return HEADER.length;
    }

    /** Where the record's last field begins, the union that tells whether it is a reversal, and of what. */
    public int reversalStart() {
        return reversalStart;
    }

    /** When the usage happened, in microseconds since 1970. */
    public long timeMicros() {
        return timeMicros;
    }

    /** All dimensions, as they were written: equal ones may differ in the order of their tags. */
    public Slice dimensions() {
        return dimensions;
    }

    public long contextTokens() {
        return contextTokens;
    }

    /** Whether it takes back another event; only then are the two slices of that one's identity of use. */
    public boolean isReversal() {
        return reversal;
    }

    public Slice reversedSource() {
        return reversedSource;
    }

    public Slice reversedId() {
        return reversedId;
    }

    /** How many quantities there are, each of another meter. */
    public int quantities() {
        return quantities;
    }

    /** The meter's name. */
    public Slice meter(int index) {
        return meters[index];
    }

    public long amount(int index) {
        return amounts[index];
    }
}
