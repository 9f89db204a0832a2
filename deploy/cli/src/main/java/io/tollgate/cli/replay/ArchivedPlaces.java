package io.tollgate.cli.replay;

import io.tollgate.ingest.archive.Archive;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Which of a replay's events the archive has as counted where they stand, and not as copies of earlier ones. */
final class ArchivedPlaces implements AutoCloseable {

    /** So many identities are held by ClickHouse at once. */
    private static final long AT_ONCE = 1_000_000;

    /** Clocks differ; older ones at such a place are of a topic that was deleted and made again. */
    private static final Duration CLOCKS_DIFFER = Duration.ofDays(1);

    private static final String ACCEPTED = """
            SELECT toInt64(count()) AS accepted
            FROM accepted_events
            WHERE shard = {shard:UInt16} AND offset BETWEEN {first:UInt64} AND {last:UInt64}
              AND window_start IN
                  (SELECT window_start FROM events
                   WHERE shard = {shard:UInt16} AND offset BETWEEN {first:UInt64} AND {last:UInt64})
              AND (toString(tenant), toString(source), id) IN
                  (SELECT toString(tenant), toString(source), id FROM events
                   WHERE shard = {shard:UInt16} AND offset BETWEEN {first:UInt64} AND {last:UInt64}
                     AND toUnixTimestamp(arrived) >= {since:UInt32})
            """;

    private final Archive archive;

    /** @param clickhouse {@code http://[user:password@]host:port[/database]} */
    ArchivedPlaces(String clickhouse) {
        this.archive = Archive.of(Optional.of(clickhouse));
    }

    /**
     * How many of the events at these places are counted there.
     *
     * @param started when the first of them may have been sent
     * @throws io.tollgate.service.ProblemException when ClickHouse does not answer
     */
    long accepted(Places places, Instant started) {
        long since = started.minus(CLOCKS_DIFFER).getEpochSecond();
        long accepted = 0;
        for (var partition : places.ranges().entrySet()) {
            String name = partition.getKey();
            int shard = Integer.parseInt(name.substring(name.lastIndexOf('-') + 1));
            for (var range : partition.getValue().entrySet()) {
                for (long first = range.getKey(); first <= range.getValue(); first += AT_ONCE) {
                    long last = Math.min(range.getValue(), first + AT_ONCE - 1);
                    accepted += archive.rows(
                                    ACCEPTED, Map.of("shard", shard, "first", first, "last", last, "since", since))
                            .get(0)
                            .getLong("accepted");
                }
            }
        }
        return accepted;
    }

    @Override
    public void close() {
        archive.close();
    }
}
