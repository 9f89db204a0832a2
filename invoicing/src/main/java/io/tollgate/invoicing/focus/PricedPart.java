package io.tollgate.invoicing.focus;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * A part of some usage that one unit price is enough for: quantity times either price is exactly what it costs. Unit prices
 * are in the currency of the prices, and never negative; what is taken back has a negative quantity.
 *
 * @param label what tells it from the other parts of its price, such as {@code tier-1000000}; empty for a plain unit price
 * @param consumed in the meter's base unit; zero of what is charged beside the quantity
 * @param quantity that is multiplied, in {@code per} base units; of packages their number, of fees one
 * @param per base units that the unit prices are for; zero of fees, which are for nothing that is counted
 */
record PricedPart(
        String label,
        BigInteger consumed,
        BigDecimal quantity,
        BigInteger per,
        BigDecimal listPrice,
        BigDecimal contractedPrice) {

    BigDecimal list() {
        return quantity.multiply(listPrice);
    }

    BigDecimal contracted() {
        return quantity.multiply(contractedPrice);
    }

    /** At prices that many times as high. */
    PricedPart times(BigDecimal factor) {
        return new PricedPart(
                label, consumed, quantity, per, listPrice.multiply(factor), contractedPrice.multiply(factor));
    }

    /** Neither priced nor consumed. */
    boolean isNothing() {
        return consumed.signum() == 0 && list().signum() == 0 && contracted().signum() == 0;
    }
}
