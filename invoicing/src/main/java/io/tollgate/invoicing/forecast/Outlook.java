package io.tollgate.invoicing.forecast;

import io.tollgate.invoicing.money.Money;
import java.util.Currency;
import java.util.List;
import java.util.Optional;

/**
 * What a period will have cost when it is over: what its complete days did cost, and a forecast of the others; those cost at
 * least what is known of them already, today among them.
 *
 * @param spent so far, exact
 * @param expected of the whole period; empty if there is nothing to judge by, as are low and high
 * @param low at most {@code expected}
 * @param high at least {@code expected}
 * @param daysLeft days of the period that are not complete
 * @param forecast of those days
 */
public record Outlook(
        Money spent,
        Optional<Money> expected,
        Optional<Money> low,
        Optional<Money> high,
        int daysLeft,
        Optional<Forecast> forecast) {

    /**
     * The outlook on a period.
     *
     * @param days what each day cost, oldest first, without gaps, from some time before the period; days of which nothing is
     *     known yet may be missing at the end. Those before the first that cost anything are no history
     * @param first index of the period's first day
     * @param complete how many of the days, from the oldest on, are complete
     * @param length how many days the period has
     */
    public static Outlook of(List<Money> days, int first, int complete, int length, Currency currency) {
        // Of the days before the period all are taken for complete: without the last of them, weekdays would be
        // shifted.
        int counted = Math.max(first, complete);
        int began = 0;
        while (began < counted && days.get(began).signum() == 0) {
            began++;
        }
        int end = Math.min(days.size(), first + length);
        Money done = Money.sum(days.subList(first, counted), currency);
        Money begun = Money.sum(days.subList(counted, end), currency);
        int left = length - (counted - first);
        Optional<Forecast> forecast = Forecast.of(days.subList(began, counted), left);
        return new Outlook(
                done.plus(begun),
                forecast.map(each -> done.plus(each.expected().max(begun)).rounded()),
                forecast.map(each -> done.plus(each.low().max(begun)).rounded()),
                forecast.map(each -> done.plus(each.high().max(begun)).rounded()),
                left,
                forecast);
    }
}
