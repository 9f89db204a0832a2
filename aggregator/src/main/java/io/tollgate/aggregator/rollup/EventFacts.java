package io.tollgate.aggregator.rollup;

import io.tollgate.aggregator.wire.EventBytes;

/**
 * What the job makes of an event, for those who keep events beside rollups: the same code finds window, band and digest,
 * so the two agree. One object serves one event after the other. Not for many threads.
 */
public final class EventFacts {

    /** Some 500 bytes each. */
    private static final int SERIES_AT_HAND = 100_000;

    private final Dictionary dictionary = new Dictionary();
    private final Quantities quantities = new Quantities();
    private final EventHash hash = new EventHash();
    private long timeMicros;
    private long contextTokens;

    /** Turns to an event. */
    public void read(EventBytes event) {
        if (dictionary.size() > SERIES_AT_HAND) {
            dictionary.clear();
        }
        timeMicros = event.timeMicros();
        contextTokens = event.contextTokens();
        quantities.read(event, dictionary);
        hash.readIdentity(event);
        hash.readContent(event, dictionary.series(event), quantities);
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
