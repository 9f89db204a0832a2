package io.tollgate.aggregator.rollup;

import java.time.Duration;
import java.time.Instant;

/**
 * The window that usage is totalled over. Fifteen minutes, because every time zone's offset is a multiple of that
 * (Kathmandu is +5:45): days and months add up from windows in any tenant's billing zone.
 */
public final class Window {

    public static final Duration LENGTH = Duration.ofMinutes(15);

    static final long SECONDS = LENGTH.toSeconds();

    private static final long MICROS = LENGTH.toMillis() * 1_000;

    private Window() {}

    /**
     * The number of the window that holds the time, counted from 1970.
     *
     * @param timeMicros microseconds since 1970
     */
    static long number(long timeMicros) {
        return Math.floorDiv(timeMicros, MICROS);
    }

    /** The number of the window that holds the second, counted from 1970. */
    static long ofSecond(long second) {
        return Math.floorDiv(second, SECONDS);
    }

    /** When the window of that number begins. */
    static Instant start(long number) {
        return Instant.ofEpochMilli(Math.multiplyExact(number, LENGTH.toMillis()));
    }
}
