package io.tollgate.ingest.usage;

import io.tollgate.emitter.rules.RejectionReason;
import java.util.StringJoiner;

/** Numbers that are parts of another one. */
final class Parts {

    private final StringJoiner names = new StringJoiner(", ");
    private long sum;

    /** One more part. */
    Parts and(String name, long amount) throws Refusal {
        names.add(name + " " + amount);
        try {
            sum = Math.addExact(sum, amount);
        } catch (ArithmeticException e) {
            throw new Refusal(
                    RejectionReason.INTEGER_OUT_OF_RANGE, "More than 2^63-1 is what these add up to: " + names + ".");
        }
        return this;
    }

    long sum() {
        return sum;
    }

    /** They must not be more than the whole; answers what is left of it. */
    long within(String whole, long amount) throws Refusal {
        if (sum > amount) {
            throw new Refusal(
                    RejectionReason.USAGE_PARTS_EXCEED_WHOLE,
                    "%s is %d, but parts of it come to %d: %s.".formatted(whole, amount, sum, names));
        }
        return amount - sum;
    }

    /** They must be the whole. */
    void make(String whole, long amount) throws Refusal {
        if (sum != amount) {
            throw new Refusal(
                    RejectionReason.USAGE_TOTAL_MISMATCH,
                    "%s is %d, but its parts add up to %d: %s.".formatted(whole, amount, sum, names));
        }
    }
}
