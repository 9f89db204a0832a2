package io.tollgate.invoicing.clickhouse;

import com.zaxxer.hikari.HikariDataSource;
import io.tollgate.invoicing.invoice.Adjustment;
import io.tollgate.invoicing.usage.Evidence;
import io.tollgate.invoicing.usage.Product;
import io.tollgate.invoicing.usage.UsageUnavailableException;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is behind a line of an invoice in ClickHouse: rollups, and through them events. */
public final class LineEvents {

    private static final String OF_LINE = " WHERE tenant = ? AND window_start >= toDateTime(?, 'UTC')"
            + " AND window_start < toDateTime(?, 'UTC') AND provider = ? AND model = ? AND accelerator_type = ?"
            + " AND region = ? AND operation = ? AND service_tier = ? AND outcome = ? AND context_band = ?";

    private static final String WINDOWS = "SELECT toUnixTimestamp(window_start) AS at,"
            + " toString(sum(toInt128(quantities[?]))) AS quantity, sum(event_count) AS events,"
            + " toString(sum(digest)) AS digests FROM rollups FINAL" + OF_LINE
            + " GROUP BY window_start ORDER BY window_start SETTINGS do_not_merge_across_partitions_select_final = 1";

    private static final String TOTAL =
            "SELECT toInt64(count()) AS events, toString(sum(digest)) AS digests FROM accepted_events" + OF_LINE;

    private static final String EVENTS =
            "SELECT toUnixTimestamp(window_start) AS at, toString(source) AS its_source, id,"
                    + " toUnixTimestamp64Micro(time) AS micros, project, toString(requested_model) AS requested,"
                    + " toInt64(quantities[?]) AS quantity, reversed_source, reversed_id, toString(digest) AS its_digest"
                    + " FROM accepted_events" + OF_LINE
                    + " AND (toUnixTimestamp(window_start), toString(source), id) > (?, ?, ?)"
                    + " ORDER BY at, its_source, id LIMIT ?";

    private final HikariDataSource pool;

    LineEvents(HikariDataSource pool) {
        this.pool = pool;
    }

    /** What the rollups of one window add to the line. */
    public record InWindow(Instant start, BigInteger quantity, Evidence evidence) {}

    /**
     * An event of the line's product.
     *
     * @param window start of the window that it is in
     * @param quantity of the line's meter; zero if it has none
     * @param reversed source and id of the event that it takes back
     * @param evidence of it alone
     */
    public record Behind(
            Instant window,
            String source,
            String id,
            Instant time,
            String project,
            String requestedModel,
            long quantity,
            Optional<Reversed> reversed,
            Evidence evidence) {}

    /** The event that another takes back. */
    public record Reversed(String source, String id) {}

    /** Where a page of events ends. */
    public record Place(long windowSeconds, String source, String id) {
        public static final Place START = new Place(0, "", "");
    }

    /** @throws UsageUnavailableException if it cannot be read now */
    public List<InWindow> windows(String tenant, Adjustment.Key line) {
        return read(
                WINDOWS,
                true,
                tenant,
                line,
                List.of(),
                row -> new InWindow(
                        Instant.ofEpochSecond(row.getLong("at")),
                        new BigInteger(row.getString("quantity")),
                        new Evidence(row.getLong("events"), RollupTotals.digest(row.getString("digests")))));
    }

    /**
     * What the archive has of the line's events.
     *
     * @throws UsageUnavailableException if it cannot be read now
     */
    public Evidence archived(String tenant, Adjustment.Key line) {
        return read(
                        TOTAL,
                        false,
                        tenant,
                        line,
                        List.of(),
                        row -> new Evidence(row.getLong("events"), RollupTotals.digest(row.getString("digests"))))
                .get(0);
    }

    /**
     * The line's events in order of window, source and id.
     *
     * @throws UsageUnavailableException if it cannot be read now
     */
    public List<Behind> events(String tenant, Adjustment.Key line, Place after, int limit) {
        return read(
                EVENTS,
                true,
                tenant,
                line,
                List.of(after.windowSeconds(), after.source(), after.id(), limit),
                LineEvents::event);
    }

    private static Behind event(ResultSet row) throws SQLException {
        String reversed = row.getString("reversed_id");
        return new Behind(
                Instant.ofEpochSecond(row.getLong("at")),
                row.getString("its_source"),
                row.getString("id"),
                Instant.EPOCH.plus(row.getLong("micros"), ChronoUnit.MICROS),
                row.getString("project"),
                row.getString("requested"),
                row.getLong("quantity"),
                reversed.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new Reversed(row.getString("reversed_source"), reversed)),
                new Evidence(1, RollupTotals.digest(row.getString("its_digest"))));
    }

    private interface Reading<T> {
        T of(ResultSet row) throws SQLException;
    }

    /** @param namesMeter whether the query asks for a meter first */
    private <T> List<T> read(
            String sql, boolean namesMeter, String tenant, Adjustment.Key line, List<Object> more, Reading<T> reading) {
        List<Object> arguments = new ArrayList<>();
        if (namesMeter) {
            arguments.add(line.meter());
        }
        Product product = line.product();
        arguments.addAll(List.of(
                tenant,
                line.servicePeriod().from().getEpochSecond(),
                line.servicePeriod().to().getEpochSecond(),
                product.provider(),
                product.model(),
                product.acceleratorType(),
                product.region(),
                product.operation(),
                product.serviceTier(),
                product.outcome(),
                product.contextBand()));
        arguments.addAll(more);
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < arguments.size(); i++) {
                statement.setObject(i + 1, arguments.get(i));
            }
            List<T> read = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    read.add(reading.of(row));
                }
            }
            return read;
        } catch (SQLException e) {
            throw new UsageUnavailableException(
                    "what is behind a line cannot be read from ClickHouse: " + e.getMessage(), e);
        }
    }
}
