package io.tollgate.aggregator.topology;

import io.tollgate.meters.MeterCatalogue;
import java.time.Duration;

/**
 * How much the job remembers, and how much of it in memory. Both limits are for each partition.
 *
 * @param dedupHorizon how long after an event's arrival its duplicates are known as such, a second to ten years; 35 days
 *     or more in production
 * @param idsInMemory identities in memory before they become a file, 1 to 60 million; some 80 bytes each
 * @param rollupsInMemory rollups at hand, at least 1; some 500 bytes each
 * @param meters how meters are counted
 */
public record TopologyConfig(Duration dedupHorizon, int idsInMemory, int rollupsInMemory, MeterCatalogue meters) {

    private static final Duration HORIZON_MIN = Duration.ofSeconds(1);
    private static final Duration HORIZON_MAX = Duration.ofDays(3_650);
    /** A file is mapped whole, and a mapping has two gigabytes at most. */
    private static final int IDS_IN_MEMORY_MAX = 60_000_000;

    public TopologyConfig {
        if (dedupHorizon.compareTo(HORIZON_MIN) < 0 || dedupHorizon.compareTo(HORIZON_MAX) > 0) {
            throw new IllegalArgumentException(
                    "dedup horizon is %s, not %s to %s".formatted(dedupHorizon, HORIZON_MIN, HORIZON_MAX));
        }
        if (idsInMemory < 1 || idsInMemory > IDS_IN_MEMORY_MAX) {
            throw new IllegalArgumentException(
                    "identities in memory is %d, not 1 to %d".formatted(idsInMemory, IDS_IN_MEMORY_MAX));
        }
        if (rollupsInMemory < 1) {
            throw new IllegalArgumentException("rollups in memory is %d, not 1 or more".formatted(rollupsInMemory));
        }
    }

    /** With the usual meters. */
    public TopologyConfig(Duration dedupHorizon, int idsInMemory, int rollupsInMemory) {
        this(dedupHorizon, idsInMemory, rollupsInMemory, MeterCatalogue.usual());
    }

    /** The same with other meters. */
    public TopologyConfig withMeters(MeterCatalogue otherMeters) {
        return new TopologyConfig(dedupHorizon, idsInMemory, rollupsInMemory, otherMeters);
    }

    /** 36 days; a million identities (80 MB) and 100,000 rollups (50 MB) of each partition in memory. */
    public static final TopologyConfig USUAL = new TopologyConfig(Duration.ofDays(36), 1_000_000, 100_000);

    public TopologyConfig withDedupHorizon(Duration horizon) {
        return new TopologyConfig(horizon, idsInMemory, rollupsInMemory, meters);
    }

    public TopologyConfig withIdsInMemory(int count) {
        return new TopologyConfig(dedupHorizon, count, rollupsInMemory, meters);
    }

    public TopologyConfig withRollupsInMemory(int count) {
        return new TopologyConfig(dedupHorizon, idsInMemory, count, meters);
    }
}
