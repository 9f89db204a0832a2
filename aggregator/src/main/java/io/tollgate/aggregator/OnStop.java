package io.tollgate.aggregator;

import java.util.Locale;

/** What becomes of an instance's partitions when it is stopped on purpose. */
public enum OnStop {
    /** It leaves the group: the others take its partitions at once. */
    LEAVE,
    /**
     * It keeps its place: nobody touches its partitions until it is back, or until its session times out. Right for a
     * quick restart, which then finds its state where it left it.
     */
    STAY;

    /** As it is written on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
