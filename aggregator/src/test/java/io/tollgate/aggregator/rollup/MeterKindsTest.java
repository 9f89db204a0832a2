package io.tollgate.aggregator.rollup;

import static io.tollgate.aggregator.Events.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.aggregator.Meters;
import io.tollgate.aggregator.dedup.SeenIds;
import io.tollgate.events.EventIdentity;
import io.tollgate.events.UsageEvent;
import io.tollgate.events.UsageRollup;
import io.tollgate.meters.Aggregation;
import io.tollgate.meters.MeterCatalogue;
import io.tollgate.meters.MeterDefinition;
import io.tollgate.schemas.Codec;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Meters that are not sums, by examples; {@link EventCounterProperties} has the laws. */
class MeterKindsTest {

    private static final MeterCatalogue AN_HOUR = catalogue(
            MeterDefinition.timeWeighted("disk", "byte", Duration.ofHours(1), ""),
            MeterDefinition.of("peak", "request", Aggregation.MAX, ""));

    private final CountedStream job = new CountedStream(AN_HOUR);

    @AfterEach
    void close() {
        job.close();
    }

    /** 100 bytes from 10:05, 300 from 10:20, and nobody says more: a sample counts for an hour. */
    @Test
    void storedBytesBecomeByteSecondsOfEachQuarterOfAnHour() {
        count("1", "10:05:00", Map.of("disk", 100L));
        count("2", "10:20:00", Map.of("disk", 300L));

        assertThat(disk())
                .isEqualTo(Map.of(
                        "10:00", 10 * 60 * 100L,
                        "10:15", 5 * 60 * 100L + 10 * 60 * 300L,
                        "10:30", 15 * 60 * 300L,
                        "10:45", 15 * 60 * 300L,
                        "11:00", 15 * 60 * 300L,
                        "11:15", 5 * 60 * 300L));

        // It turns out that all was deleted at 10:50.
        count("3", "10:50:00.999", Map.of("disk", 0L));

        assertThat(disk())
                .isEqualTo(Map.of(
                        "10:00",
                        10 * 60 * 100L,
                        "10:15",
                        5 * 60 * 100L + 10 * 60 * 300L,
                        "10:30",
                        15 * 60 * 300L,
                        "10:45",
                        5 * 60 * 300L,
                        "11:00",
                        0L,
                        "11:15",
                        0L,
                        "11:30",
                        0L,
                        "11:45",
                        0L));
    }

    @Test
    void aSampleThatIsTakenBackLeavesWhatWouldBeThereWithoutIt() {
        count("1", "10:05:00", Map.of("disk", 100L));
        Map<String, Long> before = disk();
        count("2", "10:20:00", Map.of("disk", 300L));
        UsageEvent reversal = event("3", at("10:20:00"), Map.of("disk", -300L));
        reversal.setReverses(new EventIdentity("test", "2"));
        job.count(reversal);

        Map<String, Long> after = disk();
        after.values().removeIf(total -> total == 0);
        before.values().removeIf(total -> total == 0);
        assertThat(after).isEqualTo(before);
    }

    @Test
    void aWindowThatOnlyASampleReachesHasUsageButNoEvent() {
        count("1", "10:14:00", Map.of("disk", 1L));

        UsageRollup next = job.rollups().stream()
                .filter(rollup -> rollup.getWindowStart().equals(at("10:15:00")))
                .findFirst()
                .orElseThrow();
        assertThat(next.getQuantities()).isEqualTo(Map.of("disk", 900L));
        assertThat(next.getEventCount()).isZero();
        assertThat(next.getVersion()).isOne();
    }

    @Test
    void aSampleThatCouldOverflowIsKeptOut() {
        assertRejected(
                job.count(event("1", at("10:00:00"), Map.of("disk", Gauge.LARGEST_SAMPLE + 1))), "quantity_overflow");
        count("2", "10:00:00", Map.of("disk", Gauge.LARGEST_SAMPLE));
        assertThat(disk()).containsEntry("10:15", Gauge.LARGEST_SAMPLE * 900);
    }

