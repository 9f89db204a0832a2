package io.tollgate.invoicing.pricing;

import java.util.Comparator;

/**
 * How narrowly a rate card matches; of the cards that match a product and price a meter, the greatest wins. More named
 * dimensions come first, then more of them named exactly and not by a pattern, then more characters that patterns do not
 * leave open. Cards that are equal in all three and have a product in common tie, which publication refuses.
 *
 * @param named dimensions
 * @param exact those of them that are no patterns
 * @param literals characters of the patterns that are no stars, in all
 */
public record Specificity(int named, int exact, int literals) implements Comparable<Specificity> {

    private static final Comparator<Specificity> ORDER = Comparator.comparingInt(Specificity::named)
            .thenComparingInt(Specificity::exact)
            .thenComparingInt(Specificity::literals);

    @Override
    public int compareTo(Specificity other) {
        return ORDER.compare(this, other);
    }
}
