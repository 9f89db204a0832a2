package io.tollgate.invoicing.anomaly;

import io.tollgate.invoicing.money.Money;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A day that cost a tenant another amount than its own past let expect.
 *
 * @param day of the tenant's zone
 * @param scope what of the tenant's usage it is about
 * @param expected what the days before it let expect
 * @param actual what it cost, effective cost
 * @param score how many standard deviations that is away, see {@link Deviation}
 * @param against the day that it is compared with in the explanation: an ordinary one
 * @param explanation why it cost another amount than that day
 */
public record Anomaly(
        LocalDate day,
        Scope scope,
        Money expected,
        Money actual,
        BigDecimal score,
        LocalDate against,
        Explanation explanation) {

    /** How many days before a day are looked at; if there are fewer, as many as there are. */
    public static final int HISTORY_DAYS = Deviation.DAYS_MOST;

    /** Digits of an expectation beyond the currency's: it is an estimate, but spend may be small. */
    private static final int MORE_DIGITS = 4;

    /** A day and what was used on it, each product and meter with its effective cost; nothing, if nothing was used. */
    public record Day(LocalDate date, List<Consumption> usage) {
        public Day {
            usage = List.copyOf(usage);
        }
    }

    public Money difference() {
        return actual.minus(expected);
    }

    /**
     * What is out of the ordinary on the last of the days, of the whole and of each model. That nothing was used before the
     * tenant's first day is no history.
     *
     * @param days complete ones, oldest first, without gaps
     * @return the whole first, then by provider and model
     */
    public static List<Anomaly> on(List<Day> days, Sensitivity sensitivity, Currency currency) {
        int first = 0;
        while (first < days.size() && days.get(first).usage().isEmpty()) {
            first++;
        }
        if (days.size() - first <= Deviation.DAYS_LEAST) {
            return List.of();
        }
        List<Day> known = days.subList(first, days.size());
        SortedSet<Scope> scopes = new TreeSet<>(List.of(new Scope.Whole()));
        known.forEach(day -> day.usage().forEach(each -> scopes.add(Scope.of(each))));
        List<Anomaly> found = new ArrayList<>();
        scopes.forEach(scope -> of(scope, known, sensitivity, currency).ifPresent(found::add));
        return found;
    }

    private static Optional<Anomaly> of(Scope scope, List<Day> days, Sensitivity sensitivity, Currency currency) {
        List<BigDecimal> costs =
                days.stream().map(day -> Explanation.cost(within(scope, day))).toList();
        int last = days.size() - 1;
        return Deviation.of(costs.subList(0, last), costs.get(last))
                .filter(deviation -> deviation.exceeds(sensitivity))
                .map(deviation -> {
                    Day against = days.get(last - deviation.daysAgo());
                    int digits = currency.getDefaultFractionDigits() + MORE_DIGITS;
                    return new Anomaly(
                            days.get(last).date(),
                            scope,
                            new Money(deviation.expected().setScale(digits, RoundingMode.HALF_EVEN), currency),
                            new Money(deviation.actual(), currency),
                            deviation.score(),
                            against.date(),
                            Explanation.of(within(scope, against), within(scope, days.get(last))));
                });
    }

    private static List<Consumption> within(Scope scope, Day day) {
        return day.usage().stream().filter(scope::holds).toList();
    }
}
