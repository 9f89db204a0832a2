package io.tollgate.aggregator.clickhouse;

import java.time.Duration;

/**
 * What goes into ClickHouse, and in which portions.
 *
 * @param archive whether raw and rejected events are archived beside the rollups
 * @param rollups a small age: the latency of a figure has it in it
 * @param events large: an insert costs ClickHouse some milliseconds and a file of its own, however few its rows
 * @param rejected of the archive
 * @param pauseAtRollupLag how many records the rollups topic may be ahead of ClickHouse before the job waits. Until it is
 *     compacted the topic grows with each commit, and while the job waits, events wait in usage-events
 */
public record WriterConfig(boolean archive, Batch rollups, Batch events, Batch rejected, long pauseAtRollupLag) {

    private static final long MEBIBYTE = 1 << 20;

    /** Figures within some 100 ms, an archive that follows within a second or two. */
    public static final WriterConfig USUAL = new WriterConfig(
            true,
            new Batch(20_000, 16 * MEBIBYTE, Duration.ofMillis(100)),
            new Batch(100_000, 16 * MEBIBYTE, Duration.ofSeconds(1)),
            new Batch(10_000, 16 * MEBIBYTE, Duration.ofSeconds(1)),
            5_000_000);

    public WriterConfig {
        if (pauseAtRollupLag < 1) {
            throw new IllegalArgumentException(
                    "pauseAtRollupLag is %d; at least one is needed".formatted(pauseAtRollupLag));
        }
    }

    public WriterConfig withArchive(boolean wanted) {
        return new WriterConfig(wanted, rollups, events, rejected, pauseAtRollupLag);
    }

    public WriterConfig withPauseAtRollupLag(long records) {
        return new WriterConfig(archive, rollups, events, rejected, records);
    }
}
