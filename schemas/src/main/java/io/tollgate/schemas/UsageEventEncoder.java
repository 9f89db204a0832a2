package io.tollgate.schemas;

import io.tollgate.events.Dimensions;
import io.tollgate.events.EventIdentity;
import io.tollgate.events.UsageEvent;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Map;
import org.apache.avro.SchemaNormalization;

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
    private static final int END_OF_MAP = 0;

    private static final ThreadLocal<AvroBytes> BYTES = ThreadLocal.withInitial(AvroBytes::new);

    private UsageEventEncoder() {}

    static byte[] encode(UsageEvent event) {
        AvroBytes out = BYTES.get();
        out.begin(HEADER);
        out.writeString(event.getSource());
        out.writeString(event.getId());
        out.writeLong(micros(event.getTime()));
        dimensions(event.getDimensions(), out);
        out.writeLong(event.getContextTokens());
        Map<String, Long> quantities = event.getQuantities();
        if (!quantities.isEmpty()) {
            out.writeLong(quantities.size());
            for (Map.Entry<String, Long> quantity : quantities.entrySet()) {
                out.writeString(quantity.getKey());
                out.writeLong(quantity.getValue());
            }
        }
        out.writeLong(END_OF_MAP);
        EventIdentity reverses = event.getReverses();
        out.writeLong(reverses == null ? 0 : 1);
        if (reverses != null) {
            out.writeString(reverses.getSource());
            out.writeString(reverses.getId());
        }
        return out.take();
    }

    private static void dimensions(Dimensions dimensions, AvroBytes out) {
        out.writeString(dimensions.getTenant());
        out.writeString(dimensions.getProject());
        Map<String, String> tags = dimensions.getTags();
        if (!tags.isEmpty()) {
            out.writeLong(tags.size());
            for (Map.Entry<String, String> tag : tags.entrySet()) {
                out.writeString(tag.getKey());
                out.writeString(tag.getValue());
            }
        }
        out.writeLong(END_OF_MAP);
        out.writeString(dimensions.getProvider());
        out.writeString(dimensions.getModel());
        out.writeString(dimensions.getRequestedModel());
        out.writeString(dimensions.getAcceleratorType());
        out.writeString(dimensions.getRegion());
        out.writeString(dimensions.getOperation());
        out.writeString(dimensions.getServiceTier());
        out.writeString(dimensions.getOutcome());
    }

    private static long micros(Instant time) {
        return Math.addExact(
                Math.multiplyExact(time.getEpochSecond(), MICROS_PER_SECOND), time.getNano() / NANOS_PER_MICRO);
    }
}
