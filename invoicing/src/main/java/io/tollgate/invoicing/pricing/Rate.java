package io.tollgate.invoicing.pricing;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Currency;
import java.util.List;

/** A price at which every unit costs the same, however many there are. Tiers are made of rates. */
public sealed interface Rate extends Price permits UnitPrice, CostRate {

    /** Exact; negative for a negative quantity (a reversal). */
    BigDecimal of(BigInteger quantity);

    @Override
    Rate times(BigDecimal factor);

    /** What the quantity is divided by: units that the figure is for. */
    long per();

    /** What the quantity is multiplied by, for people: {@code 2.50 USD / 1000000}. */
    String text(Currency currency);

    @Override
    default List<Charge> charges(BigInteger position, BigInteger total) {
        return List.of(Charge.units(position, this));
    }
}
