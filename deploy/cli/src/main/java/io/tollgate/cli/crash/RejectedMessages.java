package io.tollgate.cli.crash;

import io.tollgate.cli.crash.Totals.Rejected;
import io.tollgate.events.RejectedEvent;
import io.tollgate.schemas.Codec;
import io.tollgate.schemas.Topics;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What was kept out and committed: what a transaction left that was aborted does not count. */
final class RejectedMessages {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private RejectedMessages() {}

    /** Reads the topic up to its last stable offset. */
    static Map<Rejected, Integer> of(String kafka) {
        Map<String, Object> config = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                kafka,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                (int) PATIENCE.toMillis());
        Map<Rejected, Integer> rejected = new TreeMap<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.REJECTED_EVENTS).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    rejected.merge(rejection(Codec.REJECTED_EVENT.decode(record.value())), 1, Integer::sum);
                }
            }
        }
        return rejected;
    }

    private static Rejected rejection(RejectedEvent event) {
        ByteBuffer original = event.getOriginal().duplicate();
        byte[] bytes = new byte[original.remaining()];
        original.get(bytes);
        return new Rejected(event.getReason(), HexFormat.of().formatHex(bytes));
    }
}
