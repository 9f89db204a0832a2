package io.tollgate.aggregator;

import io.tollgate.aggregator.topology.UsageTopology;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.GroupProtocol;
import org.apache.kafka.streams.StreamsConfig;

/** An {@link AggregatorConfig} in Kafka's words, and what is the same for everybody. */
final class StreamsSettings {

    /** A member that was slow three times is still alive. */
    private static final int HEARTBEATS_PER_SESSION = 4;

    private StreamsSettings() {}

    static Properties of(AggregatorConfig config) {
        Properties properties = new Properties();
        properties.putAll(Map.of(
                StreamsConfig.APPLICATION_ID_CONFIG,
                AggregatorConfig.APPLICATION_ID,
                StreamsConfig.BOOTSTRAP_SERVERS_CONFIG,
                config.bootstrapServers(),
                StreamsConfig.STATE_DIR_CONFIG,
                config.stateDirectory().toString(),
                StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
                StreamsConfig.EXACTLY_ONCE_V2,
                StreamsConfig.NUM_STREAM_THREADS_CONFIG,
                config.threads(),
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                config.commitInterval().toMillis(),
                // Kafka 4.3 refuses static members under the protocol "streams", and ignores the number of standby
                // replicas.
                StreamsConfig.GROUP_PROTOCOL_CONFIG,
                GroupProtocol.CLASSIC.name,
                // There is one input, so there is nothing to wait for; with any other value each record costs a new
                // set.
                StreamsConfig.MAX_TASK_IDLE_MS_CONFIG,
                StreamsConfig.MAX_TASK_IDLE_MS_DISABLED,
                // Holds nothing but the commit hooks; without a cache they would not be called.
                StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG,
                1L << 20));
        properties.putAll(scaleOut(config));
        properties.putAll(Map.of(
                // A rebalance waits for its members for so long; it must be more than a producer blocks.
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG),
                60_000,
                StreamsConfig.producerPrefix(ProducerConfig.MAX_BLOCK_MS_CONFIG),
                30_000,
                StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG),
                "earliest",
                StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG),
                2_000,
                StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG),
                "lz4",
                StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG),
                20,
                StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG),
                256 * 1024,
                // A rejected event is a little larger than the event, which may be as large as its topic takes.
                StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG),
                UsageTopology.MAX_RECORD_BYTES));
        return properties;
    }

    private static Map<String, Object> scaleOut(AggregatorConfig config) {
        int sessionMillis = (int) config.sessionTimeout().toMillis();
        return Map.of(
                // A restarted instance takes its partitions back at once instead of waiting for its former self.
                StreamsConfig.consumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG),
                config.instanceId(),
                StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG),
                sessionMillis,
                StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG),
                sessionMillis / HEARTBEATS_PER_SESSION,
                StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG,
                config.standbyReplicas(),
                // A new instance warms up copies before it takes over, so many at once in the whole group. Each reads
                // its log from the start at full speed; the usual two would make eight partitions a matter of four
                // rounds.
                StreamsConfig.MAX_WARMUP_REPLICAS_CONFIG,
                4,
                // How often warm copies are looked for; the least that Kafka takes. The usual ten minutes are how long
                // a new instance would idle next to a busy one. Looking costs a rebalance, and those stop nobody here.
                StreamsConfig.PROBING_REBALANCE_INTERVAL_MS_CONFIG,
                60_000L,
                // A copy is warm when it lacks no more records than this of all its logs: seconds of work. A busy
                // partition writes a record for each rollup and commit, some thousands a commit, so with much less no
                // copy would ever pass for warm, and a group would keep looking.
                StreamsConfig.ACCEPTABLE_RECOVERY_LAG_CONFIG,
                10_000L);
    }
}
