package io.tollgate.aggregator.rollup;

import io.tollgate.aggregator.dedup.SeenIds;
import io.tollgate.aggregator.dedup.SeenLog;
import io.tollgate.aggregator.wire.EventBytes;
import io.tollgate.meters.MeterCatalogue;
import io.tollgate.schemas.MalformedMessageException;
import org.jspecify.annotations.Nullable;

/**
 * Counts the events of one partition, each once. Holds what changed until it is handed out; no Kafka, no clock. Not for
 * many threads.
 */
public final class EventCounter {

    /** Rollups as they were last handed out. */
    @FunctionalInterface
    public interface Stored {
        byte @Nullable [] rollup(byte[] key);
    }

    /** Takes rollups that changed. */
    @FunctionalInterface
    public interface Sink {
        void rollup(byte[] key, byte[] rollup);
    }

    private final SeenIds seen;

    private final EventBytes event = new EventBytes();
    private final EventHash hash = new EventHash();
    private final Quantities quantities = new Quantities();
    private final Dictionary dictionary;
    private final Rollups rollups;
    private final SeenLog seenLog = new SeenLog();
    private long lastArrivalMillis = Long.MIN_VALUE;

    /**
     * @param shard the partition
     * @param inMemory how many rollups and series to keep at hand
     * @param stored the rollups that were handed out before
     * @param seen the identities that were counted before; grows with each event
     * @param catalogue how meters are counted
     */
    public EventCounter(int shard, int inMemory, Stored stored, SeenIds seen, MeterCatalogue catalogue) {
        this.seen = seen;
        this.dictionary = new Dictionary(catalogue);
        this.rollups = new Rollups(shard, inMemory, stored, dictionary);
    }

    /**
     * Counts an event, or says why not.
     *
     * @param arrivalMillis when it reached Kafka
     */
    public Outcome count(byte @Nullable [] message, long arrivalMillis) {
        Series series;
        try {
            event.read(message == null ? new byte[0] : message);
            Rejection problem = EventCheck.problemOf(event, arrivalMillis);
            if (problem != null) {
                return new Outcome.Rejected(problem);
            }
            // Dimensions that are new are read with Avro, which may yet find fault with the message.
            series = dictionary.series(event);
            quantities.read(event, dictionary);
        } catch (MalformedMessageException e) {
            return rejected(RejectionReason.UNDECODABLE, e.getMessage() + "; send it with the emitter or over HTTP");
        }
        lastArrivalMillis = Math.max(lastArrivalMillis, arrivalMillis);
        hash.readIdentity(event);
        hash.readContent(event, series, quantities);
        // Zero says "not seen", so an event whose digest part is zero shares that of one.
        long digest = hash.contentHigh() == SeenIds.NONE ? 1 : hash.contentHigh();
        long known = seen.find(hash.identityHigh(), hash.identityLow());
        if (known == digest) {
            return Outcome.Counted.DUPLICATE;
        }
        if (known != SeenIds.NONE) {
            return rejected(
                    RejectionReason.IDENTITY_CONFLICT,
                    "source and id were counted before with other content (digest %016x…, now %016x…); send a correction under an id of its own"
                            .formatted(known, digest));
        }
        return add(series, digest, arrivalMillis);
    }

    private Outcome add(Series series, long digest, long arrivalMillis) {
        int band = ContextBand.number(event.contextTokens());
        Rollup rollup = rollups.at(series, Window.number(event.timeMicros()), band);
        if (quantities.areSums() && !rollup.hasMetersCountedOtherwise()) {
            if (!rollup.hasRoomFor(quantities)) {
                return rejected(
                        RejectionReason.QUANTITY_OVERFLOW,
                        "a total of window %s would pass 2^63-1; check the quantities"
                                .formatted(rollup.key().windowStart()));
            }
            rollup.add(quantities);
        } else {
            SeriesRollups all = new SeriesRollups(rollups, series, band);
            Rejection problem = Observing.problemOf(all, event.timeMicros(), event.isReversal(), quantities);
            if (problem != null) {
                return new Outcome.Rejected(problem);
            }
            Observing.add(all, event.timeMicros(), event.isReversal(), quantities);
        }
        rollup.count(hash);
        rollups.markChanged(rollup);
        seen.add(hash.identityHigh(), hash.identityLow(), digest, arrivalMillis);
        seenLog.add(hash.identityHigh(), hash.identityLow(), digest, arrivalMillis);
        return Outcome.Counted.NEW;
    }

    /** Hands out each rollup that changed since the last time, once. */
    public void drainRollups(Sink sink) {
        rollups.drain(sink);
    }

    /** Hands out the identities that were added since the last time, see {@link SeenLog}, and forgets old ones. */
    public void drainSeen(SeenLog.Sink sink) {
        seenLog.drain(sink);
        // By arrival, not by a clock: a job that works off a backlog must know the duplicates in it.
        seen.forget(lastArrivalMillis);
    }

    private static Outcome rejected(RejectionReason reason, String detail) {
        return new Outcome.Rejected(new Rejection(reason, detail));
    }
}
