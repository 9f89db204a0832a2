package io.tollgate.invoicing.clickhouse;

import com.zaxxer.hikari.HikariDataSource;
import io.tollgate.invoicing.connection.ConnectionPool;
import io.tollgate.invoicing.connection.ConnectionUrl;
import io.tollgate.invoicing.usage.Attribution;
import io.tollgate.invoicing.usage.Doubts;
import io.tollgate.invoicing.usage.TenantMonth;
import io.tollgate.invoicing.usage.TooMuchDetailException;
import io.tollgate.invoicing.usage.UsageQuestion;
import io.tollgate.invoicing.usage.UsageReader;
import io.tollgate.invoicing.usage.UsageTotal;
import io.tollgate.invoicing.usage.UsageUnavailableException;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Usage out of ClickHouse's {@code rollups}. FINAL sees to it that only the newest version of a rollup counts, merged or
 * not; sums are 128-bit integers.
 */
public final class ClickHouseUsage implements UsageReader, AutoCloseable {

    private final HikariDataSource pool;
    private final int most;

    private ClickHouseUsage(HikariDataSource pool, int most) {
        this.pool = pool;
        this.most = most;
    }

    /** Connects when it is first read. */
    public static ClickHouseUsage open(ConnectionUrl url) {
        return new ClickHouseUsage(
                ConnectionPool.open("invoicing-clickhouse", url, Optional.empty()), Integer.MAX_VALUE);
    }

    /** The same for whoever may choose how {@linkplain UsageQuestion#isFine finely} it is told: no more quantities than that. */
    public UsageReader upTo(int quantities) {
        return new ClickHouseUsage(pool, quantities);
    }

    @Override
    public List<UsageTotal> read(UsageQuestion question) {
        if (question.slices().isEmpty()) {
            return List.of();
        }
        RollupTotals sums = RollupTotals.read(pool, question, question.isFine() ? most : Integer.MAX_VALUE);
        if (!sums.areObserved()) {
            // Where nothing was observed in the slices, nothing can be attributed to them either.
            return ordered(sums.totals().stream());
        }
        Observations observations = Observations.read(pool, question);
        Doubts doubts = Doubts.of(question.periods(), sums.totals(), observations.observed(), observations.unmatched());
        List<Attribution> attributions = new ArrayList<>(Attribution.of(observations.observed()));
        attributions.addAll(observations.unmatched());
        return ordered(
                Attribution.addTo(
                                sums.totals(),
                                attributions,
                                question.slices(),
                                question.detail().byProject())
                        .stream()
                        .map(doubts::on));
    }

    /** ClickHouse answers in another order each time, and shares of what cannot be divided would go to others each time. */
    private static List<UsageTotal> ordered(Stream<UsageTotal> totals) {
        return totals.sorted(UsageTotal.ORDER).toList();
    }

    @Override
    public List<UsageTotal> readAll(UsageQuestion question) {
        List<UsageTotal> totals = UsageReader.super.readAll(question);
        if (question.isFine() && RollupTotals.quantities(totals) > most) {
            throw new TooMuchDetailException(most);
        }
        return totals;
    }

    @Override
    public SortedSet<TenantMonth> activity(Optional<String> tenant, Optional<YearMonth> month) {
        // Without FINAL: older versions of a rollup tell of the same tenant and month.
        String sql = "SELECT DISTINCT tenant, toYYYYMM(window_start, 'UTC') AS month FROM rollups WHERE "
                + RollupQuery.BILLABLE
                + (tenant.isPresent() ? " AND tenant = ?" : "")
                + (month.isPresent() ? " AND toYYYYMM(window_start, 'UTC') = ?" : "");
        List<Object> arguments = new ArrayList<>();
        tenant.ifPresent(arguments::add);
        month.map(ClickHouseUsage::number).ifPresent(arguments::add);
        SortedSet<TenantMonth> activity = new TreeSet<>();
        RollupQuery.ask(pool, sql, arguments, row -> {
            int number = row.getInt("month");
            activity.add(new TenantMonth(row.getString("tenant"), YearMonth.of(number / 100, number % 100)));
        });
        return activity;
    }

    @Override
    public List<String> tenants(YearMonth month, String after, int limit) {
        // Without FINAL, as above. The key begins with the tenant, so a page is read and no more.
        String sql = "SELECT DISTINCT toString(tenant) AS tenant FROM rollups WHERE " + RollupQuery.BILLABLE
                + " AND toYYYYMM(window_start, 'UTC') = ? AND tenant > ? ORDER BY tenant LIMIT ?";
        List<String> tenants = new ArrayList<>();
        RollupQuery.ask(pool, sql, List.of(number(month), after, limit), row -> tenants.add(row.getString("tenant")));
        return tenants;
    }

    /** What is behind the lines of invoices. */
    public LineEvents lines() {
        return new LineEvents(pool);
    }

    /** The events behind the rollups. */
    public ClickHouseArchive archive() {
        return new ClickHouseArchive(pool);
    }

    /**
     * Whether the rollups can be read.
     *
     * @throws UsageUnavailableException if they cannot
     */
    public boolean answers() {
        RollupQuery.ask(pool, "SELECT 1 FROM rollups LIMIT 0", List.of(), row -> {});
        return true;
    }

    @Override
    public void close() {
        pool.close();
    }

    private static int number(YearMonth month) {
        return month.getYear() * 100 + month.getMonthValue();
    }
}
