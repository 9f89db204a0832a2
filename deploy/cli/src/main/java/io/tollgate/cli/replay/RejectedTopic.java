package io.tollgate.cli.replay;

import io.tollgate.cli.ExitCode;
import io.tollgate.cli.UserException;
import io.tollgate.events.RejectedEvent;
import io.tollgate.schemas.Codec;
import io.tollgate.schemas.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The topic of the rejected events, from where it ended at a certain moment. */
final class RejectedTopic {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(200);

    private final String kafka;
    private final SortedMap<Integer, Long> begin;

    /** @param begin from these offsets of its partitions on */
    RejectedTopic(String kafka, SortedMap<Integer, Long> begin) {
        this.kafka = kafka;
        this.begin = begin;
    }

    /** From its present end on. */
    static RejectedTopic fromNow(String kafka) {
        TreeMap<Integer, Long> begin = new TreeMap<>();
        ends(kafka).forEach((partition, end) -> begin.put(partition.partition(), end));
        return new RejectedTopic(kafka, begin);
    }

    /** Where it begins, by partition. */
    SortedMap<Integer, Long> begin() {
        return begin;
    }

    /**
     * Everything that was committed to it since.
     *
     * @throws UserException when it cannot be read to its present end in time
     */
    void read(Consumer<RejectedEvent> each) {
        // The uncommitted ends: of a transaction that is known to be committed, the records can show up a moment later.
        Map<TopicPartition, Long> ends = ends(kafka);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(kafka, "read_committed")) {
            consumer.assign(ends.keySet());
            ends.keySet().forEach(partition -> consumer.seek(partition, begin.getOrDefault(partition.partition(), 0L)));
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                if (System.nanoTime() - deadline > 0) {
                    throw new UserException(
                            ExitCode.UNAVAILABLE,
                            "sent and counted, but Kafka did not tell in time whether the job kept some out",
                            "replay it again: what was counted is not counted twice");
                }
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    each.accept(Codec.REJECTED_EVENT.decode(record.value()));
                }
            }
        }
    }

    private static Map<TopicPartition, Long> ends(String kafka) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(kafka, "read_uncommitted")) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.REJECTED_EVENTS).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            return consumer.endOffsets(partitions);
        }
    }

    private static KafkaConsumer<byte[], byte[]> consumer(String kafka, String isolation) {
        Map<String, Object> settings = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                kafka,
                ConsumerConfig.CLIENT_ID_CONFIG,
                "tollgate-replay-rejected",
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                isolation,
                // What retention took away in the meantime is skipped, and nothing else.
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                false,
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                (int) PATIENCE.toMillis());
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
