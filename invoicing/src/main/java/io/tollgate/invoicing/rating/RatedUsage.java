package io.tollgate.invoicing.rating;

import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.pricing.AppliedPrice;
import io.tollgate.invoicing.usage.Product;
import io.tollgate.invoicing.usage.TimeRange;
import java.math.BigInteger;

/**
 * One meter of a usage total, priced and unrounded.
 *
 * @param range the stretch of time that the usage lies in
 * @param pricedOver the stretch around it, within what was rated, over which this very price applies: the service period
 *     of its invoice line, however finely the usage was cut
 * @param quantity in the meter's base unit; never zero; negative for reversals
 */
public record RatedUsage(
        TimeRange range,
        TimeRange pricedOver,
        String tenant,
        String project,
        Product product,
        String meter,
        BigInteger quantity,
        AppliedPrice price) {

    /** Exact. */
    public Money amount() {
        return price.of(quantity);
    }

    /** The arithmetic, for people. */
    public String explanation() {
        return price.explain(quantity, meter);
    }
}
