package io.tollgate.invoicing.pricing;

import io.tollgate.invoicing.usage.Product;
import io.tollgate.invoicing.usage.ProductPattern;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which products a rate card is for: those that have the named values. A value is exact, or a pattern in which {@code *}
 * stands for any characters ({@code gpt-4o*} for a family of models). A dimension that is not named may have any value,
 * so nothing named matches everything.
 */
public record Match(SortedMap<ProductDimension, String> named) {

    public Match {
        named = Collections.unmodifiableSortedMap(new TreeMap<>(named));
        String band = named.get(ProductDimension.CONTEXT_BAND);
        if (band != null && !band.matches("0|[1-9][0-9]{0,17}")) {
            throw new IllegalArgumentException("a context band is a whole number of tokens, not " + band);
        }
        named.forEach((dimension, value) -> {
            if (Glob.isPattern(value) && Glob.literals(value) == 0) {
                throw new IllegalArgumentException("a pattern of nothing but stars fits everything; leave "
                        + dimension.label() + " out to match any");
            }
        });
    }

    public static Match of(Map<ProductDimension, String> named) {
        return new Match(new TreeMap<>(named));
    }

    public boolean matches(Product product) {
        for (Map.Entry<ProductDimension, String> entry : named.entrySet()) {
            if (!Glob.covers(entry.getValue(), entry.getKey().of(product))) {
                return false;
            }
        }
        return true;
    }

    /** The same, for whoever looks for products where they are stored. */
    public ProductPattern pattern() {
        SortedMap<String, String> values = new TreeMap<>();
        named.forEach((dimension, value) -> values.put(dimension.label(), value));
        return new ProductPattern(values);
    }

    public Specificity specificity() {
        int exact = 0;
        int literals = 0;
        for (String value : named.values()) {
            if (Glob.isPattern(value)) {
                literals += Glob.literals(value);
            } else {
                exact++;
            }
        }
        return new Specificity(named.size(), exact, literals);
    }

    /** The value that a product must have there; empty for any, or a pattern. */
    Optional<String> exactly(ProductDimension dimension) {
        return Optional.ofNullable(named.get(dimension)).filter(value -> !Glob.isPattern(value));
    }

    /** Whether some product matches both. */
    public boolean overlaps(Match other) {
        for (Map.Entry<ProductDimension, String> entry : named.entrySet()) {
            String theirs = other.named.get(entry.getKey());
            if (theirs != null && !Glob.overlap(entry.getValue(), theirs)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether it surely matches every product that matches both of the others, which overlap: in each dimension that it
     * names, it covers all that one of them leaves open. It may say no where two patterns only together leave less open.
     */
    public boolean coversBoth(Match one, Match other) {
        return named.entrySet().stream()
                .allMatch(entry ->
                        covers(entry, one.named.get(entry.getKey())) || covers(entry, other.named.get(entry.getKey())));
    }

    private static boolean covers(Map.Entry<ProductDimension, String> entry, @Nullable String value) {
        return value != null && Glob.covers(entry.getValue(), value);
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
