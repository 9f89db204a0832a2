package io.tollgate.aggregator.rollup;

import io.tollgate.aggregator.wire.EventBytes;
import io.tollgate.aggregator.wire.SliceMap;
import io.tollgate.meters.MeterCatalogue;
import io.tollgate.schemas.Codec;

/**
 * What the job makes of an event, for those who keep events beside rollups: the same code finds window, band and digest,
 * so the two agree. One object serves one event after the other. Not for many threads.
 */
public final class EventFacts {

    /** Some 500 bytes each. */
    private static final int SERIES_AT_HAND = 100_000;

    /** Digests do not depend on how meters are counted. */
    private final Dictionary dictionary = new Dictionary(MeterCatalogue.usual());

    private final Quantities quantities = new Quantities();
    private final EventHash hash = new EventHash();
    /** Whether dimensions are as Avro would write them, by their bytes. */
    private final SliceMap<Boolean> canonical = new SliceMap<>();

    private long timeMicros;
    private long contextTokens;

    /** Turns to an event. */
    public void read(EventBytes event) {
        if (dictionary.size() > SERIES_AT_HAND) {
            dictionary.clear();
            canonical.clear();
        }
        timeMicros = event.timeMicros();
        contextTokens = event.contextTokens();
        quantities.read(event, dictionary);
        hash.readIdentity(event);
        hash.readContent(event, dictionary.series(event), quantities);
    }

    /**
     * Whether the dimensions of the event that was read are as Avro writes them, but for the order of the tags. If not (a
     * tag that is there twice, of which the last counts), whoever copies the bytes should have them written anew, or the
     * copy shows other dimensions than the rollup.
     */
    public boolean hasCanonicalDimensions(EventBytes event) {
        Boolean known = canonical.get(event.bytes(), event.dimensions());
        if (known != null) {
            return known;
        }
        EventBytes again = new EventBytes();
        again.read(Codec.USAGE_EVENT.encode(Codec.USAGE_EVENT.decode(event.bytes())));
        // Avro writes lengths and counts as short as can be and each tag once, and texts as they were read, since all
        // are
        // UTF-8. So whatever is written otherwise is longer, and dimensions with a tag too many cannot be as long by
        // chance. To compare bytes would be to write anew all whose tags were sent in another order than that of a
        // HashMap.
        boolean same = again.dimensions().length() == event.dimensions().length();
        canonical.put(event.bytes(), event.dimensions(), same);
        return same;
    }

    /** The start of its window, in seconds since 1970; negative before that. */
    public long windowStartSeconds() {
        return Window.number(timeMicros) * Window.LENGTH.toSeconds();
    }

    /** See {@link ContextBand}. */
    public long contextBand() {
        return ContextBand.of(contextTokens);
    }

    /** The first eight bytes of {@link io.tollgate.schemas.Digest#of(io.tollgate.events.UsageEvent)}. */
    public long digestHigh() {
        return hash.contentHigh();
    }

    /** The last eight bytes of it. */
    public long digestLow() {
        return hash.contentLow();
    }
}
