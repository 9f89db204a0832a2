package io.tollgate.invoicing.usage;

import java.math.BigInteger;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Which meters of which tenants are in doubt in which billing period, whatever their product. */
public final class Doubts {

    private record Subject(TimeRange period, String tenant, String meter) {}

    private record Sum(Subject subject, Product product) {}

    private final List<TimeRange> periods;
    private final Map<Subject, Doubt> doubts;

    private Doubts(List<TimeRange> periods, Map<Subject, Doubt> doubts) {
        this.periods = periods;
        this.doubts = doubts;
    }

    /**
     * What speaks against usage of some billing periods.
     *
     * @param periods that all of it lies in
     * @param sums totals of what adds up by itself
     * @param observed what was observed of meters that do not
     * @param unmatched where reversals missed what they take back, with a quantity of zero
     */
    public static Doubts of(
            List<TimeRange> periods,
            Collection<UsageTotal> sums,
            Collection<Observed> observed,
            Collection<Attribution> unmatched) {
        Map<Subject, Doubt> doubts = new HashMap<>();
        unmatched.forEach(each -> doubts.put(
                new Subject(periodOf(periods, each.window()), each.tenant(), each.meter()), Doubt.UNMATCHED_REVERSAL));
        Set<Subject> doNotAddUp = new HashSet<>();
        observed.forEach(each -> doNotAddUp.add(new Subject(each.period(), each.tenant(), each.meter())));
        // However finely it is told: what comes to nothing in all is no sum of anything.
        Map<Sum, BigInteger> whole = new HashMap<>();
        sums.forEach(total -> total.quantities().forEach((meter, quantity) -> {
            Subject subject = new Subject(periodOf(periods, total.range().from()), total.tenant(), meter);
            if (doNotAddUp.contains(subject)) {
                whole.merge(new Sum(subject, total.product()), quantity, BigInteger::add);
            }
        }));
        whole.forEach((sum, quantity) -> {
            if (quantity.signum() != 0) {
                doubts.put(sum.subject(), Doubt.COUNTED_TWO_WAYS);
            }
        });
        return new Doubts(periods, doubts);
    }

    /** The total with the doubts about its meters. */
    public UsageTotal on(UsageTotal total) {
        SortedMap<String, Doubt> ofMeters = new TreeMap<>();
        TimeRange period = periodOf(periods, total.range().from());
        for (String meter : total.quantities().keySet()) {
            Doubt doubt = doubts.get(new Subject(period, total.tenant(), meter));
            if (doubt != null) {
                ofMeters.put(meter, doubt);
            }
        }
        return ofMeters.isEmpty() ? total : total.doubted(ofMeters);
    }

    private static TimeRange periodOf(List<TimeRange> periods, Instant instant) {
        return periods.stream()
                .filter(period -> period.contains(instant))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(instant + " is in none of " + periods));
    }
}
