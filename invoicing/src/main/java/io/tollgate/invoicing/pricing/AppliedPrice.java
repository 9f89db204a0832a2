package io.tollgate.invoicing.pricing;

import io.tollgate.invoicing.money.Money;
import java.math.BigInteger;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A price together with where it stands written.
 *
 * @param book name of the price book, or {@code contract:} and the tenant
 * @param version of the book or contract
 * @param card name of the rate card in it
 * @param countedAs what all usage is counted as that counts together in a period; empty where it does not matter how
 *     much was used
 */
public record AppliedPrice(
        String book, int version, String card, MeterPrice price, Currency currency, Optional<String> countedAs) {

    /** The same price, written elsewhere. */
    public AppliedPrice as(String otherBook, int otherVersion) {
        return new AppliedPrice(otherBook, otherVersion, card, price, currency, countedAs);
    }

    /** The same price with more units included, of all that is counted under the name. */
    public AppliedPrice including(BigInteger units, String name) {
        MeterPrice more = new MeterPrice(
                price.price(), price.included().add(units), price.minimum(), price.maximum(), price.family());
        return new AppliedPrice(book, version, card, more, currency, Optional.of(name));
    }

    /** Exact. */
    public Money of(Stretch stretch) {
        return new Money(price.of(stretch), currency);
    }

    /** Whether any usage costs as many times as much as it is, so that what parts of it cost need not be told apart. */
    public boolean isPlain() {
        return price.plainRate().isPresent();
    }

    /** The price per unit, where quantity times price is all there is. */
    public Optional<UnitPrice> unitPrice() {
        return price.plainRate().filter(UnitPrice.class::isInstance).map(UnitPrice.class::cast);
    }

    /** The arithmetic; its amounts add up to {@link #of}. */
    public List<Charge> charges(Stretch stretch) {
        return price.charges(stretch);
    }

    /** The arithmetic, for people: {@code 245896 output_tokens x 10.00 USD / 1000000 = 2.45896 USD}. */
    public String explain(Stretch stretch, String meter) {
        List<Charge> charges = charges(stretch);
        if (charges.isEmpty()) {
            return stretch.quantity() + " " + meter + ", no charge = " + of(stretch);
        }
        String steps =
                charges.stream().map(charge -> charge.text(meter, currency)).collect(Collectors.joining("; "));
        return charges.size() == 1 ? steps : steps + "; in all " + of(stretch);
    }
}
