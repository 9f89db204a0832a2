package io.tollgate.invoicing.budget;

import io.tollgate.invoicing.usage.TimeRange;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
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
 * @param through everything that had been used by then is in it, but for what comes late; see {@link Watermark}
 * @param days what each day came to that had any usage, by its start; also of days before the period, if they were asked for
 */
public record Counted(
        TimeRange period, ZoneId zone, BigDecimal used, Instant through, SortedMap<Instant, BigDecimal> days) {

    public static Counted of(
            Budget.Wish budget, TimeRange period, ZoneId zone, List<Portion> portions, Instant through) {
        SortedMap<Instant, BigDecimal> days = new TreeMap<>();
        portions.forEach(portion -> {
            BigDecimal part = portion.countedBy(budget);
            if (part.signum() != 0) {
                days.merge(portion.day(), part, BigDecimal::add);
            }
        });
        return new Counted(period, zone, sum(days, period), through, days);
    }

    private static BigDecimal sum(SortedMap<Instant, BigDecimal> days, TimeRange period) {
        return days.subMap(period.from(), period.to()).values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
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
                .map(next -> new Counted(next, zone, BigDecimal.ZERO, through, new TreeMap<>()));
    }
}
