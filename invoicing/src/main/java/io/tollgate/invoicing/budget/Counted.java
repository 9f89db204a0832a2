package io.tollgate.invoicing.budget;

import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.usage.TimeRange;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collections;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a budget's usage came to when somebody looked.
 *
 * @param period that it is of
 * @param zone that the period's days are of
 * @param used exact
 * @param elsewhere what was used in the period and is not in it, because it is billed in other currencies; by their codes
 * @param billedIn the currency that the tenant is billed in now; empty if there are no prices for it
 * @param through everything that had been used by then is in it, but for what comes late; see {@link Watermark}
 * @param days what each day came to that had any usage, by its start; also of days before the period, if they were asked for
 */
public record Counted(
        TimeRange period,
        ZoneId zone,
        BigDecimal used,
        SortedMap<String, BigDecimal> elsewhere,
        Optional<Currency> billedIn,
        Instant through,
        SortedMap<Instant, BigDecimal> days) {

    public Counted {
        elsewhere = Collections.unmodifiableSortedMap(new TreeMap<>(elsewhere));
        days = Collections.unmodifiableSortedMap(new TreeMap<>(days));
    }

    public static Counted of(
            Budget.Wish budget,
            TimeRange period,
            ZoneId zone,
            List<Portion> portions,
            Optional<Currency> billedIn,
            Instant through) {
        SortedMap<Instant, BigDecimal> days = new TreeMap<>();
        SortedMap<String, BigDecimal> elsewhere = new TreeMap<>();
        portions.forEach(portion -> {
            BigDecimal part = portion.countedBy(budget);
            if (part.signum() != 0) {
                days.merge(portion.day(), part, BigDecimal::add);
            }
            if (period.contains(portion.day())) {
                portion.elsewhere(budget).ifPresent(cost -> add(elsewhere, cost));
            }
        });
        return new Counted(period, zone, sum(days, period), elsewhere, billedIn, through, days);
    }

    private static void add(SortedMap<String, BigDecimal> sums, Money cost) {
        sums.merge(cost.currency().getCurrencyCode(), cost.amount(), BigDecimal::add);
    }

    private static BigDecimal sum(SortedMap<Instant, BigDecimal> days, TimeRange period) {
        return days.subMap(period.from(), period.to()).values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    /**
     * Whether usage of the period is, or would be now, billed in another currency than the budget's: then what is used is
     * only a part, and what is left nobody can say.
     */
    public boolean isInOtherCurrencies(Measure measure) {
        return measure instanceof Measure.OfCost cost
                && (!elsewhere.isEmpty()
                        || billedIn.filter(currency -> !currency.equals(cost.currency()))
                                .isPresent());
    }

    /**
     * The same for whoever asks now: a period that has begun since has nothing in it that was used by {@code through}, and
     * so nothing is counted of it yet.
     */
    Optional<Counted> at(Instant now, Cycle cycle) {
        if (period.contains(now)) {
            return Optional.of(this);
        }
        return cycle.at(now, zone)
                .filter(next -> !next.from().isBefore(period.to()))
                .map(next ->
                        new Counted(next, zone, BigDecimal.ZERO, new TreeMap<>(), billedIn, through, new TreeMap<>()));
    }
}
