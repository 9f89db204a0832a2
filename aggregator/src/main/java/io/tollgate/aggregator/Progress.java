package io.tollgate.aggregator;

import io.tollgate.aggregator.clickhouse.Writers;
import io.tollgate.aggregator.topology.UsageTopology;
import io.tollgate.schemas.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** How far ClickHouse is behind what was sent, from the offsets that the job and the writer have committed. */
public final class Progress implements AutoCloseable {

    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    private final Admin admin;
    private final String rollupsTopic = UsageTopology.rollupsTopic(AggregatorConfig.APPLICATION_ID);

    /** @param bootstrapServers Kafka, as host:port */
    public Progress(String bootstrapServers) {
        this.admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers));
    }

    /**
     * Waits until everything that is in Kafka now is in ClickHouse.
     *
     * @return whether it was, within the given time
     * @throws KafkaException when Kafka does not answer
     */
    public boolean awaitEverythingSentSoFar(Duration within) {
        long deadline = System.nanoTime() + within.toNanos();
        Map<TopicPartition, Long> sent = endOffsets(Topics.USAGE_EVENTS);
        if (!await(AggregatorConfig.APPLICATION_ID, sent, deadline)) {
            return false;
        }
        // What the job committed up to there was published in the same transactions.
        return await(Writers.ROLLUP_GROUP, endOffsets(rollupsTopic), deadline);
    }

    /**
     * Waits until everything that is in Kafka now is in ClickHouse, the archive included; in vain when there is none.
     *
     * @return whether it was, within the given time
     * @throws KafkaException when Kafka does not answer
     */
    public boolean awaitEverythingArchived(Duration within) {
        long deadline = System.nanoTime() + within.toNanos();
        Map<TopicPartition, Long> sent = endOffsets(Topics.USAGE_EVENTS);
        return awaitEverythingSentSoFar(within)
                && await(Writers.EVENT_GROUP, sent, deadline)
                // What the job rejected up to there was sent in the same transactions as its rollups.
                && await(Writers.REJECTED_GROUP, endOffsets(Topics.REJECTED_EVENTS), deadline);
    }

    /** Events that wait to be aggregated, plus rollup records that wait to be written. */
    public long lag() {
        return eventLag() + rollupLag();
    }

    /** Events that wait to be aggregated. */
    public long eventLag() {
        return sum(eventLags());
    }

    /** The same by partition. */
    Map<TopicPartition, Long> eventLags() {
        return lags(AggregatorConfig.APPLICATION_ID, endOffsets(Topics.USAGE_EVENTS));
    }

    /** Whether the job has made its topic of rollups. */
    boolean rollupsTopicExists() {
        return exists(rollupsTopic);
    }

    /** Whether there is a topic of that name. */
    boolean exists(String topic) {
        return get(() -> admin.listTopics().names().get(10, TimeUnit.SECONDS)).contains(topic);
    }

    /** Rollup records, transaction markers included, that wait to be written to ClickHouse. */
    public long rollupLag() {
        return sum(lags(Writers.ROLLUP_GROUP, endOffsets(rollupsTopic)));
    }

    /** Events that wait to be archived. */
    public long archiveLag() {
        return sum(lags(Writers.EVENT_GROUP, endOffsets(Topics.USAGE_EVENTS)));
    }

    /** Rejected events that wait to be archived. */
    public long rejectedLag() {
        return sum(lags(Writers.REJECTED_GROUP, endOffsets(Topics.REJECTED_EVENTS)));
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(2));
    }

    private boolean await(String group, Map<TopicPartition, Long> ends, long deadline) {
        while (sum(lags(group, ends)) > 0) {
            if (System.nanoTime() - deadline > 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
        return true;
    }

    private Map<TopicPartition, Long> lags(String group, Map<TopicPartition, Long> ends) {
        Map<TopicPartition, OffsetAndMetadata> committed = get(() -> admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get(10, TimeUnit.SECONDS));
        Map<TopicPartition, Long> lags = new HashMap<>();
        ends.forEach((partition, end) -> {
            OffsetAndMetadata offset = committed.get(partition);
            lags.put(partition, Math.max(0, end - (offset == null ? 0 : offset.offset())));
        });
        return lags;
    }

    private static long sum(Map<TopicPartition, Long> lags) {
        return lags.values().stream().mapToLong(Long::longValue).sum();
    }

    private Map<TopicPartition, Long> endOffsets(String topic) {
        TopicDescription description = get(() ->
                        admin.describeTopics(List.of(topic)).allTopicNames().get(10, TimeUnit.SECONDS))
                .values()
                .iterator()
                .next();
        Map<TopicPartition, OffsetSpec> latest = description.partitions().stream()
                .collect(Collectors.toMap(
                        partition -> new TopicPartition(topic, partition.partition()),
                        partition -> OffsetSpec.latest()));
        Map<TopicPartition, Long> ends = new HashMap<>();
        // Uncommitted ends: a transaction's offsets can be visible a moment before its records are.
        get(() -> admin.listOffsets(latest).all().get(10, TimeUnit.SECONDS))
                .forEach((partition, end) -> ends.put(partition, end.offset()));
        return ends;
    }

    private interface Request<T> {
        T send() throws Exception;
    }

    private static <T> T get(Request<T> request) {
        try {
            return request.send();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while asking Kafka for offsets", e);
        } catch (ExecutionException e) {
            throw new KafkaException("Kafka did not tell its offsets: " + e.getCause(), e);
        } catch (Exception e) {
            throw new KafkaException("Kafka did not tell its offsets: " + e, e);
        }
    }
}
