package io.tollgate.invoicing.pricing;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * A price per so many units: 2.50 per 1,000,000. What it makes of a quantity is always an exact decimal.
 *
 * @param amount in major units of the book's currency; zero says that the meter is free; never negative
 * @param per how many base units of the meter the amount buys; positive, and with no prime factor but 2 and 5, because
 *     a division by anything else has no exact decimal result
 */
public record UnitPrice(BigDecimal amount, long per) {

    public UnitPrice {
        if (amount.signum() < 0) {
            throw new IllegalArgumentException("a unit price cannot be negative: " + amount.toPlainString());
        }
        if (per < 1) {
            throw new IllegalArgumentException("a price must be per 1 unit or more, not per " + per);
        }
        if (withoutFactor(withoutFactor(per, 2), 5) != 1) {
            throw new IllegalArgumentException(
                    "a price per " + per + " has no exact decimal: only products of 2 and 5 may be divided by");
        }
        // 2.5 and 2.50 are the same price, and must be equal.
        amount = amount.signum() == 0 ? BigDecimal.ZERO : amount.stripTrailingZeros();
        if (amount.scale() < 0) {
            amount = amount.setScale(0, RoundingMode.UNNECESSARY);
        }
    }

    public static UnitPrice of(String amount, long per) {
        return new UnitPrice(new BigDecimal(amount), per);
    }

    /** Price of the quantity, exact; negative for a negative quantity (a reversal). */
    public BigDecimal of(BigInteger quantity) {
        return amount.multiply(new BigDecimal(quantity)).divide(BigDecimal.valueOf(per));
    }

    /** The amount as plain decimal digits. */
    public String digits() {
        return amount.toPlainString();
    }

    @Override
    public String toString() {
        return digits() + " per " + per;
    }

    private static long withoutFactor(long number, long factor) {
        long rest = number;
        while (rest % factor == 0) {
            rest /= factor;
        }
        return rest;
    }
}
