package io.tollgate.invoicing.clickhouse;

import com.zaxxer.hikari.HikariDataSource;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.UsageUnavailableException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;

/** The archive of events in ClickHouse: what was kept out, and what is behind the rollups. */
public final class ClickHouseArchive {

    /** More tenants than anybody looks at; the first ones block the close as well as all would. */
    private static final int TENANTS_MAX = 10_000;

    /** Of no identity that is counted by now. */
    private static final String UNSETTLED = "SELECT reason, count() AS events FROM rejected_events FINAL"
            + " WHERE rejected_at >= fromUnixTimestamp64Milli(toInt64(?))"
            + " AND rejected_at < fromUnixTimestamp64Milli(toInt64(?))"
            + " AND (id = '' OR (source, id) NOT IN (SELECT toString(source), id FROM accepted_events"
            + "   WHERE id IN (SELECT id FROM rejected_events WHERE id != '')))"
            + " GROUP BY reason";

    private static final String LAG = "SELECT tenant, sum(archived) - sum(rolled_up) AS missing FROM ("
            + "   SELECT toString(tenant) AS tenant, toInt64(count()) AS archived, toInt64(0) AS rolled_up"
            + "   FROM accepted_events"
            + "   WHERE window_start >= toDateTime(?, 'UTC') AND window_start < toDateTime(?, 'UTC') GROUP BY tenant"
            + "   UNION ALL"
            + "   SELECT toString(tenant) AS tenant, toInt64(0), sum(event_count) FROM rollups FINAL"
            + "   WHERE window_start >= toDateTime(?, 'UTC') AND window_start < toDateTime(?, 'UTC') GROUP BY tenant)"
            + " GROUP BY tenant HAVING missing > 0 ORDER BY tenant LIMIT " + TENANTS_MAX;

    private final HikariDataSource pool;

    ClickHouseArchive(HikariDataSource pool) {
        this.pool = pool;
    }

    /**
     * How many events were kept out in that time and are not counted yet, by reason. Whose they are and when they
     * happened cannot be told: that is often just what was wrong with them.
     *
     * @throws UsageUnavailableException if it cannot be read now
     */
    public SortedMap<String, Long> unsettled(Instant from, Instant to) {
        return counts(UNSETTLED, from.toEpochMilli(), to.toEpochMilli());
    }

    /**
     * How many events of the range each tenant has in the archive that its rollups do not have yet; only tenants that
     * have some.
     *
     * @throws UsageUnavailableException if it cannot be read now
     */
    public SortedMap<String, Long> lag(TimeRange range) {
        long from = range.from().getEpochSecond();
        long to = range.to().getEpochSecond();
        return counts(LAG, from, to, from, to);
    }

    /** Of a query that answers with a name and a number. */
    private SortedMap<String, Long> counts(String sql, long... arguments) {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < arguments.length; i++) {
                statement.setLong(i + 1, arguments[i]);
            }
            SortedMap<String, Long> counts = new TreeMap<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    counts.put(row.getString(1), row.getLong(2));
                }
            }
            return counts;
        } catch (SQLException e) {
            throw new UsageUnavailableException("the archive in ClickHouse cannot be read: " + e.getMessage(), e);
        }
    }
}
