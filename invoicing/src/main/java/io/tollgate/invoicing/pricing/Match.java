package io.tollgate.invoicing.pricing;

import io.tollgate.invoicing.usage.Product;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Which products a rate card is for: those that have exactly the named values. A dimension that is not named may have
 * any value, so nothing named matches everything.
 */
public record Match(SortedMap<ProductDimension, String> named) {

    public Match {
        named = Collections.unmodifiableSortedMap(new TreeMap<>(named));
        String band = named.get(ProductDimension.CONTEXT_BAND);
        if (band != null && !band.matches("0|[1-9][0-9]{0,17}")) {
            throw new IllegalArgumentException("a context band is a whole number of tokens, not " + band);
        }
    }

    public static Match of(Map<ProductDimension, String> named) {
        return new Match(new TreeMap<>(named));
    }

    public boolean matches(Product product) {
        return named.entrySet().stream()
                .allMatch(entry -> entry.getKey().of(product).equals(entry.getValue()));
    }

    /** How many dimensions it names; of two cards the one that names more wins. */
    public int specificity() {
        return named.size();
    }

    /** Whether some product matches both. */
    public boolean overlaps(Match other) {
        return named.entrySet().stream()
                .allMatch(entry -> entry.getValue().equals(other.named.getOrDefault(entry.getKey(), entry.getValue())));
    }

    /** Whether it matches every product that matches both of the others, which overlap. */
    public boolean coversBoth(Match one, Match other) {
        SortedMap<ProductDimension, String> both = new TreeMap<>(one.named);
        both.putAll(other.named);
        return both.entrySet().containsAll(named.entrySet());
    }

    /** Such as {@code provider=openai model=gpt-4o}; {@code any} when nothing is named. */
    @Override
    public String toString() {
        return named.isEmpty()
                ? "any"
                : named.entrySet().stream()
                        .map(entry -> entry.getKey().label() + "=" + entry.getValue())
                        .collect(Collectors.joining(" "));
    }
}
