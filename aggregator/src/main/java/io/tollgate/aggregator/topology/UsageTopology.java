package io.tollgate.aggregator.topology;

import com.codahale.metrics.MetricRegistry;
import io.tollgate.schemas.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * From usage events to rollups.
 *
 * <pre>
 * usage-events ──▶ usage ──▶ usage-events-rejected
 *                   │ │ └▶ commit-hook: before each commit, what changed goes into the stores
 *      seen-events ◀┘ └▶ usage-rollups
 *           │                  │
 *       changelog          changelog ──▶ &lt;application id&gt;-usage-rollups-changelog
 * </pre>
 *
 * <p>There is no repartition: a rollup is the total of one input partition, and readers sum over partitions. The rollups
 * topic is the compacted changelog of the rollup store: it gets one record per rollup and commit, in the same
 * transaction as the input offsets, and needs no second write.
 */
public final class UsageTopology {

    static final String SEEN_STORE = "seen-events";
    static final String ROLLUP_STORE = "usage-rollups";
    static final String HOOK_STORE = "commit-hook";

    /** What a record of the job may have: as many as {@code usage-events-rejected} takes. */
    public static final int MAX_RECORD_BYTES = 20 << 20;

    private UsageTopology() {}

    /** The topic where rollups can be read, with committed isolation, by the key's latest version. */
    public static String rollupsTopic(String applicationId) {
        return applicationId + "-" + ROLLUP_STORE + "-changelog";
    }

    /**
     * Builds the topology.
     *
     * @param metrics gets the counters events.accepted, events.duplicate and events.rejected.(reason), and the size of the
     *     store of identities
     */
    public static Topology build(TopologyConfig config, MetricRegistry metrics) {
        return new Topology()
                .addSource(
                        "usage-events", new ByteArrayDeserializer(), new ByteArrayDeserializer(), Topics.USAGE_EVENTS)
                .addProcessor("usage", () -> new UsageProcessor(config, metrics), "usage-events")
                .addStateStore(seenStore(config, StateSize.in(metrics)), "usage")
                .addStateStore(rollupStore(), "usage")
                .addStateStore(hookStore(), "usage")
                .addSink(
                        "rejected",
                        Topics.REJECTED_EVENTS,
                        new ByteArraySerializer(),
                        new ByteArraySerializer(),
                        "usage");
    }

    /** Its log is not compacted: a record is of no use beyond the horizon, and until then each one is. */
    private static StoreBuilder<KeyValueStore<Bytes, byte[]>> seenStore(TopologyConfig config, StateSize size) {
        // Twice the horizon: a job that was down for as long must still find what it knew.
        Duration retention = config.dedupHorizon().multipliedBy(2).plusDays(6);
        return Stores.keyValueStoreBuilder(
                        supplier(
                                SEEN_STORE,
                                () -> new SeenIdsStore(SEEN_STORE, config.idsInMemory(), config.dedupHorizon(), size)),
                        Serdes.Bytes(),
                        Serdes.ByteArray())
                .withCachingDisabled()
                .withLoggingEnabled(Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_DELETE,
                        TopicConfig.RETENTION_MS_CONFIG,
                        String.valueOf(retention.toMillis()),
                        // The broker's clock: a replay of old events must not make their identities old.
                        TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                        "LogAppendTime"));
    }

    private static StoreBuilder<KeyValueStore<Bytes, byte[]>> rollupStore() {
        // Not cached: it gets each rollup once a commit as it is.
        return Stores.keyValueStoreBuilder(
                        Stores.persistentKeyValueStore(ROLLUP_STORE), Serdes.Bytes(), Serdes.ByteArray())
                .withCachingDisabled()
                // Records are kept below a megabyte, Kafka's usual limit, by what is let in; this is for those that
                // were
                // let in by a former version.
                .withLoggingEnabled(Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, String.valueOf(MAX_RECORD_BYTES)));
    }

    private static StoreBuilder<KeyValueStore<Bytes, byte[]>> hookStore() {
        return Stores.keyValueStoreBuilder(
                        supplier(HOOK_STORE, () -> new CommitHook(HOOK_STORE)), Serdes.Bytes(), Serdes.ByteArray())
                .withCachingEnabled()
                .withLoggingDisabled();
    }

    private static KeyValueBytesStoreSupplier supplier(String name, Supplier<KeyValueStore<Bytes, byte[]>> store) {
        return new KeyValueBytesStoreSupplier() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public KeyValueStore<Bytes, byte[]> get() {
                return store.get();
            }

            @Override
            public String metricsScope() {
                return "tollgate";
            }
        };
    }
}
