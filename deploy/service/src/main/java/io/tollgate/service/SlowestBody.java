package io.tollgate.service;

import java.time.Duration;

/**
 * How slowly a body may come. Whoever sends holds a thread and a place meanwhile, so a few hundred slow senders would
 * otherwise shut a service for everyone.
 *
 * @param silence how long nothing may come at all, on any connection; at least a millisecond
 * @param grace how long a body may be waited for in sum, however little comes
 * @param bytesPerSecond how many bytes, packed as they come, must come for each second of waiting beyond the grace
 */
public record SlowestBody(Duration silence, Duration grace, long bytesPerSecond) {

    /** 30 seconds of silence; ten seconds of waiting, then 16 KiB for each further one. */
    public static final SlowestBody USUAL = new SlowestBody(Duration.ofSeconds(30), Duration.ofSeconds(10), 16 << 10);

    public SlowestBody {
        if (silence.toMillis() < 1 || grace.isNegative() || bytesPerSecond < 0) {
            throw new IllegalArgumentException("a body must be allowed some time");
        }
    }

    /** Whether so many bytes are too few for so long a wait. */
    boolean isUnder(long bytes, long waitedNanos) {
        double beyondSeconds = (waitedNanos - grace.toNanos()) / 1e9;
        return beyondSeconds > 0 && bytes < beyondSeconds * bytesPerSecond;
    }
}
