package io.tollgate.aggregator.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.aggregator.Events;
import io.tollgate.connection.ClickHouseUrl;
import io.tollgate.events.EventDigest;
import io.tollgate.events.UsageRollup;
import io.tollgate.parts.TestParts;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UnmergedPartsIT {

    private static final int ROLLUPS = 50;

    private final ClickHouseUrl url = ClickHouseUrl.parse(TestParts.freshClickHouseDatabase());

    @Test
    void readersSeeTheNewestVersionWhilePartsAreUnmerged() {
        try (RollupTable table = RollupTable.open(url);
                ClickHouse clickhouse = ClickHouse.connect(url)) {
            clickhouse.execute("SYSTEM STOP MERGES rollups");
            for (long version : List.of(2L, 7L, 1L, 5L, 7L)) {
                table.insert(rollups(version));
            }
            assertThat(number(clickhouse, "SELECT toInt64(count()) AS n FROM rollups"))
                    .as("nothing was merged")
                    .isEqualTo(5 * ROLLUPS);
            assertThat(number(clickhouse, "SELECT toInt64(count()) AS n FROM rollups FINAL"))
                    .isEqualTo(ROLLUPS);
            assertThat(number(clickhouse, "SELECT sum(event_count) AS n FROM rollups FINAL"))
                    .isEqualTo(7L * ROLLUPS);
            assertThat(number(clickhouse, "SELECT sum(quantities['input_tokens']) AS n FROM rollups FINAL"))
                    .isEqualTo(70L * ROLLUPS);
            assertThat(number(clickhouse, """
                            SELECT sum(newest) AS n FROM
                            (SELECT argMax(event_count, version) AS newest FROM rollups GROUP BY tenant, window_start)""")).isEqualTo(7L * ROLLUPS);
        }
    }

    private static List<UsageRollup> rollups(long version) {
        return IntStream.range(0, ROLLUPS)
                .mapToObj(i -> UsageRollup.newBuilder()
                        .setWindowStart(Events.NOON.plusSeconds(900L * i))
                        .setDimensions(Events.event("", 1, 1).getDimensions())
                        .setContextBand(0)
                        .setShard(0)
                        .setQuantities(Map.of("input_tokens", 10 * version))
                        .setEventCount(version)
                        .setDigest(new EventDigest(new byte[16]))
                        .setVersion(version)
                        .setObservations(Map.of())
                        .build())
                .toList();
    }

    private static long number(ClickHouse clickhouse, String query) {
        return clickhouse.rows(query).get(0).getLong("n");
    }
}