    @Test
    void aRollupHoldsSoManyObservationsAndNoMore(@TempDir Path directory) {
        EventCounter counter = new EventCounter(
                0, 10, key -> null, new SeenIds(directory, 100_000, Duration.ofDays(35)), Meters.OF_EACH_KIND);
        for (int user = 0; user < Observing.MAX_OBSERVATIONS; user++) {
            assertThat(count(counter, "user " + user, Map.of("users", user + (1L << 62))))
                    .isEqualTo(Outcome.Counted.NEW);
        }

        assertRejected(count(counter, "one more", Map.of("users", 1L)), "too_many_observations");
        assertThat(count(counter, "one again", Map.of("users", (1L << 62) + 17)))
                .isEqualTo(Outcome.Counted.NEW);
        counter.drainRollups((key, rollup) -> assertThat(rollup.length).isLessThan(900_000));
    }

    @Test
    void aMeterThatIsCountedOtherwiseThanBeforeIsKeptOutOfItsOldWindows() {
        MeterCatalogue sums = catalogue();
        MeterCatalogue shorter = catalogue(MeterDefinition.timeWeighted("disk", "byte", Duration.ofMinutes(30), ""));
        count("1", "10:05:00", Map.of("disk", 100L, "peak", 7L));
        List<UsageRollup> before = job.rollups();

        job.restart(sums);
        assertRejected(job.count(event("2", at("10:06:00"), Map.of("peak", 8L))), "meter_aggregation_changed");
        assertRejected(job.count(event("3", at("10:16:00"), Map.of("disk", 8L))), "meter_aggregation_changed");
        job.restart(shorter);
        assertRejected(job.count(event("4", at("10:16:00"), Map.of("disk", 8L))), "meter_aggregation_changed");
        assertRejected(job.count(event("5", at("09:59:00"), Map.of("disk", 8L))), "meter_aggregation_changed");
        assertThat(job.rollups()).isEqualTo(before);

        // Where it was not counted before, and of other meters, all is well.
        assertThat(job.count(event("6", at("11:20:00"), Map.of("disk", 8L)))).isEqualTo(Outcome.Counted.NEW);
        assertThat(job.count(event("7", at("10:06:00"), Map.of("input_tokens", 8L))))
                .isEqualTo(Outcome.Counted.NEW);
        job.restart(AN_HOUR);
        assertThat(job.count(event("8", at("10:06:00"), Map.of("disk", 8L)))).isEqualTo(Outcome.Counted.NEW);
    }

    private static void assertRejected(Outcome outcome, String code) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Rejected.class,
                        rejected ->
                                assertThat(rejected.rejection().reason().code()).isEqualTo(code));
    }

    private static Outcome count(EventCounter counter, String id, Map<String, Long> quantities) {
        return counter.count(
                Codec.USAGE_EVENT.encode(event(id, at("10:00:00"), quantities)), CountedStream.ARRIVAL.toEpochMilli());
    }

    private void count(String id, String time, Map<String, Long> quantities) {
        assertThat(job.count(event(id, at(time), quantities))).isEqualTo(Outcome.Counted.NEW);
    }

    /** Byte-seconds by the start of their window. */
    private Map<String, Long> disk() {
        return job.rollups().stream()
                .collect(Collectors.toMap(
                        rollup -> rollup.getWindowStart().toString().substring(11, 16),
                        rollup -> rollup.getQuantities().getOrDefault("disk", 0L),
                        Long::sum,
                        TreeMap::new));
    }

    private static Instant at(String time) {
        return Instant.parse("2023-11-16T%sZ".formatted(time));
    }

    private static MeterCatalogue catalogue(MeterDefinition... meters) {
        return MeterCatalogue.usual().plus(List.of(meters));
    }
}
