package io.tollgate.aggregator.rollup;

import io.tollgate.meters.Aggregation;
import java.nio.charset.StandardCharsets;

/** A meter's name and how it is counted, kept once for all events that use it. Compared by identity. */
public final class Meter {

    private final String name;
    private final byte[] utf8;
    private final Aggregation aggregation;
    private final int holdSeconds;

    Meter(String name, Aggregation aggregation, int holdSeconds) {
        this.name = name;
        this.utf8 = name.getBytes(StandardCharsets.UTF_8);
        this.aggregation = aggregation;
        this.holdSeconds = holdSeconds;
    }

    public String name() {
        return name;
    }

    byte[] utf8() {
        return utf8;
    }

    Aggregation aggregation() {
        return aggregation;
    }

    /** For how long a sample counts at most; 0 when it is not time-weighted. */
    int holdSeconds() {
        return holdSeconds;
    }

    /** Whether quantities are kept as they were observed, because a total alone could not be corrected. */
    boolean isObserved() {
        return !aggregation.isAdditive() || aggregation == Aggregation.TIME_WEIGHTED;
    }

    /** Whether it matters when a quantity was observed. */
    boolean isTimed() {
        return aggregation == Aggregation.LATEST || aggregation == Aggregation.TIME_WEIGHTED;
    }
}
