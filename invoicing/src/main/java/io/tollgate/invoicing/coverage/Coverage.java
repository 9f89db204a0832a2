package io.tollgate.invoicing.coverage;

import io.tollgate.invoicing.usage.Product;
import java.math.BigInteger;
import java.util.List;

/**
 * What of the usage of a period has a price.
 *
 * @param priced how many meters of products have one, all the time that they were used
 * @param unpriced what has none, in order of product and meter
 * @param ties what has more than one, in the same order; only in drafts, since such a book cannot be published
 */
public record Coverage(int priced, List<Gap> unpriced, List<Tie> ties) {

    public Coverage {
        unpriced = List.copyOf(unpriced);
        ties = List.copyOf(ties);
    }

    /**
     * Usage without a price.
     *
     * @param quantity in the meter's base unit
     * @param tenants how many used it; 0 for usage that names nobody who can be billed
     */
    public record Gap(Product product, String meter, BigInteger quantity, int tenants) {}

    /**
     * Usage that several rate cards price, of which none matches more narrowly.
     *
     * @param cards their names
     */
    public record Tie(Product product, String meter, List<String> cards, BigInteger quantity, int tenants) {}
}
