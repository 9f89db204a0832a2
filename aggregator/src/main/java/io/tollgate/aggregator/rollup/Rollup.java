package io.tollgate.aggregator.rollup;

import io.tollgate.aggregator.rollup.Observations.Seen;
import io.tollgate.events.EventDigest;
import io.tollgate.events.MeterObservations;
import io.tollgate.events.UsageRollup;
import io.tollgate.meters.Aggregation;
import io.tollgate.schemas.Digest;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The total of a set of events of one key, to which events are added in place. Adding is commutative and associative, so
 * the order of arrival leaves no trace.
 */
final class Rollup {

    /** Some 300 bytes each at most, so that a record stays below a megabyte with all observations that it may have. */
    static final int MAX_METERS = 1_000;

    private static final Observations NOTHING = new Observations();
    private static final @Nullable Observations[] NONE = new Observations[0];

    private final RollupKey key;
    private Meter[] meters = new Meter[4];
    private long[] totals = new long[4];
    /** In the places of their meters; mostly there are none. */
    private @Nullable Observations[] observed = NONE;

    private int size;
    private int observations;
    private boolean countedOtherwise;
    private long eventCount;
    /** How many events of earlier windows it depends on. */
    private long touches;

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
        stored.getQuantities().forEach((name, total) -> {
            MeterObservations others = stored.getObservations().get(name);
            Meter meter = others == null ? dictionary.meter(name, Aggregation.SUM, 0) : meter(name, others, dictionary);
            rollup.add(meter, total);
            rollup.countedOtherwise |= meter != dictionary.meter(name);
        });
        stored.getObservations().forEach((name, stayed) -> {
            Meter known = rollup.named(name);
            Meter meter = known == null ? meter(name, stayed, dictionary) : known;
            if (meter.isObserved()) {
                rollup.observed(rollup.place(meter), Observations.of(stayed.getValues()));
            }
            rollup.observations += stayed.getValues().size();
            rollup.countedOtherwise |= meter != dictionary.meter(name);
        });
        rollup.eventCount = stored.getEventCount();
        rollup.touches = stored.getVersion() - stored.getEventCount();
        Digest digest = Digest.ofBytes(stored.getDigest().bytes());
        rollup.digestHigh = digest.high();
        rollup.digestLow = digest.low();
        return rollup;
    }

    private static Meter meter(String name, MeterObservations stored, Dictionary dictionary) {
        Aggregation aggregation = Aggregation.ofCode(stored.getAggregation())
                .orElseThrow(() -> new IllegalStateException("%s was counted as %s, which only a newer version can"
                        .formatted(name, stored.getAggregation())));
        return dictionary.meter(name, aggregation, stored.getHoldSeconds());
    }

    RollupKey key() {
        return key;
    }

    /** Whether it has these meters, or they are not too many for it. */
    boolean hasPlacesFor(Quantities quantities) {
        if (size + quantities.size() <= MAX_METERS) {
            return true;
        }
        int more = 0;
        for (int i = 0; i < quantities.size(); i++) {
            if (find(quantities.meter(i)) < 0) {
                more++;
            }
        }
        return more == 0 || size + more <= MAX_METERS;
    }

    /** Why an event is kept out when there are not {@link #hasPlacesFor}. */
    Rejection tooManyMeters() {
        return new Rejection(
                RejectionReason.TOO_MANY_METERS,
                "window %s has %d meters already, and %d is the limit; tell things apart by dimensions, not by meters"
                        .formatted(key.windowStart(), size, MAX_METERS));
    }

    /** Whether the totals of these, all of them sums, would stay within 64 bits. */
    boolean hasRoomFor(Quantities quantities) {
        for (int i = 0; i < quantities.size(); i++) {
            if (!hasRoomFor(quantities.meter(i), quantities.amount(i))) {
                return false;
            }
        }
        return true;
    }

    /** Whether the meter's total would stay within 64 bits. */
    boolean hasRoomFor(Meter meter, long amount) {
        int place = find(meter);
        long total = place < 0 ? 0 : totals[place];
        long sum = total + amount;
        return ((total ^ sum) & (amount ^ sum)) >= 0;
    }

    /** Adds quantities, all of them sums, that there is room for. */
    void add(Quantities quantities) {
        for (int i = 0; i < quantities.size(); i++) {
            add(quantities.meter(i), quantities.amount(i));
        }
    }

    /** Adds to the meter's total, for which there is room. */
    void add(Meter meter, long amount) {
        // Not in one step: the array would be taken from before the meter was given a place in it.
        int place = place(meter);
        totals[place] += amount;
    }

    /** Counts an event whose quantities are added. */
    void count(EventHash hash) {
        eventCount++;
        long low = digestLow + hash.contentLow();
        long carry = Long.compareUnsigned(low, digestLow) < 0 ? 1 : 0;
        digestLow = low;
        digestHigh += hash.contentHigh() + carry;
    }

    /** Counts an event of an earlier window that this one depends on. */
    void touch() {
        touches++;
    }

    /** Adds an observation, or takes one back, see {@link Observations#add}. */
    void observe(Meter meter, long time, long value, long direction) {
        int place = place(meter);
        Observations present = place < observed.length ? observed[place] : null;
        observations += (present == null ? observed(place, new Observations()) : present).add(time, value, direction);
    }

    /** How many different observations there are, of all meters. */
    int observations() {
        return observations;
    }

    boolean isNew(Meter meter, long time, long value) {
        return of(meter).isNew(time, value);
    }

    /** See {@link Observations#valueAt}. */
    OptionalLong valueAt(Meter meter, long time) {
        return of(meter).valueAt(time);
    }

    /** See {@link Observations#lastBefore}. */
    @Nullable Seen lastBefore(Meter meter, long time) {
        return of(meter).lastBefore(time);
    }

    /** See {@link Observations#firstAfter}. */
    @Nullable Seen firstAfter(Meter meter, long time) {
        return of(meter).firstAfter(time);
    }

    /** Whether some meter in it was counted otherwise than the catalogue says now. */
    boolean hasMetersCountedOtherwise() {
        return countedOtherwise;
    }

    /** The meter as it was counted here, if that is otherwise than it is now. */
    @Nullable Meter countedOtherwise(Meter now) {
        Meter here = countedOtherwise ? named(now.name()) : null;
        return here == now ? null : here;
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
     * The record for the rollups topic. Its version is the number of events that it depends on: its own, and samples of
     * earlier windows that may hold into this one. It grows with each of them and is a function of their set alone, so
     * rebuilt from nothing a rollup arrives at the same version, and a reader that keeps the highest never has to know
     * about rebuilds.
     */
    UsageRollup toRecord() {
        SortedMap<String, Long> quantities = new TreeMap<>();
        SortedMap<String, MeterObservations> observationsOfMeters = new TreeMap<>();
        for (int place = 0; place < size; place++) {
            Meter meter = meters[place];
            if (meter.aggregation().isAdditive()) {
                quantities.put(meter.name(), totals[place]);
            }
            if (meter.aggregation() != Aggregation.SUM) {
                observationsOfMeters.put(
                        meter.name(),
                        new MeterObservations(
                                meter.aggregation().code(),
                                meter.holdSeconds(),
                                of(meter).toRecords()));
            }
        }
        return UsageRollup.newBuilder()
                .setWindowStart(key.windowStart())
                .setDimensions(key.dimensions())
                .setContextBand(key.contextBand())
                .setShard(key.shard())
                .setQuantities(quantities)
                .setEventCount(eventCount)
                .setDigest(new EventDigest(new Digest(digestHigh, digestLow).toBytes()))
                .setVersion(eventCount + touches)
                .setObservations(observationsOfMeters)
                .build();
    }

    private Observations of(Meter meter) {
        int place = find(meter);
        Observations found = place < 0 || place >= observed.length ? null : observed[place];
        return found == null ? NOTHING : found;
    }

    private Observations observed(int place, Observations those) {
        if (place >= observed.length) {
            observed = Arrays.copyOf(observed, meters.length);
        }
        observed[place] = those;
        return those;
    }

    private @Nullable Meter named(String name) {
        for (int i = 0; i < size; i++) {
            if (meters[i].name().equals(name)) {
                return meters[i];
            }
        }
        return null;
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
