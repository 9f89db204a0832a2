package io.tollgate.parts;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits on conditions of the world outside, which nobody announces: files, sockets, processes that are not children. */
final class Deadline {

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

    private final long endNanos;

    private Deadline(long endNanos) {
        this.endNanos = endNanos;
    }

    static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    boolean isOver() {
        return System.nanoTime() - endNanos >= 0;
    }

    /** True as soon as the condition holds; false when the time is over or the thread was interrupted. */
    boolean await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (!waitsAMoment()) {
                return false;
            }
        }
        return true;
    }

    /** False, at once, when the time is over or the thread was interrupted. */
    boolean waitsAMoment() {
        if (isOver()) {
            return false;
        }
        try {
            Thread.sleep(BETWEEN_LOOKS.toMillis());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
