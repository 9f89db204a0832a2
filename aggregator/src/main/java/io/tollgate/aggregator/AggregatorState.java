package io.tollgate.aggregator;

/** What the aggregator is doing, for those who watch it. */
public enum AggregatorState {
    /** Joining the group, taking partitions, restoring their stores. */
    STARTING,
    /** Every partition it owns is being processed. */
    RUNNING,
    /** It cannot go on by itself. */
    FAILED,
    STOPPED
}
