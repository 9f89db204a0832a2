package io.tollgate.invoicing.budget;

import io.tollgate.invoicing.cost.Cost;
import io.tollgate.invoicing.money.Money;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Optional;

/**
 * What was used of one meter in a day, by usage that budgets do not tell apart further.
 *
 * @param day start of the day in the tenant's zone
 * @param subject whose, as far as it was asked for
 * @param cost empty where it has no price
 */
public record Portion(Instant day, Subject subject, String meter, BigInteger quantity, Optional<Cost> cost) {

    /** As the budget counts it; nothing if it does not. */
    BigDecimal countedBy(Budget.Wish budget) {
        if (!budget.subject().covers(subject)) {
            return BigDecimal.ZERO;
        }
        if (budget.measure() instanceof Measure.OfMeter counted) {
            return counted.meter().equals(meter) ? new BigDecimal(quantity) : BigDecimal.ZERO;
        }
        return costTo(budget)
                .filter(cost -> ((Measure.OfCost) budget.measure()).currency().equals(cost.currency()))
                .map(Money::amount)
                .orElse(BigDecimal.ZERO);
    }

    /** What it cost that the budget would count, but cannot: it is billed in another currency. */
    Optional<Money> elsewhere(Budget.Wish budget) {
        return costTo(budget)
                .filter(cost -> cost.signum() != 0)
                .filter(cost -> !((Measure.OfCost) budget.measure()).currency().equals(cost.currency()));
    }

    /** Of usage that the budget is about, the cost that it is about; empty if that is a meter. */
    private Optional<Money> costTo(Budget.Wish budget) {
        return budget.measure() instanceof Measure.OfCost counted
                        && budget.subject().covers(subject)
                ? cost.map(each -> counted.kind().of(each))
                : Optional.empty();
    }
}
