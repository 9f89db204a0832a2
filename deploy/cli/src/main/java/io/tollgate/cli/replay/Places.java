package io.tollgate.cli.replay;

import io.tollgate.emitter.Emitted;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where in Kafka acknowledged events stand, as ranges of neighbouring offsets: others may send at the same time. Safe for
 * use by many threads.
 */
final class Places {

    private static final Pattern PLACE = Pattern.compile("(.+-\\d{1,9})@(\\d{1,18})");

    /** Of each topic-partition the last offset of each range, by its first. */
    private final TreeMap<String, TreeMap<Long, Long>> ranges = new TreeMap<>();

    Places() {}

    /** @param known as {@link #ranges} tells them */
    Places(Map<String, SortedMap<Long, Long>> known) {
        known.forEach((partition, offsets) -> ranges.put(partition, new TreeMap<>(offsets)));
    }

    synchronized void add(Emitted place) {
        TreeMap<Long, Long> known =
                ranges.computeIfAbsent(place.topic() + "-" + place.partition(), partition -> new TreeMap<>());
        Map.Entry<Long, Long> before = known.floorEntry(place.offset());
        if (before == null || before.getValue() < place.offset() - 1) {
            known.put(place.offset(), place.offset());
        } else if (before.getValue() < place.offset()) {
            known.put(before.getKey(), place.offset());
        }
    }

    /** @param origin {@code topic-partition@offset}; anything else is no place of ours */
    synchronized boolean contain(String origin) {
        Matcher place = PLACE.matcher(origin);
        if (!place.matches()) {
            return false;
        }
        long offset = Long.parseLong(place.group(2));
        TreeMap<Long, Long> known = ranges.get(place.group(1));
        Map.Entry<Long, Long> range = known == null ? null : known.floorEntry(offset);
        return range != null && range.getValue() >= offset;
    }

    /** How many there are. */
    synchronized long count() {
        return ranges.values().stream()
                .flatMap(offsets -> offsets.entrySet().stream())
                .mapToLong(range -> range.getValue() - range.getKey() + 1)
                .sum();
    }

    /** A copy: of each topic-partition the last offset of each range, by its first. */
    synchronized SortedMap<String, SortedMap<Long, Long>> ranges() {
        TreeMap<String, SortedMap<Long, Long>> copy = new TreeMap<>();
        ranges.forEach((partition, offsets) -> copy.put(partition, new TreeMap<>(offsets)));
        return copy;
    }
}
