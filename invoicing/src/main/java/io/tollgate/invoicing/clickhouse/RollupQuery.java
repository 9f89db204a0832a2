package io.tollgate.invoicing.clickhouse;

import com.zaxxer.hikari.HikariDataSource;
import io.tollgate.invoicing.usage.Detail;
import io.tollgate.invoicing.usage.Product;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.TooMuchDetailException;
import io.tollgate.invoicing.usage.UsageUnavailableException;
import io.tollgate.invoicing.usage.Whose;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What queries on the {@code rollups} have in common: parts of SQL, what they are asked with, and how a row is read. */
final class RollupQuery {

    /** A window start is 32 bits of seconds. */
    private static final long SECONDS_MAX = 0xFFFF_FFFFL;

    /** The columns of a {@link Product}. */
    static final String PRODUCT =
            "provider, model, accelerator_type, region, operation, service_tier, outcome, context_band";

    /** A rollup never moves to another month, so its versions all lie in one partition. */
    private static final String SETTINGS = " SETTINGS do_not_merge_across_partitions_select_final = 1";

    /** What ClickHouse calls it that a query has more groups than it may have. */
    private static final String TOO_MANY_ROWS = "TOO_MANY_ROWS";

    static final String BILLABLE = "match(tenant, '^" + Whose.BILLABLE + "$')";

    /** Asks for a stretch of time; its two arguments are {@link #seconds}. */
    static final String IN_RANGE =
            " WHERE window_start >= toDateTime(?, 'UTC') AND window_start < toDateTime(?, 'UTC')";

    private RollupQuery() {}

    /** Takes one row of an answer. */
    interface Row {
        void read(ResultSet row) throws SQLException;
    }

    /**
     * Asks, and hands over row by row.
     *
     * @param arguments strings and numbers, one for each question mark
     * @throws UsageUnavailableException if there is no answer now
     */
    static void ask(HikariDataSource pool, String sql, List<Object> arguments, Row reader) {
        ask(pool, sql, arguments, Integer.MAX_VALUE, reader);
    }

    /**
     * The same of a query that ends in {@link #settings}, of no more groups than that: ClickHouse stops counting them.
     *
     * @throws TooMuchDetailException if there are more
     */
    static void ask(HikariDataSource pool, String sql, List<Object> arguments, int most, Row reader) {
        String bounded = most == Integer.MAX_VALUE ? sql : sql + ", max_rows_to_group_by = " + most;
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(bounded)) {
            for (int i = 0; i < arguments.size(); i++) {
                statement.setObject(i + 1, arguments.get(i));
            }
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    reader.read(row);
                }
            }
        } catch (SQLException e) {
            if (most != Integer.MAX_VALUE && String.valueOf(e.getMessage()).contains(TOO_MANY_ROWS)) {
                throw new TooMuchDetailException(most);
            }
            throw new UsageUnavailableException("the rollups in ClickHouse cannot be read: " + e.getMessage(), e);
        }
    }

    /** SQL for the tags that are asked for, in order of their keys; empty where none are. */
    static String tags(Detail detail, List<Object> arguments) {
        if (detail.byAllTags()) {
            return "mapSort(tags)";
        }
        if (detail.tagKeys().isEmpty()) {
            return "CAST(map(), 'Map(String, String)')";
        }
        List<String> conditions = new ArrayList<>();
        Set<String> whole = new TreeSet<>(detail.tagKeys());
        whole.removeAll(detail.tagValues().keySet());
        if (!whole.isEmpty()) {
            conditions.add("label IN (" + places(whole.size()) + ")");
            arguments.addAll(whole);
        }
        detail.tagValues().forEach((key, values) -> {
            conditions.add("label = ? AND labelled IN (" + places(values.size()) + ")");
            arguments.add(key);
            arguments.addAll(values);
        });
        return "mapSort(mapFilter((label, labelled) -> " + String.join(" OR ", conditions) + ", tags))";
    }

    private static String places(int count) {
        return String.join(", ", Collections.nCopies(count, "?"));
    }

    static SortedMap<String, String> tags(ResultSet row) throws SQLException {
        SortedMap<String, String> tags = new TreeMap<>();
        ((Map<?, ?>) row.getObject("its_tags")).forEach((key, value) -> tags.put((String) key, (String) value));
        return tags;
    }

    /** Restricts a query to usage of somebody; its arguments are {@link #named}. */
    static String of(Whose whose) {
        if (whose instanceof Whose.Tenants named) {
            return " AND tenant IN (" + places(named.tenants().size()) + ")";
        }
        return whose instanceof Whose.Nobodys ? " AND NOT " + BILLABLE : "";
    }

    /** How a query about somebody is run. What one tenant used lies close together, and threads would wait for each other. */
    static String settings(Whose whose) {
        boolean ofOne = whose instanceof Whose.Tenants named && named.tenants().size() == 1;
        return ofOne ? SETTINGS + ", max_threads = 1" : SETTINGS;
    }

    static List<Object> named(Whose whose) {
        return whose instanceof Whose.Tenants tenants ? List.copyOf(tenants.tenants()) : List.of();
    }

    /** SQL for the number, from 1, of the range that a window lies in; each starts where the one before ends. */
    static String numberIn(List<TimeRange> ranges) {
        if (ranges.size() == 1) {
            return "1";
        }
        if (areSteps(ranges)) {
            return "intDiv(toUnixTimestamp(window_start) - %d, %d) + 1"
                    .formatted(seconds(ranges.get(0).from()), length(ranges.get(0)));
        }
        return ranges.stream()
                .map(range -> Long.toString(seconds(range.from())))
                .collect(Collectors.joining(
                        ", ", "arrayCount(start -> toUnixTimestamp(window_start) >= start, [", "])"));
    }

    /** Whether all are as long as the first, the last perhaps shorter: mostly they are, and where clocks change they are not. */
    static boolean areSteps(List<TimeRange> ranges) {
        long length = length(ranges.get(0));
        long start = seconds(ranges.get(0).from());
        return length > 0
                && IntStream.range(0, ranges.size())
                        .allMatch(i -> seconds(ranges.get(i).from()) == start + i * length)
                && length(ranges.get(ranges.size() - 1)) <= length;
    }

    private static long length(TimeRange range) {
        return seconds(range.to()) - seconds(range.from());
    }

    static Product product(ResultSet row) throws SQLException {
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

    static long seconds(Instant instant) {
        return Math.max(0, Math.min(SECONDS_MAX, instant.getEpochSecond()));
    }
}
