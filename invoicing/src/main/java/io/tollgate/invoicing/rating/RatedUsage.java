package io.tollgate.invoicing.rating;

import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.pricing.AppliedPrice;
import io.tollgate.invoicing.pricing.Reserved;
import io.tollgate.invoicing.pricing.Stretch;
import io.tollgate.invoicing.usage.Product;
import io.tollgate.invoicing.usage.TimeRange;
import java.math.BigInteger;
import java.util.Optional;
import java.util.SortedMap;

/**
 * One meter of a usage total, priced and unrounded.
 *
 * @param range the stretch of time that the usage lies in
 * @param pricedOver the stretch around it, within its billing period, over which this very price applies: the service
 *     period of its invoice line, however finely the usage was cut
 * @param tags those that usage was told apart by
 * @param stretch where its quantity lies among all that counts together
 * @param cover what a reservation covers of the usage of a window; empty for usage at standard prices
 */
public record RatedUsage(
        TimeRange range,
        TimeRange pricedOver,
        String tenant,
        String project,
        SortedMap<String, String> tags,
        Product product,
        String meter,
        Stretch stretch,
        AppliedPrice price,
        Optional<Cover> cover) {

    /**
     * A reservation that covers usage.
     *
     * @param isFull whether it had nothing left in that window
     */
    public record Cover(Reserved by, boolean isFull) {}

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
        return new RatedUsage(range, pricedOver, tenant, project, tags, product, meter, place, price, cover);
    }
}
