package io.tollgate.invoicing.alert;

import io.tollgate.invoicing.alert.BudgetAlerts.Expected;
import io.tollgate.invoicing.budget.Counted;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/** What a budget's period is expected to come to. */
public final class BudgetForecast {

    /** How many days before a period are looked at, so that its first days can be judged. */
    public static final int DAYS_BEFORE = 28;

    private BudgetForecast() {}

    /** Whoever forecasts what the days that are left will bring. */
    public interface Forecaster {

        /**
         * What they bring in all.
         *
         * @param pastDays what complete days brought, oldest first
         * @param daysLeft days that are not counted whole, today among them
         * @return empty if nobody can tell
         */
        Optional<Expected> remaining(List<BigDecimal> pastDays, int daysLeft);
    }

    /**
     * Only days that are counted whole are told from: usage that is missing is no sign of a quiet day. Days that were complete
     * before anything was used do not count: they say nothing about whoever has only begun.
     *
     * @return empty if nobody can tell
     */
    public static Optional<Expected> of(Counted counted, Instant now, Forecaster forecaster) {
        // Of usage that is in two currencies no day is whole.
        if (!counted.period().contains(now) || !counted.elsewhere().isEmpty()) {
            return Optional.empty();
        }
        ZoneId zone = counted.zone();
        LocalDate first = counted.period().from().atZone(zone).toLocalDate();
        LocalDate through = counted.through().atZone(zone).toLocalDate();
        LocalDate today = latest(first, through);
        LocalDate end = counted.period().to().atZone(zone).toLocalDate();
        LocalDate oldest = first.minusDays(DAYS_BEFORE);
        List<BigDecimal> past = oldest.datesUntil(latest(oldest, through))
                .map(day -> on(counted, day))
                .dropWhile(amount -> amount.signum() == 0)
                .toList();
        BigDecimal complete =
                first.datesUntil(today).map(day -> on(counted, day)).reduce(BigDecimal.ZERO, BigDecimal::add);
        BigDecimal begun = counted.used().subtract(complete);
        return forecaster
                .remaining(past, Math.toIntExact(end.toEpochDay() - today.toEpochDay()))
                .map(left -> new Expected(complete.add(left.total().max(begun)), left.method()));
    }

    private static LocalDate latest(LocalDate one, LocalDate other) {
        return one.isAfter(other) ? one : other;
    }

    private static BigDecimal on(Counted counted, LocalDate day) {
        return counted.days().getOrDefault(day.atStartOfDay(counted.zone()).toInstant(), BigDecimal.ZERO);
    }
}
