package io.tollgate.aggregator.topology;

import com.codahale.metrics.MetricRegistry;
import io.tollgate.schemas.Topics;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * From usage events to rollups.
 *
 * <pre>
 * usage-events ──▶ usage ──▶ usage-events-rejected
 *                   │ │
 *      seen-events ◀┘ └▶ usage-rollups ──(changelog)──▶ &lt;application id&gt;-usage-rollups-changelog
 * </pre>
 *
 * <p>There is no repartition: a rollup is the total of one input partition, and readers sum over partitions. The rollups
 * topic is the compacted changelog of the rollup store: it gets one record per rollup and commit, in the same
 * transaction as the input offsets, and needs no second write.
 */
public final class UsageTopology {

    static final String SEEN_STORE = "seen-events";
    static final String ROLLUP_STORE = "usage-rollups";

    private UsageTopology() {}

    /** The topic where rollups can be read, with committed isolation, by the key's latest version. */
    public static String rollupsTopic(String applicationId) {
        return applicationId + "-" + ROLLUP_STORE + "-changelog";
    }

    /**
     * Builds the topology.
     *
     * @param dedupHorizon how long after an event's arrival its duplicates are known as such; 35 days or more in
     *     production
     * @param metrics gets the counters events.accepted, events.duplicate and events.rejected.(reason)
     */
    public static Topology build(Duration dedupHorizon, MetricRegistry metrics) {
        return new Topology()
                .addSource(
                        "usage-events", new ByteArrayDeserializer(), new ByteArrayDeserializer(), Topics.USAGE_EVENTS)
                .addProcessor("usage", () -> new UsageProcessor(dedupHorizon, metrics), "usage-events")
                .addStateStore(seenStore(), "usage")
                .addStateStore(rollupStore(), "usage")
                .addSink(
                        "rejected",
                        Topics.REJECTED_EVENTS,
                        new ByteArraySerializer(),
                        new ByteArraySerializer(),
                        "usage");
    }

    private static StoreBuilder<KeyValueStore<Bytes, byte[]>> seenStore() {
        return Stores.keyValueStoreBuilder(
                        Stores.persistentKeyValueStore(SEEN_STORE), Serdes.Bytes(), Serdes.ByteArray())
                .withCachingDisabled()
                .withLoggingEnabled(Map.of(TopicConfig.COMPRESSION_TYPE_CONFIG, "lz4"));
    }

    private static StoreBuilder<KeyValueStore<Bytes, byte[]>> rollupStore() {
        // The cache is what makes it one record per rollup and commit: it is flushed to the changelog at each commit.
        return Stores.keyValueStoreBuilder(
                        Stores.persistentKeyValueStore(ROLLUP_STORE), Serdes.Bytes(), Serdes.ByteArray())
                .withCachingEnabled()
                .withLoggingEnabled(Map.of(TopicConfig.COMPRESSION_TYPE_CONFIG, "lz4"));
    }
}
