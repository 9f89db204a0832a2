package io.tollgate.emitter;

/**
 * What became of everything that was given to an emitter: acknowledged + failed + in flight = given.
 *
 * @param acknowledged usage events that Kafka has
 * @param rejectedAcknowledged rejected events that Kafka has
 * @param failed events of either kind whose caller was told of a failure; Kafka may have some of them all the same
 * @param inFlight events of either kind that are on their way
 */
public record EmitterCounts(long acknowledged, long rejectedAcknowledged, long failed, long inFlight) {}
