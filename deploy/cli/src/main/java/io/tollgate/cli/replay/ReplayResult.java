package io.tollgate.cli.replay;

import java.util.SortedMap;

/**
 * What came of a replay's sending.
 *
 * @param sent events that Kafka acknowledged, those it had before included
 * @param bad lines that are no usage event, by reason
 * @param seconds how long the sending took
 */
record ReplayResult(SentEvents sent, SortedMap<String, Long> bad, double seconds) {

    long badLines() {
        return bad.values().stream().mapToLong(Long::longValue).sum();
    }
}
