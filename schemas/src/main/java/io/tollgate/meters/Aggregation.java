package io.tollgate.meters;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What is made of a meter's quantities in many events. */
public enum Aggregation {
    /** They are added. */
    SUM(true),
    /** Each event that carries the meter is one, whatever its quantity. */
    COUNT(true),
    /** The greatest. */
    MAX(false),
    /** The least. */
    MIN(false),
    /** The one with the latest time; of several at that time the greatest. */
    LATEST(false),
    /**
     * Each is a sample of a gauge, whose value holds until the next sample of the same series, but for the meter's hold
     * at most. The total is in unit-seconds: bytes make byte-seconds, and 3,600 of those a byte-hour.
     */
    TIME_WEIGHTED(true),
    /** Each is an identifier, and the different ones are counted, exactly. */
    UNIQUE_COUNT(false);

    private final boolean additive;

    Aggregation(boolean additive) {
        this.additive = additive;
    }

    /** Whether the total of two stretches of time is the sum of their totals. */
    public boolean isAdditive() {
        return additive;
    }

    /** Its name in files and records; stable. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The one of that code. */
    public static Optional<Aggregation> ofCode(String code) {
        return Arrays.stream(values())
                .filter(aggregation -> aggregation.code().equals(code))
                .findFirst();
    }
}
