package io.tollgate.invoicing.billing;

import io.tollgate.invoicing.alert.BudgetAlerts.Expected;
import io.tollgate.invoicing.alert.BudgetForecast.Forecaster;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;

/** The mean of the last week, for each day that is left. */
public final class BudgetForecasts implements Forecaster {

    private static final int DAYS = 7;
    private static final int SCALE = 6;

    @Override
    public Optional<Expected> remaining(List<BigDecimal> pastDays, int daysLeft) {
        if (pastDays.isEmpty()) {
            return Optional.empty();
        }
        List<BigDecimal> last = pastDays.subList(Math.max(0, pastDays.size() - DAYS), pastDays.size());
        BigDecimal sum = last.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        return Optional.of(new Expected(
                sum.multiply(BigDecimal.valueOf(daysLeft))
                        .divide(BigDecimal.valueOf(last.size()), SCALE, RoundingMode.HALF_UP),
                "mean of the last " + last.size() + " days"));
    }
}
