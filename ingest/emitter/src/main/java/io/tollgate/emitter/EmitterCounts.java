package io.tollgate.emitter;

import io.tollgate.emitter.spool.SpoolState;

/**
 * What became of everything that was given to an emitter: acknowledged + rejected acknowledged + spooled + failed + in
 * flight = given.
 *
 * @param acknowledged usage events that Kafka had when their outcome was told: accepted
 * @param rejectedAcknowledged rejected events that Kafka had when their outcome was told: accepted
 * @param failed events of either kind whose caller was told of a failure: refused; Kafka may have some of them all the
 *     same
 * @param inFlight events of either kind that are on their way
 * @param spooled events of either kind whose caller was told that they are on disk
 * @param replayed records of the spool that Kafka has acknowledged, those from before a restart included
 * @param unsendable records of the spool that Kafka refused for good; they stand in {@code unsendable}, in its directory or
 *     in {@code rejected} there
 * @param spool how full the spool is, and what the disk has lost
 */
public record EmitterCounts(
        long acknowledged,
        long rejectedAcknowledged,
        long failed,
        long inFlight,
        long spooled,
        long replayed,
        long unsendable,
        SpoolState spool) {

    /** Of an emitter that spooled nothing. */
    static EmitterCounts withoutSpool(long acknowledged, long rejectedAcknowledged, long failed, long inFlight) {
        return new EmitterCounts(acknowledged, rejectedAcknowledged, failed, inFlight, 0, 0, 0, SpoolState.NONE);
    }
}
