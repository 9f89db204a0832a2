package io.tollgate.aggregator.rollup;

import io.tollgate.events.Dimensions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Map;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/**
 * What a rollup is the total of.
 *
 * @param windowStart start of the 15-minute window
 * @param dimensions with tags in key order, so that equal keys have equal bytes
 * @param contextBand see {@link ContextBand}
 * @param shard the input partition
 */
record RollupKey(Instant windowStart, Dimensions dimensions, long contextBand, int shard) {

    /** Equal keys have equal bytes: the key of the state store and of the rollups topic. */
    byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
        try {
            encoder.writeLong(windowStart.getEpochSecond());
            encoder.writeLong(contextBand);
            encoder.writeInt(shard);
            encoder.writeString(dimensions.getTenant());
            encoder.writeString(dimensions.getProject());
            encoder.writeInt(dimensions.getTags().size());
            for (Map.Entry<String, String> tag : dimensions.getTags().entrySet()) {
                encoder.writeString(tag.getKey());
                encoder.writeString(tag.getValue());
            }
            encoder.writeString(dimensions.getProvider());
            encoder.writeString(dimensions.getModel());
            encoder.writeString(dimensions.getRequestedModel());
            encoder.writeString(dimensions.getAcceleratorType());
            encoder.writeString(dimensions.getRegion());
            encoder.writeString(dimensions.getOperation());
            encoder.writeString(dimensions.getServiceTier());
            encoder.writeString(dimensions.getOutcome());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
