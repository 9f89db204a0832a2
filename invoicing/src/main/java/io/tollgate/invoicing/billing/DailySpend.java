package io.tollgate.invoicing.billing;

import io.tollgate.invoicing.anomaly.Anomaly;
import io.tollgate.invoicing.anomaly.Consumption;
import io.tollgate.invoicing.spend.Granularity;
import io.tollgate.invoicing.spend.Spend;
import io.tollgate.invoicing.spend.SpendDimension;
import io.tollgate.invoicing.spend.SpendQuestion;
import io.tollgate.invoicing.usage.Product;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.Whose;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What a tenant used on each of some days, by product and meter, with its effective cost: spend, told by day. */
public final class DailySpend {

    /** In the order of the members of {@link Product}; then the meter. */
    private static final List<SpendDimension> DIMENSIONS = List.of(
            SpendDimension.PROVIDER,
            SpendDimension.MODEL,
            SpendDimension.ACCELERATOR_TYPE,
            SpendDimension.REGION,
            SpendDimension.OPERATION,
            SpendDimension.SERVICE_TIER,
            SpendDimension.OUTCOME,
            SpendDimension.CONTEXT_BAND,
            SpendDimension.METER);

    private final SpendQuery query;

    public DailySpend(SpendQuery query) {
        this.query = query;
    }

    /**
     * Some days of a tenant.
     *
     * @param days in order, without gaps; of those on which nothing was used, too
     */
    public record Days(Currency currency, List<Anomaly.Day> days) {
        public Days {
            days = List.copyOf(days);
        }
    }

    /**
     * Of some days.
     *
     * @param until exclusive
     * @param zone whose midnights days begin at
     * @param only as in {@link SpendQuestion}
     * @return empty if no list prices are published
     * @throws IllegalArgumentException if a day does not begin on a 15-minute boundary
     */
    public Optional<Days> of(
            String tenant,
            LocalDate from,
            LocalDate until,
            ZoneId zone,
            Map<SpendDimension, Set<String>> only,
            Instant now) {
        SpendQuestion question = new SpendQuestion(
                range(from, until, zone), Granularity.DAY, zone, Whose.tenants(Set.of(tenant)), DIMENSIONS, only);
        return query.of(question, now).map(spend -> {
            Map<LocalDate, List<Consumption>> usage = spend.rows().stream()
                    .collect(Collectors.groupingBy(
                            row -> LocalDate.ofInstant(row.period().from(), zone),
                            Collectors.mapping(DailySpend::consumption, Collectors.toList())));
            return new Days(
                    spend.currency(),
                    from.datesUntil(until)
                            .map(day -> new Anomaly.Day(day, usage.getOrDefault(day, new ArrayList<>())))
                            .toList());
        });
    }

    /** From one midnight to another. */
    public static TimeRange range(LocalDate from, LocalDate until, ZoneId zone) {
        return new TimeRange(
                from.atStartOfDay(zone).toInstant(), until.atStartOfDay(zone).toInstant());
    }

    private static Consumption consumption(Spend.Row row) {
        List<String> group = row.group();
        Product product = new Product(
                group.get(0),
                group.get(1),
                group.get(2),
                group.get(3),
                group.get(4),
                group.get(5),
                group.get(6),
                Long.parseLong(group.get(7)));
        return new Consumption(
                product,
                group.get(8),
                row.quantity().orElse(BigInteger.ZERO),
                row.cost().effective().amount());
    }
}
