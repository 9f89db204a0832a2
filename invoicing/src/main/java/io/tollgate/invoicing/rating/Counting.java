package io.tollgate.invoicing.rating;

import io.tollgate.invoicing.pricing.Stretch;
import io.tollgate.invoicing.usage.TimeRange;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Finds where usage lies among all that counts together: what is used in a billing period, by all tenants that somebody
 * pays for, of all that has the same {@linkplain io.tollgate.invoicing.pricing.AppliedPrice#countedAs() family}.
 *
 * <p>Usage is counted in the order in which its lines stand on an invoice: by tenant, product, meter and time. So each line is
 * one stretch, and the same one however finely usage was cut and wherever a price changed; and a price that changes goes
 * on where the one before it stopped.
 */
final class Counting {

    private record Together(TimeRange period, String payer, String countedAs) implements Comparable<Together> {

        private static final Comparator<Together> ORDER = Comparator.comparing(Together::period)
                .thenComparing(Together::payer)
                .thenComparing(Together::countedAs);

        @Override
        public int compareTo(Together other) {
            return ORDER.compare(this, other);
        }
    }

    private static final Comparator<RatedUsage> ORDER = Comparator.comparing(RatedUsage::tenant)
            .thenComparing(RatedUsage::product)
            .thenComparing(RatedUsage::meter)
            .thenComparing(RatedUsage::range)
            .thenComparing(RatedUsage::project)
            .thenComparing(each -> each.tags().toString())
            .thenComparing(RatedUsage::quantity);

    private final Map<Together, List<RatedUsage>> counted = new TreeMap<>();

    /** Adds usage that is not in its place yet. */
    void add(TimeRange period, String payer, String countedAs, RatedUsage usage) {
        counted.computeIfAbsent(new Together(period, payer, countedAs), key -> new ArrayList<>())
                .add(usage);
    }

    /** All of it in its place, in the order in which it is counted. */
    List<RatedUsage> placed() {
        List<RatedUsage> placed = new ArrayList<>();
        counted.values().forEach(usage -> placed.addAll(place(usage)));
        return placed;
    }

    private static List<RatedUsage> place(List<RatedUsage> usage) {
        usage.sort(ORDER);
        List<RatedUsage> used =
                usage.stream().filter(each -> each.quantity().signum() != 0).toList();
        if (used.isEmpty()) {
            // Nothing was used, which costs something where a price says so; once, however many products used nothing.
            return usage.stream()
                    .limit(1)
                    .filter(each -> each.amount().amount().signum() != 0)
                    .toList();
        }
        BigInteger total = used.stream().map(RatedUsage::quantity).reduce(BigInteger.ZERO, BigInteger::add);
        List<RatedUsage> placed = new ArrayList<>();
        BigInteger position = BigInteger.ZERO;
        for (RatedUsage each : used) {
            BigInteger next = position.add(each.quantity());
            placed.add(each.at(new Stretch(position, next, total)));
            position = next;
        }
        return placed;
    }
}
