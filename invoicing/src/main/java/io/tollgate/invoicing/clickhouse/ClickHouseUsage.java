package io.tollgate.invoicing.clickhouse;

import com.zaxxer.hikari.HikariDataSource;
import io.tollgate.invoicing.connection.ConnectionPool;
import io.tollgate.invoicing.connection.ConnectionUrl;
import io.tollgate.invoicing.usage.Attribution;
import io.tollgate.invoicing.usage.Doubts;
import io.tollgate.invoicing.usage.Observed;
import io.tollgate.invoicing.usage.Product;
import io.tollgate.invoicing.usage.TenantMonth;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.UsageReader;
import io.tollgate.invoicing.usage.UsageTotal;
import io.tollgate.invoicing.usage.UsageUnavailableException;
import io.tollgate.invoicing.usage.Whose;
import io.tollgate.invoicing.usage.Window;
import io.tollgate.meters.Aggregation;
import io.tollgate.schemas.Digest;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Usage out of ClickHouse's {@code rollups}. FINAL sees to it that only the newest version of a rollup counts, merged or
 * not; sums are 128-bit integers, and travel as text.
 */
public final class ClickHouseUsage implements UsageReader, AutoCloseable {

    /** A window start is 32 bits of seconds. */
    private static final long SECONDS_MAX = 0xFFFF_FFFFL;

    private static final String PRODUCT =
            "provider, model, accelerator_type, region, operation, service_tier, outcome, context_band";

    /** A rollup never moves to another month, so its versions all lie in one partition. */
    private static final String SETTINGS = " SETTINGS do_not_merge_across_partitions_select_final = 1";

    private static final String BILLABLE = "match(tenant, '^" + Whose.BILLABLE + "$')";

    /** What stands for an aggregation where the aggregator found no event for a reversal. */
    private static final String UNMATCHED = "unmatched_reversal";

    private final HikariDataSource pool;

    private ClickHouseUsage(HikariDataSource pool) {
        this.pool = pool;
    }

    /** Connects when it is first read. */
    public static ClickHouseUsage open(ConnectionUrl url) {
        return new ClickHouseUsage(ConnectionPool.open("invoicing-clickhouse", url, Optional.empty()));
    }

    @Override
    public List<UsageTotal> read(List<TimeRange> slices, Whose whose, boolean perProject, ZoneId zone) {
        if (slices.isEmpty()) {
            return List.of();
        }
        List<UsageTotal> totals = new ArrayList<>();
        // Where nothing was observed in the slices, nothing can be attributed to them either.
        boolean observed = readTotals(slices, whose, perProject, totals);
        if (!observed) {
            return totals;
        }
        List<Attribution> unmatched = new ArrayList<>();
        List<Observed> values = readObserved(slices, whose, unmatched, zone);
        Doubts doubts = Doubts.of(totals, values, unmatched);
        List<Attribution> attributions = new ArrayList<>(Attribution.of(values));
        attributions.addAll(unmatched);
        return Attribution.addTo(totals, attributions, slices, perProject).stream()
                .map(doubts::on)
                .toList();
    }

