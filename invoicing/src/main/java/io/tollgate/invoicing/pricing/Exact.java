package io.tollgate.invoicing.pricing;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/** What a number in a price must be, so that all that is made of it is exact. */
final class Exact {

    private Exact() {}

    /**
     * The amount in the one form that equal amounts have.
     *
     * @throws IllegalArgumentException if it is negative
     */
    static BigDecimal amount(BigDecimal amount, String what) {
        if (amount.signum() < 0) {
            throw new IllegalArgumentException(what + " cannot be negative: " + amount.toPlainString());
        }
        // 2.5 and 2.50 are the same price, and must be equal.
        BigDecimal stripped = amount.signum() == 0 ? BigDecimal.ZERO : amount.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0, RoundingMode.UNNECESSARY) : stripped;
    }

    /** @throws IllegalArgumentException unless the number is a product of twos and fives, as dividing by others never ends */
    static void divisor(long per) {
        if (per < 1) {
            throw new IllegalArgumentException("a price must be per 1 unit or more, not per " + per);
        }
        if (withoutFactor(withoutFactor(per, 2), 5) != 1) {
            throw new IllegalArgumentException(
                    "a price per " + per + " has no exact decimal: only products of 2 and 5 may be divided by");
        }
    }

    /** The number divided by what {@link #divisor} lets pass. Mostly a power of ten, which only moves the point. */
    static BigDecimal quotient(BigDecimal number, long per) {
        int zeros = 0;
        long rest = per;
        while (rest % 10 == 0) {
            rest /= 10;
            zeros++;
        }
        BigDecimal moved = number.movePointLeft(zeros);
        return rest == 1 ? moved : moved.divide(BigDecimal.valueOf(rest));
    }

    /** @throws IllegalArgumentException if the quantity is zero or less */
    static void positive(BigInteger quantity, String what) {
        if (quantity.signum() <= 0) {
            throw new IllegalArgumentException(what + " must be more than 0, not " + quantity);
        }
    }

    private static long withoutFactor(long number, long factor) {
        long rest = number;
        while (rest % factor == 0) {
            rest /= factor;
        }
        return rest;
    }
}
