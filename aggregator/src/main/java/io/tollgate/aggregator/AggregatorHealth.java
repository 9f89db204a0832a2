package io.tollgate.aggregator;

/**
 * What the aggregator is doing, and a sentence about it for whoever is on duty.
 *
 * @param sentence says what is wrong and what becomes of it, or how far it is
 */
public record AggregatorHealth(AggregatorState state, String sentence) {

    /** Whether it does its work: it may be relied on for figures, and the next instance may be restarted. */
    public boolean isReady() {
        return state == AggregatorState.RUNNING || state == AggregatorState.PAUSED;
    }

    /** Whether it is worth keeping: false only when nothing but a restart can help. */
    public boolean isLive() {
        return state != AggregatorState.FAILED && state != AggregatorState.STOPPED;
    }
}
