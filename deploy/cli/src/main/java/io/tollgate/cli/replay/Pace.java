package io.tollgate.cli.replay;

import io.tollgate.cli.options.Rate;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/** Keeps to a rate. What was not used of it may be caught up on, but for no more than a second. Not for many threads. */
final class Pace {

    private static final long BURST_NANOS = 1_000_000_000;

    private final long intervalNanos;
    private final LongSupplier nanoTime;
    private final LongConsumer waiter;
    private long nextAt;

    /**
     * @param nanoTime as {@link System#nanoTime}
     * @param waiter waits for so many nanoseconds, or less
     */
    Pace(Rate rate, LongSupplier nanoTime, LongConsumer waiter) {
        this.intervalNanos = rate.interval().toNanos();
        this.nanoTime = nanoTime;
        this.waiter = waiter;
        this.nextAt = nanoTime.getAsLong();
    }

    /** Returns when the next may go. */
    void await() {
        long now = nanoTime.getAsLong();
        if (now - nextAt > BURST_NANOS) {
            nextAt = now - BURST_NANOS;
        }
        for (; now - nextAt < 0; now = nanoTime.getAsLong()) {
            waiter.accept(nextAt - now);
        }
        nextAt += intervalNanos;
    }
}
