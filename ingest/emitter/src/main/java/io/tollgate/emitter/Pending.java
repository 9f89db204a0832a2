package io.tollgate.emitter;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An event whose outcome nobody knows yet. It gets exactly one, the first that is told. */
final class Pending {

    /** What the objects take that stand for one event on its way, about. */
    private static final long OBJECTS_BYTES = 384;

    private final Message message;
    private final long sinceNanos;
    private final Consumer<Outcome> told;
    private final AtomicBoolean decided = new AtomicBoolean();
    /** Set once, when it enters the line, under the line's lock. */
    long number;

    /** Its place in {@link InOrder}, under the line's lock. */
    @Nullable Pending previous;

    @Nullable Pending next;

    boolean isListed;

    Pending(Message message, long sinceNanos, Consumer<Outcome> told) {
        this.message = message;
        this.sinceNanos = sinceNanos;
        this.told = told;
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

    boolean isDecided() {
        return decided.get();
    }

    /** Tells the outcome, unless another one was told before; says whether this was it. */
    boolean decide(Outcome outcome) {
        if (!decided.compareAndSet(false, true)) {
            return false;
        }
        told.accept(outcome);
        return true;
    }
}
