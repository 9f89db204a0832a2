package io.tollgate.emitter;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.events.UsageEvent;
import io.tollgate.parts.TestParts;
import io.tollgate.schemas.Codec;
import io.tollgate.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.assertj.core.api.Condition;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class EmitterIT {

    private static final int EVENTS = 20_000;

    @BeforeAll
    static void topics() {
        UsageTopics.ensure(TestParts.kafka(), UsageTopics.PARTITIONS);
    }

    @Test
    void everyEventIsAcknowledgedOnceAndStandsWhereItWasTold() {
        Instant start = Instant.now().minusSeconds(1);
        List<CompletableFuture<Emitted>> outcomes = new ArrayList<>();
        Map<Integer, Long> acknowledged;
        try (Emitter emitter = Emitter.create(EmitterConfig.to(TestParts.kafka()))) {
            for (int i = 0; i < EVENTS; i++) {
                outcomes.add(emitter.emit(Events.usage("tenant-" + i % 50, "e" + i)));
            }
            emitter.flush();
            assertThat(emitter.counts()).isEqualTo(EmitterCounts.withoutSpool(EVENTS, 0, 0, 0));
            acknowledged = emitter.acknowledgedOffsets();
        }
        List<Emitted> places = outcomes.stream().map(CompletableFuture::join).toList();
        assertThat(new HashSet<>(places)).hasSize(EVENTS);
        Map<Integer, Long> highest = new HashMap<>();
        places.forEach(place -> highest.merge(place.partition(), place.offset(), Math::max));
        assertThat(acknowledged).isEqualTo(highest);

        List<ConsumerRecord<byte[], byte[]>> records = read(Topics.USAGE_EVENTS);
        Set<String> ids = new HashSet<>();
        Map<String, Integer> partitions = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> each : records) {
            UsageEvent event = Codec.USAGE_EVENT.decode(each.value());
            ids.add(event.getId());
            String tenant = event.getDimensions().getTenant();
            assertThat(new String(each.key(), StandardCharsets.UTF_8)).isEqualTo(tenant);
            assertThat(partitions.computeIfAbsent(tenant, t -> each.partition()))
                    .isEqualTo(each.partition());
            // The event is from 2023; were its time the record's, retention would take it.
            assertThat(Instant.ofEpochMilli(each.timestamp())).isAfter(start);
            assertThat(each.timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
        }
        assertThat(ids).hasSize(EVENTS);
        assertThat(records).hasSize(EVENTS);
        assertThat(partitions.values()).contains(0, 1, 2, 3);
    }

    @Test
    void rejectedEventsOfAnySizeTheEdgeTakesAreKeptWhole() {
        byte[] original = new byte[16 << 20];
        try (Emitter emitter = Emitter.create(EmitterConfig.to(TestParts.kafka()))) {
            Emitted place = emitter.reject(Events.rejected(original)).join();
            assertThat(place.topic()).isEqualTo(Topics.REJECTED_EVENTS);
            assertThat(emitter.counts()).isEqualTo(EmitterCounts.withoutSpool(0, 1, 0, 0));
        }
        List<ConsumerRecord<byte[], byte[]>> records = read(Topics.REJECTED_EVENTS);
        assertThat(records.stream()
                        .map(each -> Codec.REJECTED_EVENT
                                .decode(each.value())
                                .getOriginal()
                                .remaining()))
                .containsOnlyOnce(original.length);
    }

    @Test
    void closingDrains() {
        Emitter emitter = Emitter.create(EmitterConfig.to(TestParts.kafka()).withKafka(Map.of("linger.ms", "60000")));
        List<CompletableFuture<Emitted>> outcomes = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            outcomes.add(emitter.reject(Events.rejected(new byte[0])));
        }
        emitter.close();
        assertThat(outcomes).allSatisfy(outcome -> assertThat(outcome).isCompleted());
        assertThat(emitter.counts()).isEqualTo(EmitterCounts.withoutSpool(0, 100, 0, 0));
    }

    @Test
    void ensuringTopicsTwiceChangesNothing() throws ExecutionException, InterruptedException {
        UsageTopics.ensure(TestParts.kafka(), 7);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", TestParts.kafka()))) {
            assertThat(admin.describeTopics(List.of(Topics.USAGE_EVENTS))
                            .allTopicNames()
                            .get())
                    .hasValueSatisfying(new Condition<>(
                            topic -> topic.partitions().size() == UsageTopics.PARTITIONS,
                            "as many partitions as before"));
            ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, Topics.USAGE_EVENTS);
            assertThat(admin.describeConfigs(List.of(topic)).all().get().values())
                    .first()
                    .satisfies(config -> assertThat(config.entries())
                            .filteredOn(entry -> entry.name().equals("retention.ms"))
                            .extracting(ConfigEntry::value)
                            .containsExactly("-1"));
        }
    }

    private static List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                TestParts.kafka(),
                "max.partition.fetch.bytes",
                32 << 20,
                "fetch.max.bytes",
                64 << 20);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .sorted(Comparator.comparingInt(TopicPartition::partition))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            while (partitions.stream()
                    .anyMatch(partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
            return records;
        }
    }
}