    /** Whether there are observations beside the totals. */
    private boolean readTotals(List<TimeRange> slices, Whose whose, boolean perProject, List<UsageTotal> totals) {
        String project = perProject ? "project" : "''";
        String sql = "SELECT " + sliceNumber(slices) + " AS slice, tenant, " + project + " AS whose_project, " + PRODUCT
                + ", sumMap(mapApply((meter, quantity) -> (toString(meter), toInt128(quantity)), quantities)) AS sums,"
                + " mapKeys(sums) AS meters, arrayMap(each -> toString(each), mapValues(sums)) AS totals,"
                + " toString(sum(toInt128(event_count))) AS events, toString(sum(digest)) AS digests,"
                + " max(notEmpty(observations)) AS observed"
                + " FROM rollups FINAL"
                + " WHERE window_start >= toDateTime(?, 'UTC') AND window_start < toDateTime(?, 'UTC')"
                + condition(whose)
                + " GROUP BY slice, tenant, whose_project, " + PRODUCT + SETTINGS;
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            ask(statement, slices.get(0).from(), slices.get(slices.size() - 1).to(), whose);
            boolean observed = false;
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    totals.add(total(row, slices));
                    observed |= row.getInt("observed") != 0;
                }
            }
            return observed;
        } catch (SQLException e) {
            throw unavailable(e);
        }
    }

    /**
     * All of the months that the slices touch: which window decides is a matter of the whole month.
     *
     * @param unmatched gets, with a quantity of zero, where reversals missed what they take back
     */
    private List<Observed> readObserved(List<TimeRange> slices, Whose whose, List<Attribution> unmatched, ZoneId zone) {
        String months = zone.equals(ZoneOffset.UTC) ? "UTC" : zone.getId();
        String sql = "SELECT toYYYYMM(window_start, '" + months + "') AS month, tenant, project, " + PRODUCT
                + ", each.meter AS meter, each.aggregation AS aggregation, each.value AS value,"
                + " toUnixTimestamp(min(window_start)) AS first_window,"
                + " toUnixTimestamp64Micro(max(each.time)) AS last_time"
                + " FROM rollups FINAL ARRAY JOIN observations AS each"
                + " WHERE window_start >= toDateTime(?, 'UTC') AND window_start < toDateTime(?, 'UTC')"
                + condition(whose)
                + " GROUP BY month, tenant, project, " + PRODUCT + ", meter, aggregation, value" + SETTINGS;
        YearMonth first = month(slices.get(0).from(), zone);
        // The end of the last slice is the next one's.
        YearMonth last = month(slices.get(slices.size() - 1).to().minusSeconds(Window.SECONDS), zone);
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            ask(statement, start(first, zone), start(last.plusMonths(1), zone), whose);
            List<Observed> observed = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    if (row.getString("aggregation").equals(UNMATCHED)) {
                        unmatched.add(unmatched(row));
                    } else {
                        observed.add(observed(row));
                    }
                }
            }
            return observed;
        } catch (SQLException e) {
            throw unavailable(e);
        }
    }

    private static void ask(PreparedStatement statement, Instant from, Instant to, Whose whose) throws SQLException {
        statement.setLong(1, seconds(from));
        statement.setLong(2, seconds(to));
        if (whose instanceof Whose.Tenants named) {
            int index = 3;
            for (String tenant : named.tenants()) {
                statement.setString(index++, tenant);
            }
        }
    }

    private static Attribution unmatched(ResultSet row) throws SQLException {
        return new Attribution(
                Instant.ofEpochSecond(row.getLong("first_window")),
                row.getString("tenant"),
                row.getString("project"),
                product(row),
                row.getString("meter"),
                BigInteger.ZERO);
    }

    private static Observed observed(ResultSet row) throws SQLException {
        String code = row.getString("aggregation");
        int month = row.getInt("month");
        return new Observed(
                YearMonth.of(month / 100, month % 100),
                row.getString("tenant"),
                row.getString("project"),
                product(row),
                row.getString("meter"),
                Aggregation.ofCode(code)
                        .orElseThrow(() -> new UsageUnavailableException(
                                "the rollups in ClickHouse hold a " + code + ", which only a newer version can read",
                                new IllegalStateException(code))),
                row.getLong("value"),
                Instant.ofEpochSecond(row.getLong("first_window")),
                Instant.EPOCH.plus(row.getLong("last_time"), ChronoUnit.MICROS));
    }

    private static Product product(ResultSet row) throws SQLException {
        return new Product(
                row.getString("provider"),
                row.getString("model"),
                row.getString("accelerator_type"),
                row.getString("region"),
                row.getString("operation"),
                row.getString("service_tier"),
                row.getString("outcome"),
                row.getLong("context_band"));
    }

    private static YearMonth month(Instant instant, ZoneId zone) {
        return YearMonth.from(instant.atZone(zone));
    }

    private static Instant start(YearMonth month, ZoneId zone) {
        return month.atDay(1).atStartOfDay(zone).toInstant();
    }

    @Override
    public SortedSet<TenantMonth> activity(Optional<String> tenant, Optional<YearMonth> month) {
        // Without FINAL: older versions of a rollup tell of the same tenant and month.
        String sql = "SELECT DISTINCT tenant, toYYYYMM(window_start, 'UTC') AS month FROM rollups WHERE " + BILLABLE
                + (tenant.isPresent() ? " AND tenant = ?" : "")
                + (month.isPresent() ? " AND toYYYYMM(window_start, 'UTC') = ?" : "");
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            int index = 1;
            if (tenant.isPresent()) {
                statement.setString(index++, tenant.get());
            }
            if (month.isPresent()) {
                statement.setInt(index, number(month.get()));
            }
            SortedSet<TenantMonth> activity = new TreeSet<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    int number = row.getInt("month");
                    activity.add(new TenantMonth(row.getString("tenant"), YearMonth.of(number / 100, number % 100)));
                }
            }
            return activity;
        } catch (SQLException e) {
            throw unavailable(e);
        }
    }

    @Override
    public List<String> tenants(YearMonth month, String after, int limit) {
        // Without FINAL, as above. The key begins with the tenant, so a page is read and no more.
        String sql = "SELECT DISTINCT toString(tenant) AS tenant FROM rollups WHERE " + BILLABLE
                + " AND toYYYYMM(window_start, 'UTC') = ? AND tenant > ? ORDER BY tenant LIMIT ?";
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, number(month));
            statement.setString(2, after);
            statement.setInt(3, limit);
            List<String> tenants = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    tenants.add(row.getString("tenant"));
                }
            }
            return tenants;
        } catch (SQLException e) {
            throw unavailable(e);
        }
    }

    /** What is behind the lines of invoices. */
    public LineEvents lines() {
        return new LineEvents(pool);
    }

    /** The events behind the rollups. */
    public ClickHouseArchive archive() {
        return new ClickHouseArchive(pool);
    }

    /** Whether the rollups can be read. */
    public boolean answers() {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement("SELECT 1 FROM rollups LIMIT 0");
                ResultSet row = statement.executeQuery()) {
            return !row.next();
        } catch (SQLException e) {
            throw unavailable(e);
        }
    }

    @Override
    public void close() {
        pool.close();
    }

    /** SQL for the number, from 1, of the slice that a window lies in. */
    private static String sliceNumber(List<TimeRange> slices) {
        if (slices.size() == 1) {
            return "1";
        }
        return slices.stream()
                .map(slice -> Long.toString(seconds(slice.from())))
                .collect(Collectors.joining(
                        ", ", "arrayCount(start -> toUnixTimestamp(window_start) >= start, [", "])"));
    }

    private static UsageTotal total(ResultSet row, List<TimeRange> slices) throws SQLException {
        Object[] meters = (Object[]) row.getArray("meters").getArray();
        Object[] totals = (Object[]) row.getArray("totals").getArray();
        Map<String, BigInteger> quantities = new TreeMap<>();
        for (int i = 0; i < meters.length; i++) {
            quantities.put((String) meters[i], new BigInteger((String) totals[i]));
        }
        return new UsageTotal(
                slices.get(row.getInt("slice") - 1),
                row.getString("tenant"),
                row.getString("whose_project"),
                product(row),
                quantities,
                new BigInteger(row.getString("events")).longValueExact(),
                digest(row.getString("digests")));
    }

    /** The number, in decimal digits, modulo 2^128. */
    static Digest digest(String digits) {
        BigInteger sum = new BigInteger(digits);
        return new Digest(sum.shiftRight(Long.SIZE).longValue(), sum.longValue());
    }

    private static String condition(Whose whose) {
        if (whose instanceof Whose.Tenants named) {
            return " AND tenant IN ("
                    + String.join(", ", Collections.nCopies(named.tenants().size(), "?")) + ")";
        }
        return whose instanceof Whose.Nobodys ? " AND NOT " + BILLABLE : "";
    }

    private static long seconds(Instant instant) {
        return Math.max(0, Math.min(SECONDS_MAX, instant.getEpochSecond()));
    }

    private static int number(YearMonth month) {
        return month.getYear() * 100 + month.getMonthValue();
    }

    private static UsageUnavailableException unavailable(SQLException cause) {
        return new UsageUnavailableException("the rollups in ClickHouse cannot be read: " + cause.getMessage(), cause);
    }
}
