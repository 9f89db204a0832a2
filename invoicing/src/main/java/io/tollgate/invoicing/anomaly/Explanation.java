package io.tollgate.invoicing.anomaly;

import io.tollgate.invoicing.usage.Product;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Why one day cost more or less than another, in parts that add up to the difference exactly.
 *
 * <p>One thing after another is changed from what it was to what it is, and what the cost changes by is that thing's part
 * (a chain of substitutions, as controllers do it: quantities at old prices first, the price at new quantities last). With
 * quantities q, costs c, and unit prices u = c / q of a product p and meter m, of the day before (0) and the day (1):
 *
 * <ol>
 *   <li><b>Volume</b>: all quantities become k times what they were, k = Σq₁ / Σq₀ over all products. Tokens of all kinds
 *       are summed, of other meters each by itself, as nothing else can be added. Part: (k − 1) · c₀.
 *   <li><b>Mix</b>: each product and meter gets its own quantity, at the old prices; but prompts are still split into
 *       fresh, read from a cache and written to one as they were in that product. Part: Σ q′·u₀ − k · c₀, where q′ = q₁,
 *       and of a prompt's meters q′ = Σq₁ · q₀ / Σq₀ over those of the same kind (text, images, audio).
 *   <li><b>Cache hits</b>: prompts are split as they are now. Part: Σ q₁·u₀ − Σ q′·u₀.
 *   <li><b>Price</b>: unit prices become what they are now. Part: c₁ − Σ q₁·u₀. What a tier, a discount or a reservation
 *       makes of the same price list is a price, too: the unit costs something else.
 * </ol>
 *
 * <p>What was not there before has no old price, and is taken at its new one: a new product is mix, a cache used for the
 * first time is cache hits. What is no longer there is mix. If nothing of a measure was used on one of the days, there are no
 * shares to compare, and all of it is volume. A cost without a quantity is price.
 *
 * <p>Each part is that of all products together, and of each the same is told.
 *
 * @param before what the one day cost
 * @param after what the other day cost
 * @param parts of {@code after − before}
 * @param products those whose cost changed, the largest change first; theirs add up to {@code parts}
 */
public record Explanation(BigDecimal before, BigDecimal after, CostParts parts, List<OfProduct> products) {

    /** Whether there was any usage of a product on both days. */
    public enum Presence {
        BOTH,
        NEW,
        GONE
    }

    /**
     * The same of one product.
     *
     * @param before 0 if it was not used
     * @param after 0 if it is not used any more
     */
    public record OfProduct(Product product, Presence presence, BigDecimal before, BigDecimal after, CostParts parts) {
        public BigDecimal difference() {
            return after.subtract(before);
        }
    }

    public Explanation {
        products = List.copyOf(products);
    }

    public BigDecimal difference() {
        return after.subtract(before);
    }

    /** What changed from the usage of one day to that of another; rows of the same product and meter are added. */
    public static Explanation of(List<Consumption> before, List<Consumption> after) {
        SortedMap<String, Measure> measures = new TreeMap<>();
        before.forEach(each -> measure(measures, each).addBefore(each));
        after.forEach(each -> measure(measures, each).addAfter(each));
        SortedSet<Product> products = new TreeSet<>();
        before.forEach(each -> products.add(each.product()));
        after.forEach(each -> products.add(each.product()));
        List<OfProduct> changes = products.stream()
                .map(product -> change(product, measures, before, after))
                .filter(change -> !change.parts().areNothing())
                .sorted(Comparator.comparing(
                                (OfProduct change) -> change.difference().abs())
                        .reversed()
                        .thenComparing(OfProduct::product))
                .toList();
        return new Explanation(
                cost(before),
                cost(after),
                changes.stream().map(OfProduct::parts).reduce(CostParts.NONE, CostParts::plus),
                changes);
    }

    private static Measure measure(SortedMap<String, Measure> measures, Consumption each) {
        return measures.computeIfAbsent(Meters.measure(each.meter()), name -> new Measure());
    }

    private static OfProduct change(
            Product product, SortedMap<String, Measure> measures, List<Consumption> before, List<Consumption> after) {
        List<Consumption> was = of(product, before);
        List<Consumption> is = of(product, after);
        CostParts parts = measures.values().stream()
                .map(measure -> measure.parts(product))
                .reduce(CostParts.NONE, CostParts::plus);
        Presence presence = was.isEmpty() ? Presence.NEW : is.isEmpty() ? Presence.GONE : Presence.BOTH;
        BigDecimal difference = cost(is).subtract(cost(was));
        return new OfProduct(product, presence, cost(was), cost(is), parts.addingUpTo(difference));
    }

    private static List<Consumption> of(Product product, List<Consumption> all) {
        return all.stream().filter(each -> each.product().equals(product)).toList();
    }

    static BigDecimal cost(List<Consumption> all) {
        return all.stream()
                .map(Consumption::cost)
                .reduce(BigDecimal.ZERO, BigDecimal::add)
                .stripTrailingZeros();
    }
}
