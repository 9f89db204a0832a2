package io.tollgate.cli.crash;

import io.tollgate.cli.crash.Totals.Total;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The rollups as ClickHouse has them. One connection; not for many threads. */
final class Rollups implements AutoCloseable {

    private static final String KEY =
            "tenant, model, accelerator_type, toUnixTimestamp(window_start) AS window, context_band";

    private final Connection connection;

    /** @param clickhouse {@code http://[user:password@]host:port/database} */
    Rollups(String clickhouse) {
        try {
            // Long enough for a very busy machine, short enough to tell that ClickHouse stands still.
            connection = DriverManager.getConnection("jdbc:clickhouse:" + clickhouse + "?socket_timeout=30000");
        } catch (SQLException e) {
            throw new IllegalStateException("cannot reach ClickHouse", e);
        }
    }

    /** How many events are counted; none as long as there is no table. */
    long counted() {
        try (Statement statement = connection.createStatement()) {
            try (ResultSet exists = statement.executeQuery("EXISTS TABLE rollups")) {
                if (!exists.next() || exists.getInt(1) == 0) {
                    return 0;
                }
            }
            try (ResultSet sum = statement.executeQuery("SELECT sum(event_count) FROM rollups FINAL")) {
                return sum.next() ? sum.getLong(1) : 0;
            }
        } catch (SQLException e) {
            throw new IllegalStateException("ClickHouse does not tell how much is counted", e);
        }
    }

    /** The total of each, over its shards. */
    Map<String, Total> totals() {
        Map<String, Total> totals = new TreeMap<>();
        try (Statement statement = connection.createStatement()) {
            try (ResultSet row = statement.executeQuery(
                    "SELECT " + KEY + ", sum(event_count), toString(sum(digest)) FROM rollups FINAL GROUP BY ALL")) {
                while (row.next()) {
                    Total total = new Total(Map.of(), row.getLong(6), new BigInteger(row.getString(7)));
                    totals.merge(key(row), total, Total::plus);
                }
            }
            try (ResultSet row = statement.executeQuery("SELECT " + KEY + ", meter, sum(amount) FROM rollups FINAL"
                    + " ARRAY JOIN mapKeys(quantities) AS meter, mapValues(quantities) AS amount GROUP BY ALL")) {
                while (row.next()) {
                    Total total = new Total(Map.of(row.getString(6), row.getLong(7)), 0, BigInteger.ZERO);
                    totals.merge(key(row), total, Total::plus);
                }
            }
            try (ResultSet row = statement.executeQuery("SELECT " + KEY
                    + ", concat(each.meter, ' ', each.aggregation, ' ', toString(each.value)) FROM rollups FINAL"
                    + " ARRAY JOIN observations AS each")) {
                while (row.next()) {
                    totals.merge(key(row), Total.ofDecided(Set.of(row.getString(6))), Total::plus);
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("ClickHouse does not tell its rollups", e);
        }
        return totals;
    }

    private static String key(ResultSet row) throws SQLException {
        return key(row.getString(1), row.getString(2), row.getString(3), row.getLong(4), row.getLong(5));
    }

    /** What the load varies, as one text. */
    static String key(String tenant, String model, String accelerator, long windowStartSeconds, long band) {
        return "%s %s %s %d %d".formatted(tenant, model, accelerator, windowStartSeconds, band);
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            // Nothing was written through it.
        }
    }
}
