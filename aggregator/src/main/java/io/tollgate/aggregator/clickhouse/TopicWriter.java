package io.tollgate.aggregator.clickhouse;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;
import io.tollgate.aggregator.clickhouse.Writers.Trouble;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.GroupProtocol;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies a topic into ClickHouse, in batches. Offsets are committed after ClickHouse has the rows: after a crash some rows
 * are written again, which is harmless. While ClickHouse is away the writer keeps its place and tries again; nothing is
 * skipped, and no more than a batch is held in memory.
 */
final class TopicWriter implements Runnable, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TopicWriter.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(200);
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(30);
    private static final int RECORDS_AT_ONCE = 10_000;
    /** Writing takes a fifth of the time at most, as long as rows need not wait longer than this for it. */
    private static final int RESTS = 4;

    private static final Duration LONGEST_REST = Duration.ofMillis(500);
    /** Another writer takes over so long after a crash. It has nothing to restore. */
    private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(6);
    /** What a request to Kafka may take before it is made again. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** Between two polls lie one insert (30 s at most) and one commit (10 s at most); past that the thread hangs. */
    private static final Duration HANGS_AFTER = Duration.ofMinutes(1);

    private final Consumer<byte[], byte[]> consumer;
    private final Source source;
    private final Sink sink;
    private final Batch batch;
    private final Counter written;
    private final Counter failures;
    private final Counter batches;
    private final Timer insert;
    private final Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();

    private long firstPendingNanos;
    private long restedAtNanos = System.nanoTime();
    private Duration backoff = FIRST_BACKOFF;
    private long retryAtNanos;
    private boolean failing;
    private volatile @Nullable Trouble trouble;
    private volatile boolean stopping;
    private volatile boolean leaving;

    /**
     * Where a writer reads.
     *
     * @param name of the writer in metrics and logs
     * @param topic is read with committed isolation
     * @param group the consumer group whose committed offsets tell how far ClickHouse is
     * @param rowCounter the name of the counter of rows written
     */
    record Source(String name, String topic, String group, String rowCounter) {}

    /**
     * @param bootstrapServers Kafka, as host:port
     * @param instanceId tells this writer from those of other instances, and is the same after a restart
     * @param metrics gets the counter of rows, the counters (name).batches and (name).write_failures and the timer
     *     (name).insert
     */
    TopicWriter(
            Source source, String bootstrapServers, String instanceId, Sink sink, Batch batch, MetricRegistry metrics) {
        this.source = source;
        this.sink = sink;
        this.batch = batch;
        this.written = metrics.counter(source.rowCounter());
        this.failures = metrics.counter(source.name() + ".write_failures");
        this.batches = metrics.counter(source.name() + ".batches");
        this.insert = metrics.timer(source.name() + ".insert");
        // Last: nothing that could fail comes after what has to be closed.
        this.consumer = new KafkaConsumer<>(
                settings(source, bootstrapServers, instanceId, batch),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    static Map<String, Object> settings(Source source, String bootstrapServers, String instanceId, Batch batch) {
        Map<String, Object> config = new HashMap<>();
        config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        config.put(ConsumerConfig.GROUP_ID_CONFIG, source.group());
        config.put(ConsumerConfig.CLIENT_ID_CONFIG, source.group());
        // A restart takes its partitions back at once instead of waiting for its former self to time out.
        config.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, source.group() + "-" + instanceId);
        // Eager on purpose: revocation takes away all partitions at once, so clearing the whole batch loses nothing. A
        // cooperative assignor or the protocol "consumer" takes away some of them: rows of the others would be cleared
        // while their positions have moved past them.
        config.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, GroupProtocol.CLASSIC.name);
        config.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, RangeAssignor.class.getName());
        config.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, (int) SESSION_TIMEOUT.toMillis());
        config.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, (int) SESSION_TIMEOUT.toMillis() / 4);
        config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
        config.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
        config.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, (int) HANGS_AFTER.toMillis());
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 5_000);
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, Math.min(batch.rows(), RECORDS_AT_ONCE));
        return config;
    }

    /** Runs until {@link #close}. */
    @Override
    public void run() {
        try {
            consumer.subscribe(List.of(source.topic()), new ForgetOnRebalance());
            while (!stopping) {
                poll();
                if (isDue()) {
                    write();
                }
                if (sink.rows() == 0) {
                    commit();
                }
            }
        } catch (WakeupException e) {
            LOG.debug("stopped while polling");
        } finally {
            consumer.close(CloseOptions.groupMembershipOperation(
                    leaving ? GroupMembershipOperation.LEAVE_GROUP : GroupMembershipOperation.REMAIN_IN_GROUP));
        }
    }

    /** As {@link #close}, and its partitions are for other writers at once instead of for itself after a restart. */
    void leave() {
        leaving = true;
        close();
    }

    /** Tells the writer to stop; {@link #run} returns soon after. What is not yet written is written after a restart. */
    @Override
    public void close() {
        stopping = true;
        consumer.wakeup();
    }

    /** Why ClickHouse takes no rows now; empty when it does. May be asked by any thread. */
    Optional<Trouble> trouble() {
        return Optional.ofNullable(trouble);
    }

    private void poll() {
        // Partitions are paused while a write is being retried: polling then only keeps the group membership.
        for (ConsumerRecord<byte[], byte[]> entry : consumer.poll(patience())) {
            if (sink.rows() == 0) {
                firstPendingNanos = System.nanoTime();
            }
            sink.add(entry);
        }
    }

    /** No longer than until something is due. */
    private Duration patience() {
        if (sink.rows() == 0) {
            return POLL;
        }
        long nanos = Math.max(0, Math.min(POLL.toNanos(), nanosUntilDue()));
        // In whole milliseconds, rounded up: rounded down, the last one would be a busy loop.
        return Duration.ofMillis(TimeUnit.NANOSECONDS.toMillis(nanos + 999_999));
    }

    private boolean isDue() {
        if (sink.rows() == 0) {
            return false;
        }
        boolean full = sink.rows() >= batch.rows() || sink.bytes() >= batch.bytes();
        return (full && !failing) || nanosUntilDue() <= 0;
    }

    private long nanosUntilDue() {
        long now = System.nanoTime();
        if (failing) {
            return retryAtNanos - now;
        }
        return Math.max(firstPendingNanos + batch.age().toNanos() - now, restedAtNanos - now);
    }

    private void write() {
        long before = System.nanoTime();
        try {
            sink.write();
        } catch (ClickHouseUnavailableException e) {
            tryLater(e);
            return;
        }
        long after = System.nanoTime();
        insert.update(after - before, TimeUnit.NANOSECONDS);
        // An insert that took long says that ClickHouse is busy, and fewer, larger ones cost it less.
        restedAtNanos = after + Math.min(LONGEST_REST.toNanos(), RESTS * (after - before));
        batches.inc();
        written.inc(sink.rows());
        sink.clear();
        if (failing) {
            LOG.info("ClickHouse takes {} again", source.name());
            failing = false;
            trouble = null;
            backoff = FIRST_BACKOFF;
            consumer.resume(consumer.assignment());
        }
    }

    private void tryLater(ClickHouseUnavailableException problem) {
        LOG.warn("ClickHouse does not take {}, trying again in {}: {}", source.name(), backoff, problem.getMessage());
        failures.inc();
        trouble = new Trouble(
                trouble().map(Trouble::sinceNanos).orElseGet(System::nanoTime), String.valueOf(problem.getMessage()));
        failing = true;
        retryAtNanos = System.nanoTime() + backoff.toNanos();
        Duration doubled = backoff.multipliedBy(2);
        backoff = doubled.compareTo(LONGEST_BACKOFF) < 0 ? doubled : LONGEST_BACKOFF;
        consumer.pause(consumer.assignment());
    }

    /** Commits positions rather than record offsets: they move past transaction markers too, so lag reaches zero. */
    private void commit() {
        try {
            Map<TopicPartition, OffsetAndMetadata> progress = progress();
            if (!progress.isEmpty()) {
                consumer.commitSync(progress);
                committed.putAll(progress);
            }
        } catch (WakeupException | FencedInstanceIdException e) {
            throw e;
        } catch (KafkaException e) {
            LOG.warn("could not commit the place of {}, trying again: {}", source.name(), e.getMessage());
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

    /**
     * After a rebalance the new owner starts at the committed offset; what is pending is its business. Right only because
     * every partition is taken away, see {@link #consumer}.
     */
    private final class ForgetOnRebalance implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            sink.clear();
            committed.clear();
            failing = false;
            trouble = null;
            backoff = FIRST_BACKOFF;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            // Each starts where its committed offset says.
        }
    }
}
