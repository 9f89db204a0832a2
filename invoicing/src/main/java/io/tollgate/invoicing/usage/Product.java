package io.tollgate.invoicing.usage;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
        return ORDER.compare(this, other);
    }
}
