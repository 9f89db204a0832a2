package io.tollgate.cli.replay;

import io.tollgate.emitter.Emitted;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where in Kafka acknowledged events stand, as ranges of neighbouring offsets: others may send at the same time. Safe for
 * use by many threads.
 */
final class Places {

    private static final Pattern PLACE = Pattern.compile("(.+)-(\\d{1,9})@(\\d{1,18})");

    private record Partition(String topic, int number) {}

    /** Of each partition the last offset of each range, by its first. */
    private final Map<Partition, TreeMap<Long, Long>> ranges = new HashMap<>();

    synchronized void add(Emitted place) {
        TreeMap<Long, Long> known =
                ranges.computeIfAbsent(new Partition(place.topic(), place.partition()), partition -> new TreeMap<>());
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
        long offset = Long.parseLong(place.group(3));
        TreeMap<Long, Long> known = ranges.get(new Partition(place.group(1), Integer.parseInt(place.group(2))));
        Map.Entry<Long, Long> range = known == null ? null : known.floorEntry(offset);
        return range != null && range.getValue() >= offset;
    }
}
