package io.tollgate.invoicing.usage;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What was used: the dimensions of a rollup that a rate card may name. (The others say who used it.) An empty string
 * means "none" or "not told".
 *
 * @param contextBand the highest repricing threshold, in tokens, that the prompts passed; 0 when they passed none
 */
public record Product(
        String provider,
        String model,
        String acceleratorType,
        String region,
        String operation,
        String serviceTier,
        String outcome,
        long contextBand)
        implements Comparable<Product> {

    private static final Comparator<Product> ORDER = Comparator.comparing(Product::provider)
            .thenComparing(Product::model)
            .thenComparing(Product::acceleratorType)
            .thenComparing(Product::region)
            .thenComparing(Product::operation)
            .thenComparing(Product::serviceTier)
            .thenComparing(Product::outcome)
            .thenComparing(Product::contextBand);

    public Product {
        if (contextBand < 0) {
            throw new IllegalArgumentException("a context band cannot be negative: " + contextBand);
        }
    }

    /** For people: what is told of it, in order, such as {@code openai gpt-4o nvidia-h100 chat standard success}. */
    public String label() {
        String band = contextBand == 0 ? "" : "over " + contextBand + " context tokens";
        return Stream.concat(
                        List.of(provider, model, acceleratorType, region, operation, serviceTier, outcome).stream(),
                        Stream.of(band))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(" "));
    }

    @Override
    public int compareTo(Product other) {
        return this == other ? 0 : ORDER.compare(this, other);
    }

    // By hand: a key of most maps of a rating, and what records have of themselves is several times as slow.

    @Override
    public boolean equals(@Nullable Object object) {
        return this == object
                || (object instanceof Product other
                        && model.equals(other.model)
                        && provider.equals(other.provider)
                        && acceleratorType.equals(other.acceleratorType)
                        && region.equals(other.region)
                        && operation.equals(other.operation)
                        && serviceTier.equals(other.serviceTier)
                        && outcome.equals(other.outcome)
                        && contextBand == other.contextBand);
    }

    @Override
    public int hashCode() {
        int hash = provider.hashCode();
        hash = 31 * hash + model.hashCode();
        hash = 31 * hash + acceleratorType.hashCode();
        hash = 31 * hash + region.hashCode();
        hash = 31 * hash + operation.hashCode();
        hash = 31 * hash + serviceTier.hashCode();
        hash = 31 * hash + outcome.hashCode();
        return 31 * hash + Long.hashCode(contextBand);
    }
}
