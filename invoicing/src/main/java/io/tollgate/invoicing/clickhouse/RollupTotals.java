package io.tollgate.invoicing.clickhouse;

import static io.tollgate.invoicing.clickhouse.RollupQuery.IN_RANGE;
import static io.tollgate.invoicing.clickhouse.RollupQuery.PRODUCT;
import static io.tollgate.invoicing.clickhouse.RollupQuery.seconds;

import com.zaxxer.hikari.HikariDataSource;
import io.tollgate.invoicing.usage.Detail;
import io.tollgate.invoicing.usage.Product;
import io.tollgate.invoicing.usage.ProductPattern;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.TooMuchDetailException;
import io.tollgate.invoicing.usage.UsageQuestion;
import io.tollgate.invoicing.usage.UsageTotal;
import io.tollgate.invoicing.usage.UsageUnavailableException;
import io.tollgate.invoicing.usage.Window;
import io.tollgate.schemas.Digest;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Sums of rollups.
 *
 * @param totals of meters that add up
 * @param areObserved whether others were observed beside them
 */
record RollupTotals(List<UsageTotal> totals, boolean areObserved) {

    /** Of a query whose slices differ in length: each rollup is compared with each. */
    private static final int SLICES_MAX = 100;

    /** The columns that patterns tell products by. */
    private static final Map<String, String> COLUMNS = Map.of(
            "provider", "provider",
            "model", "model",
            "acceleratorType", "accelerator_type",
            "region", "region",
            "operation", "operation",
            "serviceTier", "service_tier",
            "outcome", "outcome",
            "contextBand", "toString(context_band)");

    /**
     * @param most quantities
     * @throws UsageUnavailableException if they cannot be read now
     * @throws TooMuchDetailException if there are more
     */
    static RollupTotals read(HikariDataSource pool, UsageQuestion question, int most) {
        List<UsageTotal> totals = new ArrayList<>();
        Tally tally = new Tally(most);
        boolean areObserved = false;
        List<TimeRange> slices = question.slices();
        int atOnce = RollupQuery.areSteps(slices) ? slices.size() : SLICES_MAX;
        for (int from = 0; from < slices.size(); from += atOnce) {
            List<TimeRange> some = slices.subList(from, Math.min(slices.size(), from + atOnce));
            areObserved |= read(pool, question, some, totals, tally);
        }
        return new RollupTotals(totals, areObserved);
    }

    private static boolean read(
            HikariDataSource pool,
            UsageQuestion question,
            List<TimeRange> slices,
            List<UsageTotal> totals,
            Tally tally) {
        List<Object> arguments = new ArrayList<>();
        String sql = "SELECT " + RollupQuery.numberIn(slices) + " AS slice, "
                + oneWindow(question, arguments) + " AS one_window, tenant, "
                + (question.detail().byProject() ? "project" : "''") + " AS whose_project, "
                + RollupQuery.tags(question.detail(), arguments) + " AS its_tags, " + PRODUCT
                + ", sumMap(CAST(quantities, 'Map(String, Int128)')) AS sums,"
                + " sum(toInt128(event_count)) AS events, sum(digest) AS digests,"
                + " max(notEmpty(observations)) AS observed"
                + " FROM rollups FINAL" + IN_RANGE + RollupQuery.of(question.whose())
                + " GROUP BY slice, one_window, tenant, whose_project, its_tags, " + PRODUCT
                + RollupQuery.settings(question.whose());
        arguments.add(seconds(slices.get(0).from()));
        arguments.add(seconds(slices.get(slices.size() - 1).to()));
        arguments.addAll(RollupQuery.named(question.whose()));
        // Each is in as many rows as there are slices, and rating compares them all the time.
        Map<Product, Product> products = new HashMap<>();
        boolean[] areObserved = {false};
        RollupQuery.ask(pool, sql, arguments, tally.most, row -> {
            UsageTotal total = total(row, question.detail(), slices, products);
            tally.add(total);
            totals.add(total);
            areObserved[0] |= row.getInt("observed") != 0;
        });
        return areObserved[0];
    }

    /** Counts quantities while they are read. */
    private static final class Tally {

        private final int most;
        private int quantities;

        Tally(int most) {
            this.most = most;
        }

        void add(UsageTotal total) {
            quantities += total.quantities().size();
            if (quantities > most) {
                throw new TooMuchDetailException(most);
            }
        }
    }

    /** SQL for the start of the window, where the product is told by window; else 0. */
    private static String oneWindow(UsageQuestion question, List<Object> arguments) {
        if (question.byWindow().isEmpty()) {
            return "0";
        }
        return question.byWindow().stream()
                .map(pattern -> matches(pattern, arguments))
                .collect(Collectors.joining(" OR ", "if(", ", toUnixTimestamp(window_start), 0)"));
    }

    private static String matches(ProductPattern pattern, List<Object> arguments) {
        List<String> conditions = new ArrayList<>(List.of("1 = 1"));
        pattern.values().forEach((dimension, value) -> {
            conditions.add(Objects.requireNonNull(COLUMNS.get(dimension), dimension) + " LIKE ?");
            arguments.add(like(value));
        });
        return String.join(" AND ", conditions);
    }

    private static String like(String pattern) {
        return pattern.replace("\\", "\\\\")
                .replace("%", "\\%")
                .replace("_", "\\_")
                .replace('*', '%');
    }

    private static UsageTotal total(
            ResultSet row, Detail detail, List<TimeRange> slices, Map<Product, Product> products) throws SQLException {
        SortedMap<String, BigInteger> quantities = new TreeMap<>();
        ((Map<?, ?>) row.getObject("sums")).forEach((meter, sum) -> quantities.put((String) meter, (BigInteger) sum));
        long window = row.getLong("one_window");
        Product product = products.computeIfAbsent(RollupQuery.product(row), first -> first);
        return new UsageTotal(
                window == 0 ? slices.get(row.getInt("slice") - 1) : Window.at(Instant.ofEpochSecond(window)),
                row.getString("tenant"),
                row.getString("whose_project"),
                detail.byTags() ? RollupQuery.tags(row) : Collections.emptySortedMap(),
                product,
                quantities,
                ((BigInteger) row.getObject("events")).longValueExact(),
                digest((BigInteger) row.getObject("digests")),
                Collections.emptySortedSet(),
                Collections.emptySortedMap());
    }

    /** How many quantities they have. */
    static long quantities(List<UsageTotal> totals) {
        return totals.stream().mapToLong(total -> total.quantities().size()).sum();
    }

    /** The number, in decimal digits, modulo 2^128. */
    static Digest digest(String digits) {
        return digest(new BigInteger(digits));
    }

    private static Digest digest(BigInteger sum) {
        return new Digest(sum.shiftRight(Long.SIZE).longValue(), sum.longValue());
    }
}
