package io.tollgate.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tollgate.events.Dimensions;
import io.tollgate.events.EventDigest;
import io.tollgate.events.EventIdentity;
import io.tollgate.events.MeterObservations;
import io.tollgate.events.Observation;
import io.tollgate.events.RejectedEvent;
import io.tollgate.events.UsageEvent;
import io.tollgate.events.UsageRollup;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.message.BinaryMessageEncoder;
import org.junit.jupiter.api.Test;

class CodecTest {

    static UsageEvent event() {
        return UsageEvent.newBuilder()
                .setSource("gateway-1")
                .setId("42")
                .setTime(Instant.parse("2023-11-16T18:17:03.979960Z"))
                .setDimensions(dimensions())
                .setContextTokens(4808)
                .setQuantities(Map.of("input_tokens", 4808L))
                .setReverses(new EventIdentity("gateway-1", "41"))
                .build();
    }

    private static Dimensions dimensions() {
        return Dimensions.newBuilder()
                .setTenant("acme")
                .setTags(Map.of("team", "search"))
                .setProvider("openai")
                .setModel("gpt-4o")
                .setAcceleratorType("nvidia-h100")
                .build();
    }

    @Test
    void anEventSurvives() {
        assertThat(Codec.USAGE_EVENT.decode(Codec.USAGE_EVENT.encode(event()))).isEqualTo(event());
    }

    @Test
    void anEventHasTheBytesThatAvrosOwnEncoderWrites() throws IOException {
        Codec.Encoding<UsageEvent> avro = Codec.avro(UsageEvent.getClassSchema());
        Random random = new Random(11);
        for (int i = 0; i < 2_000; i++) {
            UsageEvent event = event();
            event.setId(text(random));
            event.setSource(text(random));
            event.setTime(Instant.ofEpochSecond(
                    random.nextLong(-100_000_000_000L, 100_000_000_000L), random.nextInt(1_000_000_000)));
            event.setContextTokens(random.nextLong());
            event.setQuantities(random.nextBoolean() ? Map.of() : Map.of(text(random), random.nextLong(), "b", -1L));
            event.setReverses(random.nextBoolean() ? null : new EventIdentity(text(random), text(random)));
            event.getDimensions().setRegion(text(random));
            event.getDimensions().setTags(random.nextBoolean() ? Map.of() : Map.of(text(random), text(random)));
            assertThat(Codec.USAGE_EVENT.encode(event))
                    .as("seed 11, event %d", i)
                    .isEqualTo(avro.encode(event));
        }
    }

