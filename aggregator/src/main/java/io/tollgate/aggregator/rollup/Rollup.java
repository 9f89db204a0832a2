package io.tollgate.aggregator.rollup;

import io.tollgate.events.EventDigest;
import io.tollgate.events.UsageRollup;
import io.tollgate.schemas.Digest;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The total of a set of events of one key, to which events are added in place. Adding is commutative and associative, so
 * the order of arrival leaves no trace.
 */
final class Rollup {

    private final RollupKey key;
    private Meter[] meters = new Meter[4];
    private long[] totals = new long[4];
    private int size;
    private long eventCount;
    private long digestHigh;
    private long digestLow;
    private boolean changed;

    /** An empty one. */
    Rollup(RollupKey key) {
        this.key = key;
    }

    /** One as it was stored. */
    static Rollup of(RollupKey key, UsageRollup stored, Dictionary dictionary) {
        Rollup rollup = new Rollup(key);
        stored.getQuantities().forEach((meter, total) -> rollup.totals[rollup.place(dictionary.meter(meter))] = total);
        rollup.eventCount = stored.getEventCount();
        Digest digest = Digest.ofBytes(stored.getDigest().bytes());
        rollup.digestHigh = digest.high();
        rollup.digestLow = digest.low();
        return rollup;
    }

    RollupKey key() {
        return key;
    }

    /** Whether every total would stay within 64 bits. */
    boolean hasRoomFor(Quantities quantities) {
        for (int i = 0; i < quantities.size(); i++) {
            int place = find(quantities.meter(i));
            long total = place < 0 ? 0 : totals[place];
            long amount = quantities.amount(i);
            long sum = total + amount;
            if (((total ^ sum) & (amount ^ sum)) < 0) {
                return false;
            }
        }
        return true;
    }

    /** Adds an event that there is room for. */
    void add(Quantities quantities, EventHash hash) {
        for (int i = 0; i < quantities.size(); i++) {
            totals[place(quantities.meter(i))] += quantities.amount(i);
        }
        eventCount++;
        long low = digestLow + hash.contentLow();
        long carry = Long.compareUnsigned(low, digestLow) < 0 ? 1 : 0;
        digestLow = low;
        digestHigh += hash.contentHigh() + carry;
    }

    /** Marks it as changed since it was last stored; whether it was not before. */
    boolean markChanged() {
        boolean first = !changed;
        changed = true;
        return first;
    }

    void markStored() {
        changed = false;
    }

    /**
     * The record for the rollups topic. Its version is the event count: it grows with each event and is a function of
     * the events alone, so rebuilt from nothing a rollup arrives at the same version, and a reader that keeps the
     * highest never has to know about rebuilds.
     */
    UsageRollup toRecord() {
        SortedMap<String, Long> quantities = new TreeMap<>();
        for (int i = 0; i < size; i++) {
            quantities.put(meters[i].name(), totals[i]);
        }
        return UsageRollup.newBuilder()
                .setWindowStart(key.windowStart())
                .setDimensions(key.dimensions())
                .setContextBand(key.contextBand())
                .setShard(key.shard())
                .setQuantities(quantities)
                .setEventCount(eventCount)
                .setDigest(new EventDigest(new Digest(digestHigh, digestLow).toBytes()))
                .setVersion(eventCount)
                .build();
    }

    /** Where the meter's total is, made if it is not there. */
    private int place(Meter meter) {
        int found = find(meter);
        if (found >= 0) {
            return found;
        }
        if (size == meters.length) {
            meters = Arrays.copyOf(meters, size * 2);
            totals = Arrays.copyOf(totals, size * 2);
        }
        meters[size] = meter;
        return size++;
    }

    /** A rollup has few meters, so looking at each is quickest. */
    private int find(Meter meter) {
        for (int i = 0; i < size; i++) {
            if (meters[i] == meter) {
                return i;
            }
        }
        return -1;
    }
}
