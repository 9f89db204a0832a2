package io.tollgate.invoicing.clickhouse;

import static io.tollgate.invoicing.clickhouse.RollupQuery.IN_RANGE;
import static io.tollgate.invoicing.clickhouse.RollupQuery.PRODUCT;
import static io.tollgate.invoicing.clickhouse.RollupQuery.seconds;

import com.zaxxer.hikari.HikariDataSource;
import io.tollgate.invoicing.usage.Attribution;
import io.tollgate.invoicing.usage.Observed;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.UsageQuestion;
import io.tollgate.invoicing.usage.UsageUnavailableException;
import io.tollgate.meters.Aggregation;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * What rollups say of meters that do not add up, over whole billing periods: which window decides is a matter of all of a
 * period.
 *
 * @param observed each value with where it was observed
 * @param unmatched with a quantity of zero, where reversals missed what they take back
 */
record Observations(List<Observed> observed, List<Attribution> unmatched) {

    /** What stands for an aggregation where the aggregator found no event for a reversal. */
    private static final String UNMATCHED = "unmatched_reversal";

    /** @throws UsageUnavailableException if they cannot be read now */
    static Observations read(HikariDataSource pool, UsageQuestion question) {
        List<TimeRange> periods = question.periods();
        List<Object> arguments = new ArrayList<>();
        String sql = "SELECT " + RollupQuery.numberIn(periods) + " AS period, tenant, project, "
                + RollupQuery.tags(question.detail(), arguments) + " AS its_tags, " + PRODUCT
                + ", each.meter AS meter, each.aggregation AS aggregation, each.value AS value,"
                + " toUnixTimestamp(min(window_start)) AS first_window,"
                + " toUnixTimestamp64Micro(max(each.time)) AS last_time"
                + " FROM rollups FINAL ARRAY JOIN observations AS each"
                + IN_RANGE + RollupQuery.of(question.whose())
                + " GROUP BY period, tenant, project, its_tags, " + PRODUCT + ", meter, aggregation, value"
                + RollupQuery.settings(question.whose());
        arguments.add(seconds(periods.get(0).from()));
        arguments.add(seconds(periods.get(periods.size() - 1).to()));
        arguments.addAll(RollupQuery.named(question.whose()));
        Observations read = new Observations(new ArrayList<>(), new ArrayList<>());
        RollupQuery.ask(pool, sql, arguments, row -> {
            if (row.getString("aggregation").equals(UNMATCHED)) {
                read.unmatched.add(unmatched(row));
            } else {
                read.observed.add(observed(row, periods));
            }
        });
        return read;
    }

    private static Attribution unmatched(ResultSet row) throws SQLException {
        return new Attribution(
                Instant.ofEpochSecond(row.getLong("first_window")),
                row.getString("tenant"),
                row.getString("project"),
                RollupQuery.tags(row),
                RollupQuery.product(row),
                row.getString("meter"),
                BigInteger.ZERO);
    }

    private static Observed observed(ResultSet row, List<TimeRange> periods) throws SQLException {
        String code = row.getString("aggregation");
        return new Observed(
                periods.get(row.getInt("period") - 1),
                row.getString("tenant"),
                row.getString("project"),
                RollupQuery.tags(row),
                RollupQuery.product(row),
                row.getString("meter"),
                Aggregation.ofCode(code)
                        .orElseThrow(() -> new UsageUnavailableException(
                                "the rollups in ClickHouse hold a " + code + ", which only a newer version can read",
                                new IllegalStateException(code))),
                row.getLong("value"),
                Instant.ofEpochSecond(row.getLong("first_window")),
                Instant.EPOCH.plus(row.getLong("last_time"), ChronoUnit.MICROS));
    }
}
