package io.tollgate.invoicing.usage;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Which meters of which tenants are in doubt, whatever their product. */
public final class Doubts {

    private record Subject(String tenant, String meter) {}

    private final Map<Subject, Doubt> doubts;

    private Doubts(Map<Subject, Doubt> doubts) {
        this.doubts = doubts;
    }

    /**
     * What speaks against usage of one period.
     *
     * @param sums totals of what adds up by itself
     * @param observed what was observed of meters that do not
     * @param unmatched where reversals missed what they take back, with a quantity of zero
     */
    public static Doubts of(
            Collection<UsageTotal> sums, Collection<Observed> observed, Collection<Attribution> unmatched) {
        Map<Subject, Doubt> doubts = new HashMap<>();
        unmatched.forEach(each -> doubts.put(new Subject(each.tenant(), each.meter()), Doubt.UNMATCHED_REVERSAL));
        Set<Subject> doNotAddUp = new HashSet<>();
        observed.forEach(each -> doNotAddUp.add(new Subject(each.tenant(), each.meter())));
        sums.forEach(total -> total.quantities().forEach((meter, quantity) -> {
            Subject subject = new Subject(total.tenant(), meter);
            if (quantity.signum() != 0 && doNotAddUp.contains(subject)) {
                doubts.put(subject, Doubt.COUNTED_TWO_WAYS);
            }
        }));
        return new Doubts(doubts);
    }

    /** The total with the doubts about its meters. */
    public UsageTotal on(UsageTotal total) {
        SortedMap<String, Doubt> ofMeters = new TreeMap<>();
        for (String meter : total.quantities().keySet()) {
            Doubt doubt = doubts.get(new Subject(total.tenant(), meter));
            if (doubt != null) {
                ofMeters.put(meter, doubt);
            }
        }
        return ofMeters.isEmpty() ? total : total.doubted(ofMeters);
    }
}
