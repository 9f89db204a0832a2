package io.tollgate.invoicing.rating;

import io.tollgate.invoicing.pricing.Prices;
import io.tollgate.invoicing.pricing.Reserved;
import io.tollgate.invoicing.rating.RatedUsage.Cover;
import io.tollgate.invoicing.usage.Product;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.UsageTotal;
import io.tollgate.invoicing.usage.Window;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * What reservations cover of usage; the rest spills over to the standard prices.
 *
 * <p>In each window all usage that somebody pays for is laid end to end, in order of tenant, product and meter, each
 * weighed; what lies within a reservation's capacity is covered, and what one reservation leaves goes to the next by id. So a larger capacity never
 * covers less of anything. It is the net of a window that is covered, over all projects: what was taken back there takes
 * no capacity, and gives none back elsewhere. Of a net below zero nothing is covered.
 */
final class SpillOver {

    /** How much of a quantity is covered, and by what. */
    record Part(Cover cover, BigInteger quantity) {}

    private record Place(TimeRange window, String payer) implements Comparable<Place> {

        private static final Comparator<Place> ORDER =
                Comparator.comparing(Place::window).thenComparing(Place::payer);

        @Override
        public int compareTo(Place other) {
            return ORDER.compare(this, other);
        }
    }

    private record Use(String tenant, Product product, String meter) implements Comparable<Use> {

        private static final Comparator<Use> ORDER =
                Comparator.comparing(Use::tenant).thenComparing(Use::product).thenComparing(Use::meter);

        @Override
        public int compareTo(Use other) {
            return ORDER.compare(this, other);
        }
    }

    private final List<UsageTotal> usage;
    private final Map<Integer, Map<String, List<Part>>> covered = new HashMap<>();

    private SpillOver(List<UsageTotal> usage) {
        this.usage = usage;
    }

    /**
     * Covers what can be.
     *
     * @param payerOf whose reservations they are that cover a tenant's usage
     * @throws IllegalArgumentException if usage of products that something is reserved for is not told by window: the
     *     caller's bug
     */
    static SpillOver of(List<UsageTotal> usage, Prices prices, UnaryOperator<String> payerOf) {
        SpillOver spillOver = new SpillOver(usage);
        Map<Place, SortedMap<Use, List<Integer>>> windows = new TreeMap<>();
        for (int i = 0; i < usage.size(); i++) {
            UsageTotal total = usage.get(i);
            List<Reserved> reserved = prices.reservedAt(total.range().from());
            if (reserved.isEmpty()) {
                continue;
            }
            for (String meter : total.quantities().keySet()) {
                if (isReserved(total, meter, reserved)) {
                    requireWindow(total);
                    windows.computeIfAbsent(
                                    new Place(total.range(), payerOf.apply(total.tenant())), key -> new TreeMap<>())
                            .computeIfAbsent(new Use(total.tenant(), total.product(), meter), key -> new ArrayList<>())
                            .add(i);
                }
            }
        }
        windows.forEach((place, uses) ->
                spillOver.cover(uses, prices.reservedAt(place.window().from())));
        return spillOver;
    }

    /** What is covered of a meter of the total with that index, in the order of the reservations; mostly nothing. */
    List<Part> of(int index, String meter) {
        return covered.isEmpty()
                ? List.of()
                : covered.getOrDefault(index, Map.of()).getOrDefault(meter, List.of());
    }

    private static boolean isReserved(UsageTotal total, String meter, List<Reserved> reserved) {
        return reserved.stream()
                        .anyMatch(each -> each.weight(total.product(), meter).isPresent())
                && total.addsUp(meter);
    }

    private static void requireWindow(UsageTotal total) {
        if (!total.range().equals(Window.at(total.range().from()))) {
            throw new IllegalArgumentException("something is reserved for "
                    + total.product().label() + ", so its usage must be told by window, not over " + total.range());
        }
    }

    /** A window of all that one pays for. */
    private void cover(SortedMap<Use, List<Integer>> uses, List<Reserved> reserved) {
        SortedMap<Use, BigInteger> left = new TreeMap<>();
        uses.forEach((use, indexes) -> left.put(
                use,
                indexes.stream()
                        .map(index -> quantity(index, use))
                        .reduce(BigInteger.ZERO, BigInteger::add)
                        .max(BigInteger.ZERO)));
        for (Reserved each : reserved) {
            BigDecimal taken = BigDecimal.ZERO;
            SortedMap<Use, BigInteger> found = new TreeMap<>();
            for (Map.Entry<Use, BigInteger> use : left.entrySet()) {
                BigDecimal weight = each.weight(
                                use.getKey().product(), use.getKey().meter())
                        .orElse(null);
                if (weight != null) {
                    found.put(use.getKey(), each.covers(use.getValue(), weight, taken));
                    taken = taken.add(weight.multiply(new BigDecimal(use.getValue())));
                }
            }
            Cover cover = new Cover(each, taken.compareTo(each.capacity()) >= 0);
            found.forEach((use, quantity) -> {
                left.merge(use, quantity, BigInteger::subtract);
                share(uses.getOrDefault(use, List.of()), use, new Part(cover, quantity));
            });
        }
    }

    /** Among the projects and tags, in order of their names: each gets no more than it used. */
    private void share(List<Integer> indexes, Use use, Part part) {
        List<Integer> byProject = new ArrayList<>(indexes);
        byProject.sort(Comparator.comparing((Integer index) -> usage.get(index).project())
                .thenComparing(index -> usage.get(index).tags().toString())
                .thenComparing(index -> quantity(index, use)));
        BigInteger rest = part.quantity();
        for (int index : byProject) {
            List<Part> parts = covered.computeIfAbsent(index, key -> new HashMap<>())
                    .computeIfAbsent(use.meter(), key -> new ArrayList<>());
            BigInteger open = quantity(index, use);
            for (Part before : parts) {
                open = open.subtract(before.quantity());
            }
            BigInteger share = rest.min(open);
            if (share.signum() > 0) {
                parts.add(new Part(part.cover(), share));
                rest = rest.subtract(share);
            }
        }
    }

    private BigInteger quantity(int index, Use use) {
        return usage.get(index).quantities().getOrDefault(use.meter(), BigInteger.ZERO);
    }
}
