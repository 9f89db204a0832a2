package io.tollgate.cli.replay;

import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What came of a replay.
 *
 * @param sent events that Kafka acknowledged, those it had before included
 * @param bad lines that are no usage event, by reason
 * @param first time of the earliest event
 * @param last time of the latest event
 * @param seconds how long the sending took
 */
record ReplayResult(
        long sent, SortedMap<String, Long> bad, Optional<Instant> first, Optional<Instant> last, double seconds) {

    long badLines() {
        return bad.values().stream().mapToLong(Long::longValue).sum();
    }
}
