package io.tollgate.schemas;

/** The names of the Kafka topics that Tollgate's parts agree on. */
public final class Topics {

    /** {@code UsageEvent}s, keyed so that one event's copies always land in one partition. */
    public static final String USAGE_EVENTS = "usage-events";

    /** {@code RejectedEvent}s: what was kept out, why, and its original bytes. */
    public static final String REJECTED_EVENTS = "usage-events-rejected";

    private Topics() {}
}
