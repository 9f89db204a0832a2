package io.tollgate.invoicing.clickhouse;

import com.zaxxer.hikari.HikariDataSource;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.UsageUnavailableException;
import io.tollgate.invoicing.usage.Whose;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

    /**
     * As the view {@code accepted_events} has them, but by the rejections alone that came with the events that are looked at:
     * all that there ever were would be read for each question.
     */
    private static final String ACCEPTED = "SELECT tenant, window_start, shard, argMin(arrived, offset) AS came,"
            + " any(time) AS happened FROM (SELECT * FROM events WHERE (shard, offset, arrived) NOT IN ("
            + " SELECT assumeNotNull(shard), assumeNotNull(offset), rejected_at FROM rejected_events"
            + " WHERE shard IS NOT NULL AND rejected_at >= fromUnixTimestamp64Milli(toInt64(?))))";

    /** How long before it happened an event can have come, by clocks that are ahead. */
    private static final Duration AHEAD = Duration.ofDays(2);

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

    /**
     * How far usage is counted.
     *
     * @param newest when the newest event in the archive happened; empty if it has none there
     * @param uncounted start of the earliest window with events that its rollups do not have yet; empty if they have all
     */
    public record Progress(Optional<Instant> newest, Optional<Instant> uncounted) {}

    /**
     * How far usage of the range is counted. The job counts each partition in its order, so of a partition's window those
     * are counted that came first; of different partitions one may be behind in the archive, the other in the rollups.
     *
     * @param arrivedBefore only events that reached Kafka before then must be counted
     * @throws UsageUnavailableException if it cannot be read now
     */
    public Progress progress(TimeRange range, Whose whose, Instant arrivedBefore) {
        String within = RollupQuery.IN_RANGE + RollupQuery.of(whose);
        String sql = "SELECT minIf(at, missing > 0) AS uncounted, max(newest) AS newest FROM ("
                + " SELECT at, sum(archived) - sum(rolled_up) AS missing, max(newest) AS newest FROM ("
                + "   SELECT toUnixTimestamp(window_start) AS at, tenant AS whom, shard AS part,"
                + "   toInt64(countIf(came < fromUnixTimestamp64Milli(toInt64(?)))) AS archived,"
                + "   toInt64(0) AS rolled_up, toUnixTimestamp64Micro(max(happened)) AS newest"
                + "   FROM (" + ACCEPTED + within + " GROUP BY tenant, window_start, source, id, shard)"
                + "   GROUP BY at, whom, part"
                + "   UNION ALL"
                + "   SELECT toUnixTimestamp(window_start) AS at, tenant AS whom, shard AS part, toInt64(0),"
                + "   sum(event_count), toInt64(0) FROM rollups FINAL" + within + " GROUP BY at, whom, part)"
                + " GROUP BY at, whom, part)";
        List<Object> arguments = new ArrayList<>();
        arguments.add(arrivedBefore.toEpochMilli());
        arguments.add(range.from().minus(AHEAD).toEpochMilli());
        for (int i = 0; i < 2; i++) {
            arguments.add(RollupQuery.seconds(range.from()));
            arguments.add(RollupQuery.seconds(range.to()));
            arguments.addAll(RollupQuery.named(whose));
        }
        List<Progress> progress = new ArrayList<>();
        RollupQuery.ask(pool, sql, arguments, row -> {
            long uncounted = row.getLong("uncounted");
            long newest = row.getLong("newest");
            progress.add(new Progress(
                    newest == 0 ? Optional.empty() : Optional.of(Instant.EPOCH.plus(newest, ChronoUnit.MICROS)),
                    uncounted == 0 ? Optional.empty() : Optional.of(Instant.ofEpochSecond(uncounted))));
        });
        return progress.get(0);
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
