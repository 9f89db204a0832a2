package io.tollgate.aggregator;

import io.tollgate.aggregator.topology.UsageTopology;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Finds out whether Kafka has forgotten where the job was. It does so when a job was down for longer than
 * {@code offsets.retention.minutes}, a week by default. The job would then start from the beginning, and count again
 * whatever is older than the dedup horizon.
 */
final class ForgottenOffsets {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration LOOK_WITHIN = Duration.ofMinutes(1);

    private ForgottenOffsets() {}

    /**
     * @throws IllegalStateException when there are rollups but no offsets of the job that made them
     * @throws KafkaException when Kafka does not answer
     */
    static void refuse(String bootstrapServers) {
        String rollups = UsageTopology.rollupsTopic(AggregatorConfig.APPLICATION_ID);
        if (!hasOffsets(bootstrapServers) && hasRecords(bootstrapServers, rollups)) {
            throw new IllegalStateException(
                    ("Kafka has forgotten how far the aggregator was (offsets.retention.minutes), but %s holds its"
                                    + " rollups; starting from the beginning could count old events twice. Set the offsets of group %s"
                                    + " to where it was (kafka-consumer-groups --reset-offsets), or reset the job whole"
                                    + " (kafka-streams-application-reset) to rebuild all rollups")
                            .formatted(rollups, AggregatorConfig.APPLICATION_ID));
        }
    }

    private static boolean hasOffsets(String bootstrapServers) {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
            return !admin.listConsumerGroupOffsets(AggregatorConfig.APPLICATION_ID)
                    .partitionsToOffsetAndMetadata()
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .isEmpty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while asking Kafka for offsets", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("Kafka did not tell the aggregator's offsets", e);
        }
    }

    /** Whether a transaction of the job was ever committed; what a crash left of an aborted one does not count. */
    private static boolean hasRecords(String bootstrapServers, String topic) {
        Map<String, Object> config = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                false,
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                (int) PATIENCE.toMillis(),
                ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                (int) PATIENCE.toMillis(),
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                1);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            if (!consumer.listTopics(PATIENCE).containsKey(topic)) {
                return false;
            }
            List<TopicPartition> partitions = consumer.partitionsFor(topic, PATIENCE).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, PATIENCE);
            long deadline = System.nanoTime() + LOOK_WITHIN.toNanos();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                if (!consumer.poll(Duration.ofMillis(100)).isEmpty()) {
                    return true;
                }
                if (System.nanoTime() - deadline > 0) {
                    throw new KafkaException(
                            "Kafka did not show within %s whether %s holds rollups".formatted(LOOK_WITHIN, topic));
                }
            }
            return false;
        }
    }
}
