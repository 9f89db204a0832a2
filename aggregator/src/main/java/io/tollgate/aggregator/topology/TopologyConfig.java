package io.tollgate.aggregator.topology;

import java.time.Duration;

/**
 * How much the job remembers, and how much of it in memory. Both limits are for each partition.
 *
 * @param dedupHorizon how long after an event's arrival its duplicates are known as such; 35 days or more in production
 * @param idsInMemory identities in memory before they become a file; some 40 bytes each
 * @param rollupsInMemory rollups at hand; some 500 bytes each
 */
public record TopologyConfig(Duration dedupHorizon, int idsInMemory, int rollupsInMemory) {

    public TopologyConfig {
        if (dedupHorizon.isNegative() || dedupHorizon.isZero() || idsInMemory < 1 || rollupsInMemory < 1) {
            throw new IllegalArgumentException("horizon and limits must be more than zero");
        }
    }

    /** 36 days; 2 million identities (80 MB) and 100,000 rollups (50 MB) of each partition in memory. */
    public static final TopologyConfig USUAL = new TopologyConfig(Duration.ofDays(36), 2_000_000, 100_000);
}
