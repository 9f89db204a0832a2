package io.tollgate.invoicing.forecast;

import io.tollgate.invoicing.money.Money;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.List;
import java.util.Optional;

/**
 * What the days that are left will cost in all, see {@link Projection}. An estimate, and so rounded to the currency's
 * minor unit.
 *
 * @param expected of all the days that are left together
 * @param low at most {@code expected}; not below zero unless a past day was
 * @param high at least {@code expected}
 * @param coverage how often the sum lies from low to high, from 0 (there is no interval) to 0.8
 * @param method how it was made, for people: {@code mean of the last 7 days}
 * @param basis of how many past days
 */
public record Forecast(Money expected, Money low, Money high, BigDecimal coverage, String method, int basis) {

    /**
     * A forecast of what is left of a period.
     *
     * @param pastDays what each complete day cost, oldest first, without gaps, of this period and before; more than
     *     {@link Projection#DAYS_MAX} are not looked at
     * @param daysLeft days that are not complete, today among them; none of them cost nothing
     * @return empty if there is no complete day to judge by
     * @throws IllegalArgumentException if the currencies differ, or less than no days are left
     */
    public static Optional<Forecast> of(List<Money> pastDays, int daysLeft) {
        if (pastDays.isEmpty()) {
            return Optional.empty();
        }
        // Refuses a mixture of currencies.
        Currency currency = Money.sum(pastDays, pastDays.get(0).currency()).currency();
        return Projection.of(pastDays.stream().map(Money::amount).toList(), daysLeft)
                .map(projection -> new Forecast(
                        new Money(projection.expected(), currency).rounded(),
                        new Money(projection.low(), currency).rounded(),
                        new Money(projection.high(), currency).rounded(),
                        projection.coverage(),
                        projection.method(),
                        projection.basis()));
    }
}
