package io.tollgate.emitter;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.Consumer;

/** An event whose outcome nobody knows yet. It gets exactly one, the first that is told. */
final class Pending {

    /** What the objects take that stand for one event on its way, about. */
    private static final long OBJECTS_BYTES = 384;

    private static final int OPEN = 0;
    private static final int DECIDED = 1;
    private static final int TOLD = 2;
    /** Not an object of its own for each event. */
    private static final AtomicIntegerFieldUpdater<Pending> STATE =
            AtomicIntegerFieldUpdater.newUpdater(Pending.class, "state");

    private final Message message;
    private final long sinceNanos;
    private final Consumer<Outcome> told;
    private volatile int state;
    /** Set once, when it enters the line, under the line's lock. */
    long number;

    /** Whether it is on its way to Kafka, under the line's lock. */
    boolean isStraight;

    /** @param told throws nothing */
    Pending(Message message, long sinceNanos, Consumer<Outcome> told) {
        this.message = message;
        this.sinceNanos = sinceNanos;
        this.told = told;
        this.state = OPEN;
    }

    Message message() {
        return message;
    }

    /** What it takes in memory, about. */
    long bytes() {
        return OBJECTS_BYTES + message.bytes();
    }

    /** When it came, by {@link System#nanoTime}. */
    long sinceNanos() {
        return sinceNanos;
    }

    /** Whether its outcome is known, and told or being told. */
    boolean isDecided() {
        return state != OPEN;
    }

    /** Whether its outcome was told: whoever waits for it may go on. */
    boolean isTold() {
        return state == TOLD;
    }

    /** Tells the outcome, unless another one was told before; says whether this was it. */
    boolean decide(Outcome outcome) {
        if (!STATE.compareAndSet(this, OPEN, DECIDED)) {
            return false;
        }
        try {
            told.accept(outcome);
        } finally {
            state = TOLD;
        }
        return true;
    }
}
