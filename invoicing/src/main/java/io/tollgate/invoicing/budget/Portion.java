package io.tollgate.invoicing.budget;

import io.tollgate.invoicing.cost.Cost;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Optional;

/**
 * What was used of one meter in a day, by usage that budgets do not tell apart further.
 *
 * @param day start of the day in the tenant's zone, or of the range if that lies in the day
 * @param subject whose, with the tags that were asked for
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
        Measure.OfCost counted = (Measure.OfCost) budget.measure();
        return cost.map(each -> counted.kind().of(each))
                .filter(money -> money.currency().equals(counted.currency()))
                .map(money -> money.amount())
                .orElse(BigDecimal.ZERO);
    }
}
