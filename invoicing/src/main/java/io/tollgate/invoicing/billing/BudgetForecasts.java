package io.tollgate.invoicing.billing;

import io.tollgate.invoicing.alert.BudgetAlerts.Expected;
import io.tollgate.invoicing.alert.BudgetForecast.Forecaster;
import io.tollgate.invoicing.forecast.Projection;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** Forecasts budgets as spend is forecast. */
public final class BudgetForecasts implements Forecaster {

    @Override
    public Optional<Expected> remaining(List<BigDecimal> pastDays, int daysLeft) {
        return Projection.of(pastDays, daysLeft)
                .map(projection -> new Expected(projection.expected(), projection.method()));
    }
}
