package io.tollgate.emitter;

import io.tollgate.emitter.spool.Spool;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Where and how an emitter keeps events while Kafka is away.
 *
 * @param directory on a local disk, for this emitter alone; made if it is missing
 * @param maxBytes that the spool may take, of it refused events a quarter; what comes then is refused. At least two
 *     segments
 * @param segmentBytes that one file has at most, and so the space that is given back at once: 4 KiB to 256 MiB
 * @param after how long an event may wait for Kafka's acknowledgement before it, and all behind it, go to the spool; more
 *     than 0
 */
public record SpoolConfig(Path directory, long maxBytes, long segmentBytes, Duration after) {

    private static final long MAX_BYTES = 1L << 30;
    private static final long SEGMENT_BYTES = 16L << 20;
    private static final long SEGMENT_BYTES_MIN = 4L << 10;
    private static final long SEGMENT_BYTES_MAX = 256L << 20;
    private static final Duration AFTER = Duration.ofSeconds(5);

    public SpoolConfig {
        require(segmentBytes >= SEGMENT_BYTES_MIN, "segmentBytes is below 4 KiB");
        require(segmentBytes <= SEGMENT_BYTES_MAX, "segmentBytes is above 256 MiB");
        require(maxBytes >= 2 * segmentBytes, "maxBytes is less than two segments");
        require(after.toNanos() > 0, "after is not positive");
    }

    /** 1 GiB in segments of 16 MiB, after 5 seconds. */
    public static SpoolConfig in(Path directory) {
        return new SpoolConfig(directory, MAX_BYTES, SEGMENT_BYTES, AFTER);
    }

    public SpoolConfig withMaxBytes(long newMaxBytes) {
        return new SpoolConfig(directory, newMaxBytes, segmentBytes, after);
    }

    public SpoolConfig withSegmentBytes(long newSegmentBytes) {
        return new SpoolConfig(directory, maxBytes, newSegmentBytes, after);
    }

    public SpoolConfig withAfter(Duration newAfter) {
        return new SpoolConfig(directory, maxBytes, segmentBytes, newAfter);
    }

    /** Where a topic's spool is: each has its own, so that none waits for the other. */
    Path directory(Message.Topic topic) {
        return switch (topic) {
            case USAGE -> directory;
            case REJECTED -> directory.resolve("rejected");
        };
    }

    /** Opens a spool in a directory, as large as a topic's may be. */
    Spool open(Path inDirectory, Message.Topic topic) throws IOException {
        return Spool.open(inDirectory, topic.share(maxBytes), topic.share(segmentBytes));
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
