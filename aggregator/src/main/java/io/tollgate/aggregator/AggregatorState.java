package io.tollgate.aggregator;

/** What the aggregator is doing, for those who watch it. */
public enum AggregatorState {
    /** Joining the group and taking partitions. */
    STARTING,
    /** Rebuilding the state of partitions that it was given. It may process others in the meantime. */
    RESTORING,
    /** Every partition it owns is being processed. */
    RUNNING,
    /** Held back on purpose, until what comes after it has caught up. */
    PAUSED,
    /** Something is wrong that may pass: it goes on trying, and nothing is lost. */
    FAILING,
    /** It cannot go on by itself. */
    FAILED,
    STOPPED
}
