package io.tollgate.aggregator.rollup;

import io.tollgate.events.EventDigest;
import io.tollgate.events.UsageEvent;
import io.tollgate.events.UsageRollup;
import io.tollgate.schemas.Digest;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The total of a set of events of one key. Adding is commutative and associative, so the order of arrival leaves no
 * trace.
 *
 * @param quantities meter to total in its base unit
 * @param eventCount how many events are in it, reversals included
 * @param digest the digests of its events, added up
 */
public record Rollup(SortedMap<String, Long> quantities, long eventCount, Digest digest) {

    public static final Rollup EMPTY = new Rollup(new TreeMap<>(), 0, Digest.ZERO);

    public Rollup {
        quantities = Collections.unmodifiableSortedMap(new TreeMap<>(quantities));
    }

    /**
     * This rollup with one more event in it.
     *
     * @param eventDigest the event's own digest
     * @throws ArithmeticException when a total would pass 2^63-1; this rollup is then unchanged
     */
    public Rollup plus(UsageEvent event, Digest eventDigest) {
        TreeMap<String, Long> sums = new TreeMap<>(quantities);
        for (Map.Entry<String, Long> quantity : event.getQuantities().entrySet()) {
            sums.merge(quantity.getKey(), quantity.getValue(), Math::addExact);
        }
        return new Rollup(sums, Math.addExact(eventCount, 1), digest.plus(eventDigest));
    }

    /**
     * Grows with each event, and is a function of the events alone: rebuilt from nothing, a rollup arrives at the same
     * version, so a reader that keeps the highest never has to know about rebuilds.
     */
    public long version() {
        return eventCount;
    }

    /** The record for the rollups topic. */
    public UsageRollup toRecord(RollupKey key) {
        return UsageRollup.newBuilder()
                .setWindowStart(key.windowStart())
                .setDimensions(key.dimensions())
                .setContextBand(key.contextBand())
                .setShard(key.shard())
                .setQuantities(quantities)
                .setEventCount(eventCount)
                .setDigest(new EventDigest(digest.toBytes()))
                .setVersion(version())
                .build();
    }

    /** The rollup that a record of the rollups topic stands for. */
    public static Rollup of(UsageRollup record) {
        return new Rollup(
                new TreeMap<>(record.getQuantities()),
                record.getEventCount(),
                Digest.ofBytes(record.getDigest().bytes()));
    }
}
