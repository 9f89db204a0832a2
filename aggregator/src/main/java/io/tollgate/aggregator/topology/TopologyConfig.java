package io.tollgate.aggregator.topology;

import io.tollgate.meters.MeterCatalogue;
import java.time.Duration;

/**
 * How much the job remembers, and how much of it in memory. Both limits are for each partition.
 *
 * @param dedupHorizon how long after an event's arrival its duplicates are known as such; 35 days or more in production
 * @param idsInMemory identities in memory before they become a file; some 40 bytes each
 * @param rollupsInMemory rollups at hand; some 500 bytes each
 * @param meters how meters are counted
 */
public record TopologyConfig(Duration dedupHorizon, int idsInMemory, int rollupsInMemory, MeterCatalogue meters) {

    public TopologyConfig {
        if (dedupHorizon.isNegative() || dedupHorizon.isZero() || idsInMemory < 1 || rollupsInMemory < 1) {
            throw new IllegalArgumentException("horizon and limits must be more than zero");
        }
    }

    /** With the usual meters. */
    public TopologyConfig(Duration dedupHorizon, int idsInMemory, int rollupsInMemory) {
        this(dedupHorizon, idsInMemory, rollupsInMemory, MeterCatalogue.usual());
    }

    /** The same with other meters. */
    public TopologyConfig with(MeterCatalogue otherMeters) {
        return new TopologyConfig(dedupHorizon, idsInMemory, rollupsInMemory, otherMeters);
    }

    /** 36 days; 2 million identities (80 MB) and 100,000 rollups (50 MB) of each partition in memory. */
    public static final TopologyConfig USUAL = new TopologyConfig(Duration.ofDays(36), 2_000_000, 100_000);
}
