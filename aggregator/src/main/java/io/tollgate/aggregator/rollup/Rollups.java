package io.tollgate.aggregator.rollup;

import io.tollgate.schemas.Codec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rollups of one partition: those at hand, and behind them those that were handed out. Not for many threads. */
final class Rollups {

    private final int shard;
    private final int inMemory;
    private final EventCounter.Stored stored;
    private final Dictionary dictionary;
    private final RollupMap atHand = new RollupMap();
    private final List<Rollup> changed = new ArrayList<>();

    Rollups(int shard, int inMemory, EventCounter.Stored stored, Dictionary dictionary) {
        this.shard = shard;
        this.inMemory = inMemory;
        this.stored = stored;
        this.dictionary = dictionary;
    }

    /** The rollup of that key, made if it is not there. */
    Rollup at(Series series, long window, int band) {
        Rollup known = atHand.get(RollupMap.key(series, window, band));
        if (known != null) {
            return known;
        }
        RollupKey key = key(series, window, band);
        Rollup before = fromStore(key, series, window, band);
        if (before != null) {
            return before;
        }
        Rollup made = new Rollup(key);
        atHand.put(RollupMap.key(series, window, band), made);
        return made;
    }

    /** The rollup of that key, if it is there. */
    @Nullable Rollup find(Series series, long window, int band) {
        Rollup known = atHand.get(RollupMap.key(series, window, band));
        return known != null ? known : fromStore(key(series, window, band), series, window, band);
    }

    private @Nullable Rollup fromStore(RollupKey key, Series series, long window, int band) {
        byte[] before = stored.rollup(key.toBytes());
        if (before == null) {
            return null;
        }
        Rollup rollup = Rollup.of(key, Codec.USAGE_ROLLUP.decode(before), dictionary);
        atHand.put(RollupMap.key(series, window, band), rollup);
        return rollup;
    }

    private RollupKey key(Series series, long window, int band) {
        return new RollupKey(Window.start(window), series.dimensions(), ContextBand.threshold(band), shard);
    }

    /** To be told of each rollup that an event changed. */
    void markChanged(Rollup rollup) {
        if (rollup.markChanged()) {
            changed.add(rollup);
        }
    }

    /** Hands out each rollup that changed since the last time, once. */
    void drain(EventCounter.Sink sink) {
        for (Rollup rollup : changed) {
            sink.rollup(rollup.key().toBytes(), Codec.USAGE_ROLLUP.encode(rollup.toRecord()));
            rollup.markStored();
        }
        changed.clear();
        evict();
    }

    /** To be called between events: those that are not counted leave series and meters too, and no commit follows. */
    void evict() {
        // What is stored may go, and comes back when it is asked for.
        if ((atHand.size() > inMemory || dictionary.size() > inMemory) && changed.isEmpty()) {
            atHand.clear();
            dictionary.clear();
        }
    }

    /** How much is at hand, in entries. */
    int extent() {
        return atHand.size() + dictionary.size();
    }
}
