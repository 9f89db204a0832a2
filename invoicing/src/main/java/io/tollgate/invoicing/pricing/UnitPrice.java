package io.tollgate.invoicing.pricing;

import io.tollgate.invoicing.money.Money;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Currency;

/**
 * A price per so many units: 2.50 per 1,000,000. What it makes of a quantity is always an exact decimal.
 *
 * @param amount in major units of the book's currency; zero says that the meter is free; never negative
 * @param per how many base units of the meter the amount buys; positive, and with no prime factor but 2 and 5, because
 *     a division by anything else has no exact decimal result
 */
public record UnitPrice(BigDecimal amount, long per) implements Rate {

    public UnitPrice {
        amount = Exact.amount(amount, "a unit price");
        Exact.divisor(per);
    }

    public static UnitPrice of(String amount, long per) {
        return new UnitPrice(new BigDecimal(amount), per);
    }

    /** Price of the quantity, exact; negative for a negative quantity (a reversal). */
    @Override
    public BigDecimal of(BigInteger quantity) {
        return Exact.quotient(amount.multiply(new BigDecimal(quantity)), per);
    }

    @Override
    public UnitPrice times(BigDecimal factor) {
        return new UnitPrice(amount.multiply(factor), per);
    }

    @Override
    public String text(Currency currency) {
        return new Money(amount, currency) + " / " + per;
    }

    /** The amount as plain decimal digits. */
    public String digits() {
        return amount.toPlainString();
    }

    @Override
    public String toString() {
        return digits() + " per " + per;
    }
}
