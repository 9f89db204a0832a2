package io.tollgate.invoicing.contract;

import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.pricing.Match;
import java.math.BigInteger;
import java.util.Comparator;
import java.util.List;

/**
 * Seats that cost a fee per period and include usage. With a price of nothing it is a free tier, with nothing included a
 * plain fee. Both fee and inclusions are prorated by days.
 *
 * @param description for people
 * @param seats how many, 1 or more
 * @param seatPrice of a seat in a whole period, not negative
 * @param included what a seat includes
 */
public record Bundle(
        String id, String description, long seats, Money seatPrice, List<Included> included, Validity validity)
        implements Term {

    /**
     * Usage that costs nothing, whichever of the products had it.
     *
     * @param quantity of a seat in a whole period, in the meter's base unit; more than 0
     */
    public record Included(String meter, Match match, BigInteger quantity) {
        public Included {
            if (quantity.signum() <= 0) {
                throw new IllegalArgumentException("an included quantity must be more than 0, not " + quantity);
            }
        }
    }

    public Bundle {
        Term.requireId(id);
        if (seats < 1 || seats > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("seats number 1 to " + Integer.MAX_VALUE + ", not " + seats);
        }
        if (seatPrice.signum() < 0) {
            throw new IllegalArgumentException("the price of a seat cannot be negative: " + seatPrice.digits());
        }
        included = included.stream()
                .sorted(Comparator.comparing(Included::meter)
                        .thenComparing(each -> each.match().toString()))
                .toList();
        if (included.stream()
                        .map(each -> each.meter() + " of " + each.match())
                        .distinct()
                        .count()
                != included.size()) {
            throw new IllegalArgumentException("bundle " + id + " includes the same meter and products twice");
        }
    }
}
