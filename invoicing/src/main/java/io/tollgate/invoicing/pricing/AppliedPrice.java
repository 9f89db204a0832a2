package io.tollgate.invoicing.pricing;

import io.tollgate.invoicing.money.Money;
import java.math.BigInteger;
import java.util.Currency;

/**
 * A price together with where it stands written.
 *
 * @param book name of the price book
 * @param version of the book
 * @param card name of the rate card in it
 */
public record AppliedPrice(String book, int version, String card, UnitPrice unitPrice, Currency currency) {

    /** Exact. */
    public Money of(BigInteger quantity) {
        return new Money(unitPrice.of(quantity), currency);
    }

    /** What {@link UnitPrice#per()} units cost. */
    public Money unitAmount() {
        return new Money(unitPrice.amount(), currency);
    }

    /** The arithmetic, for people: {@code 245896 output_tokens x 10.00 USD / 1000000 = 2.45896 USD}. */
    public String explain(BigInteger quantity, String meter) {
        return quantity + " " + meter + " x " + unitAmount() + " / " + unitPrice.per() + " = " + of(quantity);
    }
}
