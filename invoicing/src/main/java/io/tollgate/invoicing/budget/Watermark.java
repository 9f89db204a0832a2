package io.tollgate.invoicing.budget;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Until when everything that was used is counted. Of half the time that counting takes usage is on its way to Kafka; from
 * then on it is known of, and what the job does not count in the other half the watermark waits for.
 *
 * @param countedWithin how long it takes until what was used can be counted, unless the job is behind
 */
public record Watermark(Duration countedWithin) {

    /** What arrived before then should be counted. What came in just now may be in the archive and not yet in the rollups. */
    public Instant arrivedBefore(Instant now) {
        return now.minus(countedWithin.dividedBy(2));
    }

    /**
     * Until when everything is counted that was used.
     *
     * @param before what was said last: all until then was counted, so it does not go back
     * @param uncounted no later than the first usage that arrived before {@link #arrivedBefore} and is not counted
     */
    public Instant at(Instant now, Instant before, Optional<Instant> uncounted) {
        Instant usual = now.minus(countedWithin);
        Instant known = uncounted.filter(usual::isAfter).orElse(usual);
        return known.isAfter(before) ? known : before;
    }
}
