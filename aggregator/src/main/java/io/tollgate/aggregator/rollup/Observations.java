package io.tollgate.aggregator.rollup;

import io.tollgate.events.Observation;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the events of a rollup observed of one meter: a signed multiset. A reversal takes one away and may come first, so
 * any order of the same events leaves the same. Only what is there more often than it was taken back counts.
 */
final class Observations {

    /** @param time in microseconds since 1970; 0 where it does not matter */
    record Seen(long time, long value) {}

    private static final Comparator<Seen> ORDER =
            Comparator.comparingLong(Seen::time).thenComparingLong(Seen::value);

    private final TreeMap<Seen, Long> counts = new TreeMap<>(ORDER);

    /** Those that were stored. */
    static Observations of(List<Observation> stored) {
        Observations observations = new Observations();
        for (Observation each : stored) {
            observations.counts.put(new Seen(each.getTime(), each.getValue()), each.getCount());
        }
        return observations;
    }

    /** Adds one, or takes one back; how many entries more there are then. */
    int add(long time, long value, long direction) {
        int before = counts.size();
        counts.merge(new Seen(time, value), direction, (old, added) -> old + added == 0 ? null : old + added);
        return counts.size() - before;
    }

    /** Whether it would have an entry of its own. */
    boolean isNew(long time, long value) {
        return !counts.containsKey(new Seen(time, value));
    }

    int size() {
        return counts.size();
    }

    /** The greatest value that counts at that very time. */
    OptionalLong valueAt(long time) {
        Seen found = firstThatCounts(counts.headMap(new Seen(time, Long.MAX_VALUE), true)
                .tailMap(new Seen(time, Long.MIN_VALUE), true)
                .descendingMap());
        return found == null ? OptionalLong.empty() : OptionalLong.of(found.value());
    }

    /** The latest that counts before that time; of several the one with the greatest value. */
    @Nullable Seen lastBefore(long time) {
        return firstThatCounts(
                counts.headMap(new Seen(time, Long.MIN_VALUE), false).descendingMap());
    }

    /** The earliest that counts after that time. */
    @Nullable Seen firstAfter(long time) {
        return firstThatCounts(counts.tailMap(new Seen(time, Long.MAX_VALUE), false));
    }

    private static @Nullable Seen firstThatCounts(Map<Seen, Long> inOrder) {
        for (Map.Entry<Seen, Long> entry : inOrder.entrySet()) {
            if (entry.getValue() > 0) {
                return entry.getKey();
            }
        }
        return null;
    }

    List<Observation> toRecords() {
        return counts.entrySet().stream()
                .map(entry ->
                        new Observation(entry.getKey().time(), entry.getKey().value(), entry.getValue()))
                .toList();
    }
}
