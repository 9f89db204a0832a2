package io.tollgate.invoicing.rating;

import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.pricing.AppliedPrice;
import io.tollgate.invoicing.pricing.Stretch;
import io.tollgate.invoicing.usage.Product;
import io.tollgate.invoicing.usage.TimeRange;
import java.math.BigInteger;

/**
 * One meter of a usage total, priced and unrounded.
 *
 * @param range the stretch of time that the usage lies in
 * @param pricedOver the stretch around it, within its billing period, over which this very price applies: the service
 *     period of its invoice line, however finely the usage was cut
 * @param stretch where its quantity lies among all that counts together
 */
public record RatedUsage(
        TimeRange range,
        TimeRange pricedOver,
        String tenant,
        String project,
        Product product,
        String meter,
        Stretch stretch,
        AppliedPrice price) {

    /** In the meter's base unit; negative for reversals; zero only where a price charges for no usage. */
    public BigInteger quantity() {
        return stretch.quantity();
    }

    /** Exact. */
    public Money amount() {
        return price.of(stretch);
    }

    /** The arithmetic, for people. */
    public String explanation() {
        return price.explain(stretch, meter);
    }

    RatedUsage at(Stretch place) {
        return new RatedUsage(range, pricedOver, tenant, project, product, meter, place, price);
    }
}
