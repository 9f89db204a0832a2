package io.tollgate.aggregator.rollup;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.aggregator.Events;
import io.tollgate.aggregator.dedup.SeenIds;
import io.tollgate.events.UsageEvent;
import io.tollgate.meters.Aggregation;
import io.tollgate.meters.MeterCatalogue;
import io.tollgate.meters.MeterDefinition;
import io.tollgate.schemas.Codec;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is let in, a rollup's record stays below Kafka's usual megabyte. */
class RecordSizeTest {

    private static final int MEGABYTE = 1_048_576;
    /** Bytes of what stands beside the project, and more. */
    private static final int OTHER_DIMENSIONS = 80;

    private static final Duration HOLD = Duration.ofHours(1);

    private static final MeterCatalogue METERS = MeterCatalogue.usual()
            .plus(List.of(
                    MeterDefinition.timeWeighted("disk", "byte", HOLD, ""),
                    MeterDefinition.of("users", "user", Aggregation.UNIQUE_COUNT, ""),
                    MeterDefinition.of("seats", "seat", Aggregation.LATEST, "")));

    private final CountedStream job = new CountedStream(METERS);

    @AfterEach
    void close() {
        job.close();
    }

    @Test
    void dimensionsHaveALimit() {
        UsageEvent event = Events.event("1", 1, 1);
        event.getDimensions().setProject("p".repeat(EventCheck.MAX_DIMENSIONS - OTHER_DIMENSIONS));
        assertThat(job.count(event)).isEqualTo(Outcome.Counted.NEW);

        event.getDimensions().setProject("p".repeat(EventCheck.MAX_DIMENSIONS));
        assertRejected(event, RejectionReason.DIMENSIONS_TOO_LARGE);
    }

    @Test
    void theNameOfAMeterHasALimitAndIsNotRepeated() {
        assertThat(count("1", Map.of("m".repeat(EventCheck.MAX_METER_NAME), 1L)))
                .isEqualTo(Outcome.Counted.NEW);
        UsageEvent negative = Events.event("2", Events.NOON, Map.of("m".repeat(900_000), -1L));
        assertRejected(negative, RejectionReason.METER_NAME_TOO_LONG);
    }

    @Test
    void whatADetailRepeatsIsCut() {
        assertThat(new Rejection(RejectionReason.UNDECODABLE, "x".repeat(1_000_000)).detail())
                .hasSize(1_001);
    }

    @Test
    void aRollupHasSoManyMetersAndNoMore() {
        for (int i = 0; i < Rollup.MAX_METERS; i += 250) {
            assertThat(count("event-" + i, meters(i, 250))).isEqualTo(Outcome.Counted.NEW);
        }
        assertThat(count("another", meters(0, 250))).isEqualTo(Outcome.Counted.NEW);
        job.restart();
        assertRejected(
                Events.event("more", Events.NOON, meters(Rollup.MAX_METERS - 1, 2)), RejectionReason.TOO_MANY_METERS);
        assertRejected(Events.event("users", Events.NOON, Map.of("users", 1L)), RejectionReason.TOO_MANY_METERS);
        assertThat(count("again", meters(1, 250))).isEqualTo(Outcome.Counted.NEW);
        assertThat(job.rollups().get(0).getEventCount()).isEqualTo(6);
    }

    /** The sample is of the window before, but holds into the one that is full. */
    @Test
    void aSampleDoesNotHoldIntoAFullRollup() {
        for (int i = 0; i < Rollup.MAX_METERS; i += 250) {
            count("event-" + i, meters(i, 250));
        }
        assertRejected(
                Events.event("sample", Events.NOON.minus(HOLD).plusSeconds(60), Map.of("disk", 1L)),
                RejectionReason.TOO_MANY_METERS);
        assertThat(job.rollups()).hasSize(1);
    }

    @Test
    void theLargestRecordIsBelowAMegabyte(@TempDir Path directory) {
        SeenIds seen = new SeenIds(directory, 100_000, Duration.ofDays(35));
        EventCounter counter = new EventCounter(0, 10, key -> null, seen, METERS);
        for (int i = 0; i < Observing.MAX_OBSERVATIONS; i++) {
            countLarge(counter, "seat-" + i, Map.of("seats", Long.MAX_VALUE - i), i);
        }
        for (int i = 0; i < Rollup.MAX_METERS - 250; i += 250) {
            Map<String, Long> quantities = meters(i, 250);
            quantities.replaceAll((name, one) -> Long.MAX_VALUE);
            countLarge(counter, "meters-" + i, quantities, 0);
        }
        List<Integer> sizes = new ArrayList<>();
        counter.drainRollups((key, rollup) -> sizes.add(key.length + rollup.length));
        seen.clear();
        System.out.println("RecordSizeTest: the largest record has bytes " + sizes);
        assertThat(sizes).singleElement().satisfies(size -> assertThat(size).isBetween(MEGABYTE / 2, MEGABYTE));
    }

    private static void countLarge(EventCounter counter, String id, Map<String, Long> quantities, int micros) {
        UsageEvent event = Events.event(id, Events.NOON.plus(micros, ChronoUnit.MICROS), quantities);
        event.getDimensions().setProject("p".repeat(EventCheck.MAX_DIMENSIONS - OTHER_DIMENSIONS));
        assertThat(counter.count(Codec.USAGE_EVENT.encode(event), CountedStream.ARRIVAL.toEpochMilli()))
                .isEqualTo(Outcome.Counted.NEW);
    }

    private Outcome count(String id, Map<String, Long> quantities) {
        return job.count(Events.event(id, Events.NOON, quantities));
    }

    private void assertRejected(UsageEvent event, RejectionReason reason) {
        assertThat(job.count(event))
                .isInstanceOfSatisfying(
                        Outcome.Rejected.class,
                        rejected -> assertThat(rejected.rejection().reason()).isEqualTo(reason));
    }

    /** With names as long as may be. */
    private static Map<String, Long> meters(int from, int count) {
        return IntStream.range(from, from + count)
                .boxed()
                .collect(Collectors.toMap(
                        number -> "%05d".formatted(number) + "m".repeat(EventCheck.MAX_METER_NAME - 5), number -> 1L));
    }
}
