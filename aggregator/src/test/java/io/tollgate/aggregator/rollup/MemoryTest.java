package io.tollgate.aggregator.rollup;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.aggregator.Events;
import io.tollgate.aggregator.dedup.SeenIds;
import io.tollgate.events.UsageEvent;
import io.tollgate.meters.MeterCatalogue;
import io.tollgate.schemas.Codec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is at hand is bounded, whether or not anything is counted. */
class MemoryTest {

    private static final int IN_MEMORY = 10;

    private final Map<String, byte[]> stored = new TreeMap<>();
    private final SeenIds seen;
    private final EventCounter counter;

    MemoryTest(@TempDir Path directory) {
        seen = new SeenIds(directory, 1_000, Duration.ofDays(35));
        counter = new EventCounter(
                0, IN_MEMORY, key -> stored.get(HexFormat.of().formatHex(key)), seen, MeterCatalogue.usual());
    }

    @AfterEach
    void close() {
        seen.clear();
    }

    @Test
    void conflictsLeaveNothingBehind() {
        assertThat(count("same", "project", 1)).isEqualTo(Outcome.Counted.NEW);
        commit();
        for (int i = 0; i < 1_000; i++) {
            assertThat(count("same", "project-" + i, 1)).isInstanceOf(Outcome.Rejected.class);
        }
        assertThat(counter.extent()).isLessThan(3 * IN_MEMORY);
        assertThat(count("other", "project", 2)).isEqualTo(Outcome.Counted.NEW);
        commit();
        assertThat(stored.values())
                .singleElement()
                .satisfies(
                        rollup -> assertThat(Codec.USAGE_ROLLUP.decode(rollup).getQuantities())
                                .isEqualTo(Map.of("requests", 3L)));
    }

    @Test
    void whatIsNotStoredYetStays() {
        for (int i = 0; i < 100; i++) {
            assertThat(count("event-" + i, "project-" + i, 1)).isEqualTo(Outcome.Counted.NEW);
        }
        commit();
        assertThat(stored).hasSize(100);
        assertThat(counter.extent()).isZero();
    }

    private Outcome count(String id, String project, long requests) {
        UsageEvent event = Events.event(id, Events.NOON, Map.of("requests", requests));
        event.getDimensions().setProject(project);
        return counter.count(Codec.USAGE_EVENT.encode(event), CountedStream.ARRIVAL.toEpochMilli());
    }

    private void commit() {
        counter.drainRollups((key, rollup) -> stored.put(HexFormat.of().formatHex(key), rollup));
    }
}
