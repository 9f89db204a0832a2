package io.tollgate.cli.replay;

import java.util.SortedMap;

/**
 * What came of a replay, over all its parts.
 *
 * @param sent the file's events
 * @param bad lines that are no usage event, by reason
 * @param lines physical lines that were read, of Parquet rows
 * @param seconds how long it took, of the last part
 */
record ReplayResult(SentEvents sent, SortedMap<String, Long> bad, long lines, double seconds) {

    long badLines() {
        return bad.values().stream().mapToLong(Long::longValue).sum();
    }
}
