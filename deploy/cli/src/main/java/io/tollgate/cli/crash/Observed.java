package io.tollgate.cli.crash;

import io.tollgate.aggregator.rollup.Deciding;
import io.tollgate.events.UsageEvent;
import io.tollgate.meters.Aggregation;
import io.tollgate.meters.MeterCatalogue;
import io.tollgate.meters.MeterDefinition;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The oracle of one rollup's meters that do not add up: how often each value was observed, less how often taken back. */
final class Observed {

    private static final String PEAK = "peak";
    private static final String USERS = "users";

    /** What the aggregators under test count by. */
    static final MeterCatalogue METERS = MeterCatalogue.usual()
            .plus(List.of(
                    MeterDefinition.of(PEAK, "request", Aggregation.MAX, ""),
                    MeterDefinition.of(USERS, "user", Aggregation.UNIQUE_COUNT, "")));

    private final TreeMap<Long, Integer> peaks = new TreeMap<>();
    private final TreeMap<Long, Integer> users = new TreeMap<>();

    /** A quantity of each such meter. Zero is none: a reversal of a reversal of zero cannot be told from a reversal. */
    static Map<String, Long> quantities(long peak, long user) {
        return Map.of(PEAK, peak + 1, USERS, user + 1);
    }

    /** The quantities of those that add up. */
    static Map<String, Long> sums(UsageEvent event) {
        Map<String, Long> sums = new TreeMap<>(event.getQuantities());
        sums.keySet().removeAll(Set.of(PEAK, USERS));
        return sums;
    }

    void add(UsageEvent event) {
        add(peaks, event.getQuantities().getOrDefault(PEAK, 0L));
        add(users, event.getQuantities().getOrDefault(USERS, 0L));
    }

    private static void add(Map<Long, Integer> values, long amount) {
        values.merge(Math.abs(amount), Long.signum(amount), Integer::sum);
    }

    /** As ClickHouse must tell it; see {@link Deciding}. */
    Set<String> decided() {
        Set<String> decided = new TreeSet<>();
        counting(users).forEach(user -> decided.add(text(USERS, Aggregation.UNIQUE_COUNT.code(), user)));
        counting(peaks).stream()
                .max(Long::compare)
                .ifPresent(peak -> decided.add(text(PEAK, Aggregation.MAX.code(), peak)));
        unmatched(USERS, users, decided);
        unmatched(PEAK, peaks, decided);
        return decided;
    }

    private static Set<Long> counting(Map<Long, Integer> values) {
        return values.entrySet().stream()
                .filter(value -> value.getValue() > 0)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /** Events may be taken back more than once. */
    private static void unmatched(String meter, Map<Long, Integer> values, Set<String> decided) {
        values.entrySet().stream()
                .filter(value -> value.getValue() < 0)
                .map(Map.Entry::getKey)
                .min(Long::compare)
                .ifPresent(value -> decided.add(text(meter, Deciding.UNMATCHED, value)));
    }

    private static String text(String meter, String aggregation, long value) {
        return meter + " " + aggregation + " " + value;
    }
}
