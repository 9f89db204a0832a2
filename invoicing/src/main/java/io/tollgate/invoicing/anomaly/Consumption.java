package io.tollgate.invoicing.anomaly;

import io.tollgate.invoicing.usage.Product;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * What was used of one meter of one product, and what that cost.
 *
 * @param quantity in the meter's base unit
 * @param cost exact; all that is compared is in one currency
 */
public record Consumption(Product product, String meter, BigInteger quantity, BigDecimal cost) {

    Consumption plus(Consumption other) {
        return new Consumption(product, meter, quantity.add(other.quantity), cost.add(other.cost));
    }
}
