package io.tollgate.cli.crash;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What became of a load: the total of each rollup, whatever its shard, and what was kept out. The oracle and what is found
 * in ClickHouse and Kafka are of this one form, so that they can be compared.
 *
 * @param rollups by their dimensions, band and window, as one text
 * @param rejected how often each reason and original message were put together
 */
record Totals(Map<String, Total> rollups, Map<Rejected, Integer> rejected) {

    /**
     * One rollup.
     *
     * @param quantities meter to total; those that add up to zero are left out
     * @param digest the sum of its events' digests, modulo 2^128
     * @param decided what decides meters that do not add up: meter, aggregation and value as one text
     */
    record Total(Map<String, Long> quantities, long events, BigInteger digest, Set<String> decided) {

        private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(128);

        static final Total NONE = new Total(Map.of(), 0, BigInteger.ZERO);

        Total {
            Map<String, Long> nonZero = new TreeMap<>(quantities);
            nonZero.values().removeIf(total -> total == 0);
            quantities = Map.copyOf(nonZero);
            digest = digest.mod(MODULUS);
            decided = new TreeSet<>(decided);
        }

        /** Of sums only. */
        Total(Map<String, Long> quantities, long events, BigInteger digest) {
            this(quantities, events, digest, Set.of());
        }

        /** Of what decides only. */
        static Total ofDecided(Set<String> decided) {
            return new Total(Map.of(), 0, BigInteger.ZERO, decided);
        }

        Total plus(Total other) {
            Map<String, Long> sums = new TreeMap<>(quantities);
            other.quantities.forEach((meter, amount) -> sums.merge(meter, amount, Math::addExact));
            Set<String> all = new TreeSet<>(decided);
            all.addAll(other.decided);
            return new Total(sums, events + other.events, digest.add(other.digest), all);
        }
    }

    /** @param message the original's bytes, in hexadecimal */
    record Rejected(String reason, String message) implements Comparable<Rejected> {

        @Override
        public int compareTo(Rejected other) {
            int byReason = reason.compareTo(other.reason);
            return byReason == 0 ? message.compareTo(other.message) : byReason;
        }
    }

    /** How many events are in the rollups. */
    long events() {
        return rollups.values().stream().mapToLong(Total::events).sum();
    }

    /** How many events were kept out, by reason. */
    Map<String, Integer> rejectedByReason() {
        Map<String, Integer> counts = new TreeMap<>();
        rejected.forEach((rejection, count) -> counts.merge(rejection.reason(), count, Integer::sum));
        return counts;
    }

    /** A sentence for each rollup and each rejected message on which the two disagree; empty when they are equal. */
    List<String> differencesTo(Totals found) {
        List<String> differences = new ArrayList<>();
        differences("rollup", rollups, found.rollups, differences);
        differences("rejected", rejected, found.rejected, differences);
        return differences;
    }

    private static <K extends Comparable<K>, V> void differences(
            String what, Map<K, V> wanted, Map<K, V> found, List<String> differences) {
        Set<K> keys = new TreeSet<>(wanted.keySet());
        keys.addAll(found.keySet());
        for (K key : keys) {
            V want = wanted.get(key);
            V have = found.get(key);
            if (want == null || !want.equals(have)) {
                differences.add("%s %s: wanted %s, found %s"
                        .formatted(what, key, want == null ? "nothing" : want, have == null ? "nothing" : have));
            }
        }
    }
}
