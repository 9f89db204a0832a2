package io.tollgate.aggregator.clickhouse;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import io.tollgate.events.UsageRollup;
import io.tollgate.schemas.Codec;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.Bytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies the rollups topic into ClickHouse. Offsets are committed after ClickHouse has the rows: after a crash some rows
 * are written again, which is harmless. While ClickHouse is away the writer keeps its place and tries again; nothing is
 * skipped.
 */
public final class RollupWriter implements Runnable, AutoCloseable {

    /** The consumer group whose committed offsets tell how far ClickHouse is. */
    public static final String GROUP = "tollgate-rollup-writer";

    private static final Logger LOG = LoggerFactory.getLogger(RollupWriter.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(6);
    /** A write may take half of it. */
    private static final Duration LONGEST_ROUND = Duration.ofMinutes(1);
    /** What a request to Kafka may take before it is made again. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration FIRST_BACKOFF = Duration.ofMillis(200);
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(30);
    private static final int ROWS_AT_ONCE = 20_000;

    private final Consumer<byte[], byte[]> consumer;
    private final String topic;
    private final RollupTable table;
    private final Counter written;
    private final Counter failures;
    private final Map<Bytes, UsageRollup> pending = new HashMap<>();
    private final Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();

    private Duration backoff = FIRST_BACKOFF;
    private long retryAtNanos;
    private boolean failing;
    private volatile boolean stopping;

    /**
     * @param bootstrapServers Kafka, as host:port
     * @param topic see {@code UsageTopology.rollupsTopic}
     * @param instanceId tells this writer from those of other instances, and is the same after a restart
     * @param metrics gets the counters rollups.written and rollups.write_failures
     */
    public RollupWriter(
            String bootstrapServers, String topic, String instanceId, RollupTable table, MetricRegistry metrics) {
        this.consumer = new KafkaConsumer<>(
                settings(bootstrapServers, instanceId), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.topic = topic;
        this.table = table;
        this.written = metrics.counter("rollups.written");
        this.failures = metrics.counter("rollups.write_failures");
    }

    private static Map<String, Object> settings(String bootstrapServers, String instanceId) {
        return Map.ofEntries(
                Map.entry(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers),
                Map.entry(ConsumerConfig.GROUP_ID_CONFIG, GROUP),
                Map.entry(ConsumerConfig.CLIENT_ID_CONFIG, GROUP),
                // A restart takes its partitions back at once instead of waiting for its former self to time out.
                Map.entry(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, GROUP + "-" + instanceId),
                // As the job's: when an instance dies, the others take both its parts over.
                Map.entry(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, (int) SESSION_TIMEOUT.toMillis()),
                Map.entry(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, (int) SESSION_TIMEOUT.toMillis() / 4),
                Map.entry(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, (int) LONGEST_ROUND.toMillis()),
                Map.entry(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis()),
                Map.entry(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis()),
                Map.entry(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed"),
                Map.entry(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"),
                Map.entry(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false),
                Map.entry(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 5_000),
                Map.entry(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, ROWS_AT_ONCE));
    }

    /** Runs until {@link #close}. */
    @Override
    public void run() {
        try (consumer) {
            consumer.subscribe(List.of(topic), new ForgetOnRebalance());
            while (!stopping) {
                poll();
                if (!pending.isEmpty()) {
                    write();
                }
                if (pending.isEmpty()) {
                    commit();
                }
            }
        } catch (WakeupException e) {
            LOG.debug("stopped while polling");
        }
    }

    /** Tells the writer to stop; {@link #run} returns soon after. What is not yet written is written after a restart. */
    @Override
    public void close() {
        stopping = true;
        consumer.wakeup();
    }

    private void poll() {
        // Partitions are paused while a write is being retried: polling then only keeps the group membership.
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            pending.put(Bytes.wrap(record.key()), Codec.USAGE_ROLLUP.decode(record.value()));
        }
    }

    private void write() {
        if (failing && System.nanoTime() - retryAtNanos < 0) {
            return;
        }
        try {
            table.insert(pending.values());
            written.inc(pending.size());
            pending.clear();
            if (failing) {
                LOG.info("ClickHouse takes rollups again");
                failing = false;
                backoff = FIRST_BACKOFF;
                consumer.resume(consumer.assignment());
            }
        } catch (ClickHouseUnavailableException e) {
            LOG.warn("ClickHouse does not take rollups, trying again in {}: {}", backoff, e.getMessage());
            failures.inc();
            failing = true;
            retryAtNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(backoff.toMillis());
            backoff =
                    backoff.multipliedBy(2).compareTo(LONGEST_BACKOFF) < 0 ? backoff.multipliedBy(2) : LONGEST_BACKOFF;
            consumer.pause(consumer.assignment());
        }
    }

    /** Commits positions rather than record offsets: they move past transaction markers too, so lag reaches zero. */
    private void commit() {
        try {
            Map<TopicPartition, OffsetAndMetadata> progress = progress();
            if (!progress.isEmpty()) {
                consumer.commitSync(progress);
                committed.putAll(progress);
            }
        } catch (WakeupException e) {
            throw e;
        } catch (KafkaException e) {
            LOG.warn("could not commit the writer's place, trying again: {}", e.getMessage());
        }
    }

    /** Where it is, of the partitions in which it has moved. Asking may time out, too: a new place is not known at once. */
    private Map<TopicPartition, OffsetAndMetadata> progress() {
        Map<TopicPartition, OffsetAndMetadata> progress = new HashMap<>();
        for (TopicPartition partition : consumer.assignment()) {
            OffsetAndMetadata position = new OffsetAndMetadata(consumer.position(partition));
            if (!position.equals(committed.get(partition))) {
                progress.put(partition, position);
            }
        }
        return progress;
    }

    /** After a rebalance the new owner starts at the committed offset; what is pending is its business. */
    private final class ForgetOnRebalance implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            pending.clear();
            committed.clear();
            failing = false;
            backoff = FIRST_BACKOFF;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            // Each starts where its committed offset says.
        }
    }
}
