package io.tollgate.invoicing.alert;

import io.tollgate.invoicing.budget.Budget;
import io.tollgate.invoicing.budget.Counted;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a budget gives cause to say. */
public final class BudgetAlerts {

    private static final BigDecimal HUNDRED = new BigDecimal(100);

    private BudgetAlerts() {}

    /**
     * What a period's use is expected to come to.
     *
     * @param total at its end, what is used already included
     * @param method how that was forecast, for people
     */
    public record Expected(BigDecimal total, String method) {}

    /**
     * All that could be said now, whether or not it was said before: the lowest threshold first, what has happened before
     * what is expected.
     *
     * @param expected empty if nobody can tell
     */
    public static List<Alert> of(Budget budget, Counted counted, Optional<Expected> expected, Instant now) {
        List<Cause> causes = new ArrayList<>();
        for (BigDecimal percent : budget.wish().thresholds()) {
            if (reaches(budget, counted.used(), percent)) {
                causes.add(new Cause.ThresholdCrossed(
                        budget, counted.period(), percent, counted.used(), counted.through()));
            }
        }
        if (counted.isInOtherCurrencies(budget.measure())) {
            causes.add(new Cause.CurrencyDiffers(budget, counted));
        }
        for (BigDecimal percent : budget.wish().forecastThresholds()) {
            expected.filter(total -> reaches(budget, total.total(), percent))
                    // What has happened already is no forecast.
                    .filter(total -> !reaches(budget, counted.used(), percent))
                    .ifPresent(total -> causes.add(new Cause.BreachForecast(
                            budget, counted.period(), percent, counted.used(), total.total(), total.method())));
        }
        return causes.stream()
                .map(cause -> new Alert(
                        budget.subject().tenant(), cause, now, budget.wish().recipients()))
                .toList();
    }

    private static boolean reaches(Budget budget, BigDecimal used, BigDecimal percent) {
        return used.multiply(HUNDRED).compareTo(budget.amount().multiply(percent)) >= 0;
    }
}
