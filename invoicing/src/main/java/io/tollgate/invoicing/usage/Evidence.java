package io.tollgate.invoicing.usage;

import io.tollgate.schemas.Digest;
import java.util.Collection;

/**
 * Proof of what a figure was made from: how many events, and the sum of their digests. Adds up over rollups, so an
 * invoice can be reconciled with the archive without listing events.
 */
public record Evidence(long eventCount, Digest digest) {

    public static final Evidence NONE = new Evidence(0, Digest.ZERO);

    public static Evidence of(Collection<UsageTotal> totals) {
        Evidence evidence = NONE;
        for (UsageTotal total : totals) {
            evidence = evidence.plus(new Evidence(total.eventCount(), total.digest()));
        }
        return evidence;
    }

    public Evidence plus(Evidence other) {
        return new Evidence(Math.addExact(eventCount, other.eventCount), digest.plus(other.digest));
    }

    /** What must be added to the other to get this: its count is negative if there are fewer events. */
    public Evidence minus(Evidence other) {
        return new Evidence(Math.subtractExact(eventCount, other.eventCount), digest.plus(negated(other.digest)));
    }

    /** In two's complement of 128 bits: what added to the digest gives zero. */
    private static Digest negated(Digest digest) {
        return new Digest(digest.low() == 0 ? -digest.high() : ~digest.high(), -digest.low());
    }
}
