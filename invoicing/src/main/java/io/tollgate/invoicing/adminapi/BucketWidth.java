package io.tollgate.invoicing.adminapi;

import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * How long the vendors' buckets are, and how many of them an answer has; of UTC. Source: OpenAI, API reference, "Usage",
 * {@code limit}; Anthropic, "Get Messages Usage Report", {@code limit}: they agree.
 */
enum BucketWidth {
    MINUTE("1m", 60, 60, 1440),
    HOUR("1h", 3600, 24, 168),
    DAY("1d", 86_400, 7, 31);

    private final String label;
    private final long seconds;
    private final int usual;
    private final int most;

    BucketWidth(String label, long seconds, int usual, int most) {
        this.label = label;
        this.seconds = seconds;
        this.usual = usual;
        this.most = most;
    }

    static Optional<BucketWidth> named(String name) {
        return Arrays.stream(values()).filter(each -> each.label.equals(name)).findFirst();
    }

    String label() {
        return label;
    }

    /** How many buckets a page has if nobody says. */
    int usual() {
        return usual;
    }

    /** How many buckets a page has at most. */
    int most() {
        return most;
    }

    /** The bucket's start that is not after the instant. */
    Instant before(Instant instant) {
        return Instant.ofEpochSecond(Math.floorDiv(instant.getEpochSecond(), seconds) * seconds);
    }

    /** The bucket's start that is not before the instant. */
    Instant notBefore(Instant instant) {
        Instant before = before(instant);
        return before.equals(instant) ? before : before.plusSeconds(seconds);
    }

    /** The first bucket's start after the instant. */
    Instant after(Instant instant) {
        return before(instant).plusSeconds(seconds);
    }
}
