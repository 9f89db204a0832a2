package io.tollgate.invoicing.invoice;

import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.pricing.AppliedPrice;
import io.tollgate.invoicing.pricing.Charge;
import io.tollgate.invoicing.pricing.Stretch;
import io.tollgate.invoicing.tax.ExchangeRate;
import io.tollgate.invoicing.usage.Evidence;
import io.tollgate.invoicing.usage.Product;
import io.tollgate.invoicing.usage.TimeRange;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/**
 * A charge for one meter of one product at one price.
 *
 * @param number from 1
 * @param servicePeriod when the usage happened: the part of the billing period over which the price applied
 * @param stretch where the quantity lies among all that counts together
 * @param exactAmount unrounded
 * @param shownAmount in whole minor units; the shown amounts add up to the subtotal
 * @param evidence of all usage of the product in the service period, which the line's events are among
 * @param conversion what the price's amount was multiplied by; empty if the price is in the invoice's currency
 * @param reserved what it has of a reservation that covers it; empty for a line at standard prices
 */
public record InvoiceLine(
        int number,
        Product product,
        String meter,
        TimeRange servicePeriod,
        Stretch stretch,
        AppliedPrice price,
        Money exactAmount,
        Money shownAmount,
        Evidence evidence,
        Optional<ExchangeRate> conversion,
        Optional<ReservedUse> reserved) {

    /** In the meter's base unit; zero only where a price charges for no usage. */
    public BigInteger quantity() {
        return stretch.quantity();
    }

    /** Whether reversals outweigh usage, so that closing it would pay somebody for what nobody can show. */
    public boolean isNegative() {
        return quantity().signum() < 0;
    }

    /** What it is for, for people. */
    public String description() {
        return product.label() + ": " + meter
                + reserved.map(use -> " (reservation " + use.reservation() + ")")
                        .orElse("");
    }

    /** The arithmetic, step by step; its amounts add up to the exact amount, before it is converted. */
    public List<Charge> charges() {
        return price.charges(stretch);
    }

    /** The arithmetic, for people. */
    public String explanation() {
        if (reserved.isPresent()) {
            return quantity() + " " + meter + " " + reserved.get().text() + " = " + exactAmount;
        }
        String arithmetic = price.explain(stretch, meter);
        return conversion
                .map(rate -> arithmetic + "; x " + rate.rate().toPlainString() + " " + rate.to() + " (" + rate.source()
                        + ", " + rate.effectiveFrom() + ") = " + exactAmount)
                .orElse(arithmetic);
    }
}
