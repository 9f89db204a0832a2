package io.tollgate.cli.bench;

import io.tollgate.schemas.Codec;
import io.tollgate.schemas.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** One consumer that decodes each event of the topic and does nothing with it: what no job can be faster than. */
final class PlainConsumer {

    private PlainConsumer() {}

    /**
     * Reads so many events from the beginning.
     *
     * @return events a second
     */
    static double decode(String kafka, long count) {
        Map<String, Object> config = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                kafka,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                2_000);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.USAGE_EVENTS).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long start = System.nanoTime();
            long read = 0;
            long tokens = 0;
            while (read < count) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                    tokens += Codec.USAGE_EVENT.decode(record.value()).getContextTokens();
                    read++;
                }
            }
            if (tokens < 0) {
                throw new IllegalStateException("the tokens are used, so that reading them cannot be left out");
            }
            return read / ((System.nanoTime() - start) / 1e9);
        }
    }
}
