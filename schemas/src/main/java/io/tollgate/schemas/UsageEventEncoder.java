package io.tollgate.schemas;

import io.tollgate.events.EventIdentity;
import io.tollgate.events.UsageEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Map;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/**
 * Writes what Avro's own encoder writes, field by field in the schema's order instead of by looking each one up, in a
 * fourth of the time: a source pays it for every event. A test holds its bytes against Avro's.
 */
final class UsageEventEncoder {

    private static final byte[] HEADER = ByteBuffer.allocate(Codec.HEADER_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put((byte) 0xC3)
            .put((byte) 0x01)
            .putLong(SchemaNormalization.parsingFingerprint64(UsageEvent.getClassSchema()))
            .array();
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final int NANOS_PER_MICRO = 1_000;

    private static final ThreadLocal<BinaryEncoder> ENCODER =
            ThreadLocal.withInitial(() -> EncoderFactory.get().binaryEncoder(new Written(), null));

    private UsageEventEncoder() {}

    static byte[] encode(UsageEvent event) throws IOException {
        Written bytes = new Written();
        bytes.write(HEADER, 0, HEADER.length);
        BinaryEncoder out = EncoderFactory.get().binaryEncoder(bytes, ENCODER.get());
        out.writeString(event.getSource());
        out.writeString(event.getId());
        out.writeLong(micros(event.getTime()));
        event.getDimensions().customEncode(out);
        out.writeLong(event.getContextTokens());
        quantities(event.getQuantities(), out);
        EventIdentity reverses = event.getReverses();
        if (reverses == null) {
            out.writeIndex(0);
        } else {
            out.writeIndex(1);
            reverses.customEncode(out);
        }
        out.flush();
        return bytes.take();
    }

    private static void quantities(Map<String, Long> quantities, BinaryEncoder out) throws IOException {
        out.writeMapStart();
        out.setItemCount(quantities.size());
        for (Map.Entry<String, Long> quantity : quantities.entrySet()) {
            out.startItem();
            out.writeString(quantity.getKey());
            out.writeLong(quantity.getValue());
        }
        out.writeMapEnd();
    }

    private static long micros(Instant time) {
        return Math.addExact(
                Math.multiplyExact(time.getEpochSecond(), MICROS_PER_SECOND), time.getNano() / NANOS_PER_MICRO);
    }
}
