package io.tollgate.invoicing.contract;

import io.tollgate.invoicing.pricing.Match;
import io.tollgate.invoicing.usage.Product;
import java.util.Collections;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which usage a term is about.
 *
 * @param match of products
 * @param meters if empty, all
 */
public record Scope(Match match, SortedSet<String> meters) {

    public Scope {
        meters = Collections.unmodifiableSortedSet(new TreeSet<>(meters));
    }

    public static Scope of(Match match, Set<String> meters) {
        return new Scope(match, new TreeSet<>(meters));
    }

    public boolean covers(Product product, String meter) {
        return (meters.isEmpty() || meters.contains(meter)) && match.matches(product);
    }

    /** Whether it is about everything. */
    public boolean isAll() {
        return meters.isEmpty() && match.named().isEmpty();
    }

    /** For people: {@code input_tokens of provider=openai}. */
    @Override
    public String toString() {
        String what = meters.isEmpty() ? "all usage" : String.join(", ", meters);
        return match.named().isEmpty() ? what : what + " of " + match;
    }
}
