package io.tollgate.aggregator.rollup;

import java.time.Duration;
import java.time.Instant;

/**
 * The window that usage is totalled over. Fifteen minutes, because every time zone's offset is a multiple of that
 * (Kathmandu is +5:45): days and months add up from windows in any tenant's billing zone.
 */
public final class Window {

    public static final Duration LENGTH = Duration.ofMinutes(15);

    private Window() {}

    /** The start of the window that holds the instant. */
    public static Instant startOf(Instant time) {
        long seconds = LENGTH.toSeconds();
        return Instant.ofEpochSecond(Math.floorDiv(time.getEpochSecond(), seconds) * seconds);
    }
}
