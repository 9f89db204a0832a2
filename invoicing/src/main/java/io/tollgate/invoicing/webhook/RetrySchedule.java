package io.tollgate.invoicing.webhook;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * When what failed is tried again: after {@code first}, then after twice as long each time, each a fifth longer or
 * shorter by chance, so that many that failed together do not come back together.
 *
 * @param first from 1 ms
 * @param longest no delay is longer, chance aside
 * @param attempts how many there are before it is given up, the first one included
 */
public record RetrySchedule(Duration first, Duration longest, int attempts) {

    private static final int JITTER_DIVISOR = 5;

    public RetrySchedule {
        if (first.toMillis() < 1 || longest.compareTo(first) < 0 || attempts < 1) {
            throw new IllegalArgumentException(
                    "no schedule: first " + first + ", longest " + longest + ", attempts " + attempts);
        }
    }

    /**
     * 10 s, 20 s, 40 s, 80 s, 2¾ min, 5⅓ min, 11 min, 21 min, 43 min, 85 min, 3 h, 6 h, 11 h: 14 attempts in 23 hours.
     */
    public static RetrySchedule usual() {
        return new RetrySchedule(Duration.ofSeconds(10), Duration.ofHours(12), 14);
    }

    /**
     * How long to wait.
     *
     * @param made how many attempts have failed, from 1
     * @return empty if it is given up
     */
    public Optional<Duration> delayAfter(int made, RandomGenerator random) {
        if (made >= attempts) {
            return Optional.empty();
        }
        long millis = first.toMillis();
        for (int doubled = 1; doubled < made && millis < longest.toMillis(); doubled++) {
            millis *= 2;
        }
        millis = Math.min(millis, longest.toMillis());
        long jitter = millis / JITTER_DIVISOR;
        return Optional.of(Duration.ofMillis(millis - jitter + random.nextLong(2 * jitter + 1)));
    }
}