    /** Long ones too: encoders treat what does not fit their buffer in another way. */
    private static String text(Random random) {
        int length = random.nextInt(20) == 0 ? random.nextInt(6_000) : random.nextInt(12);
        return random.ints(length, 0x20, 0x2_0000)
                .filter(point -> point < 0xD800 || point > 0xDFFF)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    @Test
    void anEventWithoutAMandatoryFieldIsRefused() {
        UsageEvent event = event();
        event.setSource(null);
        assertThatThrownBy(() -> Codec.USAGE_EVENT.encode(event)).isInstanceOf(NullPointerException.class);
        assertThat(Codec.USAGE_EVENT.decode(Codec.USAGE_EVENT.encode(event()))).isEqualTo(event());
    }

    @Test
    void aRollupSurvives() {
        UsageRollup rollup = UsageRollup.newBuilder()
                .setWindowStart(Instant.parse("2023-11-16T18:15:00Z"))
                .setDimensions(dimensions())
                .setContextBand(128_000)
                .setShard(3)
                .setQuantities(Map.of("input_tokens", Long.MAX_VALUE))
                .setEventCount(1)
                .setDigest(new EventDigest(Digest.of(event()).toBytes()))
                .setVersion(1)
                .setObservations(Map.of(
                        "seats",
                        MeterObservations.newBuilder()
                                .setAggregation("max")
                                .setValues(List.of(new Observation(0L, 17L, 2L), new Observation(0L, 19L, -1L)))
                                .build()))
                .build();
        assertThat(Codec.USAGE_ROLLUP.decode(Codec.USAGE_ROLLUP.encode(rollup))).isEqualTo(rollup);
    }

    /** The rollups topic keeps records for ever; a job of today restores what the first release wrote. */
    @Test
    void aRollupOfTheFirstReleaseIsRead() throws IOException {
        Schema first = Objects.requireNonNull(ReleasedSchemas.of("UsageRollup").get(1));
        GenericRecord dimensions =
                new GenericData.Record(first.getField("dimensions").schema());
        for (String field : List.of(
                "tenant",
                "project",
                "provider",
                "model",
                "requestedModel",
                "acceleratorType",
                "region",
                "operation",
                "serviceTier",
                "outcome")) {
            dimensions.put(field, field);
        }
        dimensions.put("tags", Map.of());
        GenericRecord rollup = new GenericData.Record(first);
        rollup.put("windowStart", 1_700_158_500_000L);
        rollup.put("dimensions", dimensions);
        rollup.put("contextBand", 0L);
        rollup.put("shard", 3);
        rollup.put("quantities", Map.of("input_tokens", 5L));
        rollup.put("eventCount", 2L);
        rollup.put("digest", new GenericData.Fixed(first.getField("digest").schema(), new byte[16]));
        rollup.put("version", 2L);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new BinaryMessageEncoder<GenericRecord>(new GenericData(), first).encode(rollup, bytes);

        UsageRollup read = Codec.USAGE_ROLLUP.decode(bytes.toByteArray());

        assertThat(read.getQuantities()).isEqualTo(Map.of("input_tokens", 5L));
        assertThat(read.getObservations()).isEmpty();
        assertThat(read.getVersion()).isEqualTo(2);
    }

    @Test
    void aRejectedEventSurvives() {
        RejectedEvent rejected = RejectedEvent.newBuilder()
                .setReason("undecodable")
                .setDetail("no")
                .setStage("edge")
                .setOrigin("here")
                .setRejectedAt(Instant.EPOCH)
                .setIdentity(null)
                .setOriginal(ByteBuffer.wrap(new byte[] {1, 2, 3}))
                .build();
        assertThat(Codec.REJECTED_EVENT.decode(Codec.REJECTED_EVENT.encode(rejected)))
                .isEqualTo(rejected);
    }

    /** The wire format: marker c3 01, the schema's fingerprint, the record. Other languages' readers rely on it. */
    @Test
    void theBytesStartAsTheSpecificationSays() {
        byte[] bytes = Codec.USAGE_EVENT.encode(event());
        assertThat(HexFormat.of().formatHex(bytes, 0, 10)).isEqualTo("c301d457fcce69a672e5");
    }

    @Test
    void whateverIsCutOffOrAnythingElseIsMalformed() {
        byte[] bytes = Codec.USAGE_EVENT.encode(event());
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> Codec.USAGE_EVENT.decode(cut)).isInstanceOf(MalformedMessageException.class);
        }
        assertThatThrownBy(() -> Codec.USAGE_ROLLUP.decode(bytes)).isInstanceOf(MalformedMessageException.class);
    }

    /** A length that a message claims must not make room for more than the message has. */
    @Test
    void whateverIsChangedIsReadOrMalformed() {
        long seed = System.nanoTime();
        System.out.println("CodecTest seed " + seed);
        Random random = new Random(seed);
        byte[] original = Codec.USAGE_EVENT.encode(event());
        for (int i = 0; i < 200_000; i++) {
            byte[] changed = original.clone();
            for (int changes = random.nextInt(3); changes >= 0; changes--) {
                changed[10 + random.nextInt(changed.length - 10)] = (byte) random.nextInt(256);
            }
            try {
                assertThat(Codec.USAGE_EVENT.decode(changed)).isNotNull();
            } catch (MalformedMessageException expected) {
                assertThat(expected).hasMessageContaining("UsageEvent");
            }
        }
    }
}
