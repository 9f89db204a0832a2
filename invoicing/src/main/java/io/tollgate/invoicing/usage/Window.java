package io.tollgate.invoicing.usage;

import java.time.Duration;
import java.time.Instant;

/**
 * The grid of time that rollups lie on. Every time zone's offset of today is a multiple of 15 minutes, so days and
 * months of every zone begin on it.
 */
public final class Window {

    /** Length of a window in seconds. */
    public static final long SECONDS = 900;

    /** The same as a duration. */
    public static final Duration LENGTH = Duration.ofSeconds(SECONDS);

    private Window() {}

    /** Start of the window that the instant lies in. */
    public static Instant startOf(Instant instant) {
        return Instant.ofEpochSecond(Math.floorDiv(instant.getEpochSecond(), SECONDS) * SECONDS);
    }

    /** The window that starts at the instant. */
    public static TimeRange at(Instant start) {
        return new TimeRange(start, start.plusSeconds(SECONDS));
    }

    /** Whether a window starts at the instant, so that usage can be told apart before and after it. */
    public static boolean startsAt(Instant instant) {
        return instant.getNano() == 0 && Math.floorMod(instant.getEpochSecond(), SECONDS) == 0;
    }
}
