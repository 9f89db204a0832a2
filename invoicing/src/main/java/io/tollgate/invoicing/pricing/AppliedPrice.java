package io.tollgate.invoicing.pricing;

import io.tollgate.invoicing.money.Money;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A price together with where it stands written.
 *
 * @param book name of the price book
 * @param version of the book
 * @param card name of the rate card in it
 * @param countedAs what all usage is counted as that counts together in a period; empty where it does not matter how
 *     much was used
 */
public record AppliedPrice(
        String book, int version, String card, MeterPrice price, Currency currency, Optional<String> countedAs) {

    /** Exact. */
    public Money of(Stretch stretch) {
        return new Money(price.of(stretch), currency);
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
