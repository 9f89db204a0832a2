package io.tollgate.invoicing.billing;

import io.tollgate.invoicing.anomaly.Anomaly;
import io.tollgate.invoicing.anomaly.Consumption;
import io.tollgate.invoicing.spend.Granularity;
import io.tollgate.invoicing.spend.MixedCurrenciesException;
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
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a tenant used on each of some days, by product and meter, with its effective cost: spend, told by day. */
public final class DailySpend {

    /** The tenant, then in the order of the members of {@link Product}, then the meter. */
    private static final List<SpendDimension> DIMENSIONS = List.of(
            SpendDimension.TENANT,
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
     * @throws MixedCurrenciesException if they are billed in different currencies
     */
    public Optional<Days> of(
            String tenant,
            LocalDate from,
            LocalDate until,
            ZoneId zone,
            Map<SpendDimension, Set<String>> only,
            Instant now) {
        return spend(Set.of(tenant), from, until, zone, only, now)
                .map(spend -> new Days(spend.currency(), days(spend.rows(), from, until, zone)));
    }

    /** The same of several tenants, of all that each used. */
    Optional<Map<String, Days>> of(Set<String> tenants, LocalDate from, LocalDate until, ZoneId zone, Instant now) {
        return spend(tenants, from, until, zone, Map.of(), now).map(spend -> {
            Map<String, List<Spend.Row>> rows = spend.rows().stream()
                    .collect(Collectors.groupingBy(row -> row.group().get(0)));
            Map<String, Days> found = new TreeMap<>();
            for (String tenant : tenants) {
                List<Spend.Row> own = rows.getOrDefault(tenant, List.of());
                found.put(tenant, new Days(spend.currency(), days(own, from, until, zone)));
            }
            return found;
        });
    }

    private Optional<Spend> spend(
            Set<String> tenants,
            LocalDate from,
            LocalDate until,
            ZoneId zone,
            Map<SpendDimension, Set<String>> only,
            Instant now) {
        TimeRange range = range(from, until, zone);
        return query.of(new SpendQuestion(range, Granularity.DAY, zone, Whose.tenants(tenants), DIMENSIONS, only), now);
    }

    private static List<Anomaly.Day> days(List<Spend.Row> rows, LocalDate from, LocalDate until, ZoneId zone) {
        Map<LocalDate, List<Consumption>> usage = rows.stream()
                .collect(Collectors.groupingBy(
                        row -> LocalDate.ofInstant(row.period().from(), zone),
                        Collectors.mapping(DailySpend::consumption, Collectors.toList())));
        return from.datesUntil(until)
                .map(day -> new Anomaly.Day(day, usage.getOrDefault(day, List.of())))
                .toList();
    }

    /** From one midnight to another. */
    public static TimeRange range(LocalDate from, LocalDate until, ZoneId zone) {
        return new TimeRange(
                from.atStartOfDay(zone).toInstant(), until.atStartOfDay(zone).toInstant());
    }

    private static Consumption consumption(Spend.Row row) {
        List<String> group = row.group();
        Product product = new Product(
                group.get(1),
                group.get(2),
                group.get(3),
                group.get(4),
                group.get(5),
                group.get(6),
                group.get(7),
                Long.parseLong(group.get(8)));
        return new Consumption(
                product,
                group.get(9),
                row.quantity().orElse(BigInteger.ZERO),
                row.cost().effective().amount());
    }
}
