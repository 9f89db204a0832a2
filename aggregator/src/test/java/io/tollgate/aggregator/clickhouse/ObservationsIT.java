package io.tollgate.aggregator.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.aggregator.Events;
import io.tollgate.connection.ClickHouseUrl;
import io.tollgate.events.EventDigest;
import io.tollgate.events.MeterObservations;
import io.tollgate.events.Observation;
import io.tollgate.events.UsageRollup;
import io.tollgate.parts.TestParts;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ObservationsIT {

    private final String url = TestParts.freshClickHouseDatabase();

    @Test
    void whatDecidesIsWrittenAndThatAReversalMissed() throws Exception {
        long late = 1_700_158_679_979_960L;
        try (RollupTable table = RollupTable.open(ClickHouseUrl.parse(url))) {
            table.insert(List.of(
                    rollup(
                            "acme",
                            Map.of(
                                    "calls", observations("count"),
                                    "disk", observations("time_weighted", at(late, 5, 1), at(late, 6, -1)),
                                    "peak", observations("max", at(0, 7, 1), at(0, 9, 2), at(0, 11, -1)),
                                    "least", observations("min", at(0, 2, -1), at(0, 3, 1), at(0, 4, 1)),
                                    "seats", observations("latest", at(late - 1, 90, 1), at(late, 17, 1)),
                                    "users",
                                            observations(
                                                    "unique_count",
                                                    at(0, 1, 1),
                                                    at(0, 2, -1),
                                                    at(0, Long.MAX_VALUE, 3)))),
                    rollup("plain", Map.of())));
        }

        assertThat(rows("SELECT o.meter, o.aggregation, toUnixTimestamp64Micro(o.time), o.value"
                        + " FROM rollups FINAL ARRAY JOIN observations AS o ORDER BY o.meter, o.value"))
                .containsExactly(
                        "disk unmatched_reversal " + late + " 6",
                        "least unmatched_reversal 0 2",
                        "least min 0 3",
                        "peak max 0 9",
                        "peak unmatched_reversal 0 11",
                        "seats latest " + late + " 17",
                        "users unique_count 0 1",
                        "users unmatched_reversal 0 2",
                        "users unique_count 0 " + Long.MAX_VALUE);
        assertThat(rows("SELECT tenant, quantities['input_tokens'], event_count, version FROM rollups ORDER BY tenant"))
                .containsExactly("acme 1 1 1", "plain 1 1 1");
    }

    /** Rows of a release before there were observations stay, and have none. */
    @Test
    void aTableOfTheFirstReleaseIsBroughtUpToDate() throws Exception {
        try (RollupTable table = RollupTable.open(ClickHouseUrl.parse(url))) {
            table.insert(List.of(rollup("old", Map.of())));
        }
        execute("ALTER TABLE rollups DROP COLUMN observations");
        execute("DROP TABLE schema_migrations");
        try (RollupTable table = RollupTable.open(ClickHouseUrl.parse(url))) {
            table.insert(List.of(rollup("young", Map.of("peak", observations("max", at(0, 9, 1))))));
        }

        assertThat(rows("SELECT tenant, length(observations) FROM rollups FINAL ORDER BY tenant"))
                .containsExactly("old 0", "young 1");
    }

    private static MeterObservations observations(String aggregation, Observation... values) {
        return new MeterObservations(aggregation, 0, List.of(values));
    }

    private static Observation at(long time, long value, long count) {
        return new Observation(time, value, count);
    }

    private static UsageRollup rollup(String tenant, Map<String, MeterObservations> observations) {
        UsageRollup rollup = UsageRollup.newBuilder()
                .setWindowStart(Instant.parse("2023-11-16T18:15:00Z"))
                .setDimensions(Events.event("", 1, 1).getDimensions())
                .setContextBand(0)
                .setShard(0)
                .setQuantities(Map.of("input_tokens", 1L))
                .setEventCount(1)
                .setDigest(new EventDigest(new byte[16]))
                .setVersion(1)
                .setObservations(observations)
                .build();
        rollup.getDimensions().setTenant(tenant);
        return rollup;
    }

    private void execute(String statement) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:clickhouse:" + url)) {
            connection.createStatement().execute(statement);
        }
    }

    private List<String> rows(String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:clickhouse:" + url);
                ResultSet result = connection.createStatement().executeQuery(query)) {
            List<String> rows = new ArrayList<>();
            int columns = result.getMetaData().getColumnCount();
            while (result.next()) {
                List<String> row = new ArrayList<>();
                for (int column = 1; column <= columns; column++) {
                    row.add(result.getString(column));
                }
                rows.add(String.join(" ", row));
            }
            return rows;
        }
    }
}
