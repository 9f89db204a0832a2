package io.tollgate.schemas;

import io.tollgate.events.Dimensions;
import io.tollgate.events.EventDigest;
import io.tollgate.events.EventIdentity;
import io.tollgate.events.MeterObservations;
import io.tollgate.events.Observation;
import io.tollgate.events.RejectedEvent;
import io.tollgate.events.UsageEvent;
import io.tollgate.events.UsageRollup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.message.SchemaStore;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/**
 * Avro single-object encoding of one record type (Avro 1.12 specification, "Single-object encoding"): two marker bytes,
 * the writer schema's 64-bit fingerprint, the record. It needs no schema registry, because readers carry every released
 * schema. Safe for use by many threads.
 */
public final class Codec<T extends SpecificRecordBase> {

    public static final Codec<UsageEvent> USAGE_EVENT =
            new Codec<>(UsageEvent.getClassSchema(), UsageEventEncoder::encode);
    public static final Codec<UsageRollup> USAGE_ROLLUP =
            new Codec<>(UsageRollup.getClassSchema(), avro(UsageRollup.getClassSchema()));
    public static final Codec<RejectedEvent> REJECTED_EVENT =
            new Codec<>(RejectedEvent.getClassSchema(), avro(RejectedEvent.getClassSchema()));

    /** Two marker bytes and the writer schema's fingerprint, little endian. */
    static final int HEADER_BYTES = 10;

    private final String name;
    private final SchemaStore.Cache writers;
    private final Encoding<T> encoding;
    private final BinaryMessageDecoder<T> decoder;

    private Codec(Schema schema, Encoding<T> encoding) {
        this.name = schema.getName();
        this.encoding = encoding;
        this.writers = new SchemaStore.Cache();
        ReleasedSchemas.of(schema.getName()).values().forEach(writers::addSchema);
        writers.addSchema(schema);
        this.decoder = new BinaryMessageDecoder<>(new OwnClasses(), schema, writers);
    }

    /** Encodes a record whose mandatory fields are all set. */
    public byte[] encode(T message) {
        try {
            return encoding.encode(message);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Decodes a record that was written with the present or any released schema.
     *
     * @throws MalformedMessageException when the bytes are anything else, or go on after the record
     */
    public T decode(byte[] bytes) {
        Schema writer = writerOf(bytes);
        if (!WireCheck.fits(writer, ByteBuffer.wrap(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES))) {
            throw new MalformedMessageException("a damaged or incomplete " + name);
        }
        try {
            return decoder.decode(bytes);
        } catch (IOException | RuntimeException e) {
            throw new MalformedMessageException("not a " + name + ": " + e.getMessage(), e);
        }
    }

    private Schema writerOf(byte[] bytes) {
        if (bytes.length < HEADER_BYTES || bytes[0] != (byte) 0xC3 || bytes[1] != (byte) 0x01) {
            throw new MalformedMessageException("not a single-object encoded " + name);
        }
        long fingerprint = ByteBuffer.wrap(bytes, 2, Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong();
        Schema writer = writers.findByFingerprint(fingerprint);
        if (writer == null) {
            throw new MalformedMessageException("not of any known schema of " + name);
        }
        return writer;
    }

    @FunctionalInterface
    interface Encoding<T> {
        byte[] encode(T message) throws IOException;
    }

    /** Avro's own, for any record. */
    static <T extends SpecificRecordBase> Encoding<T> avro(Schema schema) {
        BinaryMessageEncoder<T> encoder = new BinaryMessageEncoder<>(new OwnClasses(), schema);
        return message -> {
            Written bytes = new Written();
            encoder.encode(message, bytes);
            return bytes.take();
        };
    }

    /** Names the record classes itself, so that users need not widen Avro's list of trusted packages. */
    private static final class OwnClasses extends SpecificData {

        private static final Map<String, Class<?>> CLASSES = Stream.of(
                        Dimensions.class,
                        EventDigest.class,
                        EventIdentity.class,
                        MeterObservations.class,
                        Observation.class,
                        RejectedEvent.class,
                        UsageEvent.class,
                        UsageRollup.class)
                .collect(Collectors.toUnmodifiableMap(Class::getName, Function.identity()));

        OwnClasses() {
            addLogicalTypeConversion(new TimeConversions.TimestampMicrosConversion());
            addLogicalTypeConversion(new TimeConversions.TimestampMillisConversion());
        }

        @Override
        @SuppressWarnings("rawtypes") // as in the method it overrides
        public @Nullable Class getClass(Schema schema) {
            return switch (schema.getType()) {
                case RECORD, FIXED -> CLASSES.get(schema.getFullName());
                default -> super.getClass(schema);
            };
        }
    }
}
