package io.tollgate.aggregator.topology;

import static io.tollgate.aggregator.Events.NOON;
import static io.tollgate.aggregator.Events.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.events.Dimensions;
import io.tollgate.events.EventIdentity;
import io.tollgate.events.RejectedEvent;
import io.tollgate.events.UsageEvent;
import io.tollgate.events.UsageRollup;
import io.tollgate.schemas.Codec;
import io.tollgate.schemas.Digest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UsageTopologyTest {

    private static final Instant ARRIVAL = Instant.parse("2026-03-01T00:00:00Z");
    private static final Duration HORIZON = Duration.ofDays(35);

    private final TopologyDriver job = new TopologyDriver(new TopologyConfig(HORIZON, 1_000, 1_000), ARRIVAL);

    @AfterEach
    void close() {
        job.close();
    }

    @Test
    void eventsOfOneWindowAndSeriesAddUp() {
        UsageEvent first = event("1", 100, 7);
        UsageEvent second = event("2", 50, 3);
        job.send(first, ARRIVAL);
        job.send(second, ARRIVAL);

        UsageRollup rollup = onlyRollup();
        assertThat(rollup.getQuantities()).isEqualTo(Map.of("input_tokens", 150L, "output_tokens", 10L));
        assertThat(rollup.getEventCount()).isEqualTo(2);
        assertThat(rollup.getWindowStart()).isEqualTo(NOON);
        assertThat(Digest.ofBytes(rollup.getDigest().bytes()))
                .isEqualTo(Digest.of(first).plus(Digest.of(second)));
    }

    @Test
    void aDuplicateChangesNothingAndIsCounted() {
        job.send(event("1", 100, 7), ARRIVAL);
        UsageRollup before = onlyRollup();
        job.send(event("1", 100, 7), ARRIVAL.plus(Duration.ofDays(34)));

        assertThat(onlyRollup()).isEqualTo(before);
        assertThat(job.rejected()).isEmpty();
        assertThat(job.metrics.counter("events.duplicate").getCount()).isOne();
    }

    @Test
    void anIdentityWithOtherContentIsAConflictAndKeepsItsBytes() {
        UsageEvent counted = event("1", 100, 7);
        UsageEvent other = event("1", 100, 8);
        job.send(counted, ARRIVAL);
        UsageRollup before = onlyRollup();
        job.send(other, ARRIVAL);

        assertThat(onlyRollup()).isEqualTo(before);
        RejectedEvent rejected = onlyRejected("identity_conflict");
        assertThat(rejected.getDetail())
                .contains(
                        Digest.of(counted).toString().substring(0, 16),
                        Digest.of(other).toString().substring(0, 16));
        assertThat(rejected.getOriginal().array()).isEqualTo(Codec.USAGE_EVENT.encode(other));
        assertThat(rejected.getIdentity()).isEqualTo(new EventIdentity("test", "1"));
    }

    @Test
    void identitiesThatOnlyReadAlikeAreNotTheSame() {
        UsageEvent left = event("bc", 1, 0);
        left.setSource("a");
        UsageEvent right = event("c", 1, 0);
        right.setSource("ab");
        job.send(left, ARRIVAL);
        job.send(right, ARRIVAL);

        assertThat(onlyRollup().getEventCount()).isEqualTo(2);
    }

    @Test
    void anEventOfThePastLandsInItsOwnWindowWheneverItComes() {
        job.send(event("now", ARRIVAL, Map.of("input_tokens", 1L)), ARRIVAL);
        job.send(event("old", Instant.parse("2023-11-16T18:17:03.979960Z"), Map.of("input_tokens", 2L)), ARRIVAL);

        assertThat(job.rollups())
                .extracting(UsageRollup::getWindowStart)
                .containsExactlyInAnyOrder(ARRIVAL, Instant.parse("2023-11-16T18:15:00Z"));
    }

    @Test
    void anEventFromTheFutureIsKeptOutAndClosesNothingForTheRest() {
        Instant ahead = ARRIVAL.plus(Duration.ofHours(24));
        job.send(event("late", ahead.plusMillis(1), Map.of("input_tokens", 1L)), ARRIVAL);
        onlyRejected("time_in_future");
        job.send(event("just", ahead, Map.of("input_tokens", 1L)), ARRIVAL);
        job.send(event("rest", NOON, Map.of("input_tokens", 1L)), ARRIVAL);

        assertThat(job.rollups()).hasSize(2);
        assertThat(job.rejected()).isEmpty();
    }

    @Test
    void bytesThatAreNoEventGoToTheRejectedTopicAsTheyCame() {
        byte[] soup = "not avro".getBytes(StandardCharsets.UTF_8);
        job.send(soup, ARRIVAL);
        job.send(new byte[0], ARRIVAL);
        job.send(event("good", 1, 1), ARRIVAL);

        List<RejectedEvent> rejected = job.rejected();
        assertThat(rejected).extracting(RejectedEvent::getReason).containsExactly("undecodable", "undecodable");
        assertThat(rejected.get(0).getOriginal().array()).isEqualTo(soup);
        assertThat(rejected.get(0).getOrigin()).isEqualTo("usage-events-0@0");
        assertThat(onlyRollup().getEventCount()).isOne();
    }

    /** Its last byte, which says that it is no reversal, in six bytes: more than Avro reads of an int. */
    @Test
    void anEventThatIsNearlyOneDoesNotStopThePartition() {
        byte[] good = Codec.USAGE_EVENT.encode(event("poison", 1, 1));
        byte[] poison = Arrays.copyOf(good, good.length + 5);
        Arrays.fill(poison, good.length - 1, poison.length - 1, (byte) 0x80);
        job.send(poison, ARRIVAL);
        job.send(event("good", 1, 1), ARRIVAL);

        assertThat(onlyRejected("undecodable").getOriginal().array()).isEqualTo(poison);
        assertThat(onlyRollup().getEventCount()).isOne();
    }

    /** A reader would take both names for U+FFFD, one meter, whose total would then be -2. */
    @Test
    void namesThatAreNoUtf8AreNotTakenForOneMeter() {
        byte[] message = Codec.USAGE_EVENT.encode(event("1", NOON, Map.of("A", Long.MAX_VALUE, "B", Long.MAX_VALUE)));
        for (int i = 1; i < message.length - 1; i++) {
            if (message[i - 1] == 2 && message[i + 1] == -2 && (message[i] == 'A' || message[i] == 'B')) {
                message[i] = (byte) (message[i] == 'A' ? 0xF8 : 0xF9);
            }
        }
        job.send(message, ARRIVAL);

        onlyRejected("undecodable");
        assertThat(job.rollups()).isEmpty();
    }

    @Test
    void dimensionsAndIdentitiesThatAreNoUtf8AreKeptOut() {
        UsageEvent text = event("QQQQ-id", 1, 1);
        text.setSource("QQQQ-source");
        text.getDimensions().setModel("größer QQQQ-model");
        text.setReverses(new EventIdentity("QQQQ-reversed", "QQQQ-other"));
        byte[] message = Codec.USAGE_EVENT.encode(text);
        String signs = new String(message, StandardCharsets.ISO_8859_1);
        int found = 0;
        for (int place = signs.indexOf("QQQQ"); place >= 0; place = signs.indexOf("QQQQ", place + 1)) {
            byte[] damaged = message.clone();
            damaged[place + 1] = (byte) 0xF8;
            job.send(damaged, ARRIVAL);
            onlyRejected("undecodable");
            found++;
        }
        assertThat(found).isEqualTo(5);
        job.send(message, ARRIVAL);
        assertThat(onlyRollup().getEventCount()).isOne();
    }

    @Test
    void anEventMayHaveMoreMetersThanMostDo() {
        UsageEvent wide = event(
                "1",
                NOON,
                Map.of("m1", 1L, "m2", 2L, "m3", 3L, "m4", 4L, "m5", 5L, "m6", 6L, "m7", 7L, "m8", 8L, "m9", 9L));
        job.send(wide, ARRIVAL);

        assertThat(onlyRollup().getQuantities()).isEqualTo(wide.getQuantities());
    }

    @Test
    void aTotalThatWouldOverflowIsKeptOutWhole() {
        job.send(event("1", NOON, Map.of("requests", Long.MAX_VALUE)), ARRIVAL);
        UsageRollup before = onlyRollup();
        job.send(event("2", NOON, Map.of("requests", 1L, "output_tokens", 1L)), ARRIVAL);

        assertThat(onlyRollup()).isEqualTo(before);
        onlyRejected("quantity_overflow");
    }

    @Test
    void onlyAReversalMayTakeBack() {
        job.send(event("1", 100, 7), ARRIVAL);
        job.send(event("2", NOON, Map.of("input_tokens", -100L)), ARRIVAL);
        onlyRejected("negative_quantity");

        UsageEvent reversal = event("reversal of 1", NOON, Map.of("input_tokens", -100L, "output_tokens", -7L));
        reversal.setReverses(new EventIdentity("test", "1"));
        job.send(reversal, ARRIVAL);

        assertThat(onlyRollup().getQuantities()).isEqualTo(Map.of("input_tokens", 0L, "output_tokens", 0L));
        assertThat(onlyRollup().getEventCount()).isEqualTo(2);
    }

    @Test
    void aLongPromptIsInABandOfItsOwn() {
        job.send(event("1", 128_000, 1), ARRIVAL);
        job.send(event("2", 128_001, 1), ARRIVAL);
        job.send(event("3", 600_000, 1), ARRIVAL);

        assertThat(job.rollups())
                .extracting(UsageRollup::getContextBand)
                .containsExactlyInAnyOrder(0L, 128_000L, 512_000L);
    }

    @Test
    void theOrderInWhichTagsAreWrittenDoesNotMatter() {
        job.send(tagged("1", Map.of("team", "a", "env", "b", "cost_center", "c")), ARRIVAL);
        java.util.LinkedHashMap<String, String> otherOrder = new java.util.LinkedHashMap<>();
        otherOrder.put("env", "b");
        otherOrder.put("cost_center", "c");
        otherOrder.put("team", "a");
        job.send(tagged("2", otherOrder), ARRIVAL);

        assertThat(onlyRollup().getEventCount()).isEqualTo(2);
    }

    @Test
    void identitiesAreForgottenOnlyPastTheHorizon() {
        Instant later = ARRIVAL.plus(HORIZON.plusDays(1));
        job.send(event("old", 1, 1), ARRIVAL);
        job.send(event("young", 1, 1), ARRIVAL.plus(Duration.ofDays(20)));
        job.send(event("new", 1, 1), later);
        assertThat(job.seenIdentities()).isEqualTo(2);

        job.send(event("young", 1, 1), later);
        assertThat(onlyRollup().getEventCount()).isEqualTo(3);
        job.send(event("old", 1, 1), later);
        assertThat(onlyRollup().getEventCount()).isEqualTo(4);
    }

    @Test
    void aDuplicateWithinTheHorizonIsKnownThoughTheJobWorksOffABacklog() {
        job.send(event("1", 1, 1), ARRIVAL);
        job.passTime(HORIZON.multipliedBy(2));
        job.send(event("1", 1, 1), ARRIVAL.plus(Duration.ofDays(1)));

        assertThat(onlyRollup().getEventCount()).isOne();
    }

    private static UsageEvent tagged(String id, Map<String, String> tags) {
        UsageEvent event = event(id, 1, 1);
        Dimensions dimensions = event.getDimensions();
        dimensions.setTags(tags);
        return event;
    }

    private UsageRollup onlyRollup() {
        assertThat(job.rollups()).hasSize(1);
        return job.rollups().get(0);
    }

    private RejectedEvent onlyRejected(String reason) {
        List<RejectedEvent> rejected = job.rejected();
        assertThat(rejected).extracting(RejectedEvent::getReason).containsExactly(reason);
        return rejected.get(0);
    }
}
