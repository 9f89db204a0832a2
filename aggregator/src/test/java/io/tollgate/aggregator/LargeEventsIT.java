package io.tollgate.aggregator;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import io.tollgate.events.RejectedEvent;
import io.tollgate.events.UsageEvent;
import io.tollgate.schemas.Codec;
import io.tollgate.schemas.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What fits into the input topic is counted or rejected, however large: the job goes on. */
class LargeEventsIT {

    @TempDir
    Path directory;

    private final Random random = new Random(7);

    @Test
    void anEventTooLargeForARollupIsRejectedAndTheJobGoesOn() throws Exception {
        try (OneJob job = new OneJob(directory)) {
            letRejectedEventsBeLarge(job);
            MetricRegistry metrics = new MetricRegistry();
            try (Aggregator aggregator = job.start(job.config("one"), metrics)) {
                List<UsageEvent> good = OneJob.events(0, 20);
                job.send(good.subList(0, 10));
                job.send(large());
                job.send(good.subList(10, 20));
                job.awaitCounted();

                assertThat(aggregator.state()).isEqualTo(AggregatorState.RUNNING);
                assertThat(job.totals()).isEqualTo(Totals.of(good));
            }
            assertThat(OneJob.gauge(metrics, "stream_threads.died")).isZero();
            assertThat(rejected(job))
                    .isEqualTo(Map.of(
                            "dimensions_too_large", 2,
                            "meter_name_too_long", 2,
                            "time_out_of_range", 1));
        }
    }

    private List<UsageEvent> large() {
        UsageEvent tag = Events.event("tag", 1, 1);
        tag.getDimensions().setTags(Map.of("prompt", text(600_000)));
        UsageEvent nearlyTooLargeToSend = Events.event("model", 1, 1);
        nearlyTooLargeToSend.getDimensions().setModel(text(1_048_000));
        UsageEvent source = Events.event("source", Instant.EPOCH.minusSeconds(1), Map.of("input_tokens", 1L));
        source.setSource(text(1_047_000));
        UsageEvent negative = Events.event("negative", Events.NOON, Map.of(text(1_047_000), -1L));
        Map<String, Long> meters = new HashMap<>();
        while (meters.size() < 250) {
            meters.put(text(4_000), 1L);
        }
        UsageEvent manyLongNames = Events.event("many", Events.NOON, meters);
        return List.of(tag, nearlyTooLargeToSend, source, negative, manyLongNames);
    }

    /** Nothing that a compression would make small. */
    private String text(int length) {
        StringBuilder text = new StringBuilder(length);
        random.ints(length, '0', 'z' + 1).forEach(sign -> text.append((char) sign));
        return text.toString();
    }

    /** As {@code tollgate} makes the topic. */
    private static void letRejectedEventsBeLarge(OneJob job) throws ExecutionException, InterruptedException {
        Collection<AlterConfigOp> larger = List.of(new AlterConfigOp(
                new ConfigEntry(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, String.valueOf(20 << 20)),
                AlterConfigOp.OpType.SET));
        try (Admin admin = job.admin()) {
            admin.incrementalAlterConfigs(
                            Map.of(new ConfigResource(ConfigResource.Type.TOPIC, Topics.REJECTED_EVENTS), larger))
                    .all()
                    .get();
        }
    }

    /** How many there are of each reason; each has its original. */
    private static Map<String, Integer> rejected(OneJob job) {
        Map<String, Object> config = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                job.kafka(),
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed");
        List<RejectedEvent> found = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(Topics.REJECTED_EVENTS, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = Objects.requireNonNull(
                    consumer.endOffsets(List.of(partition)).get(partition));
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofSeconds(1))
                        .forEach(record -> found.add(Codec.REJECTED_EVENT.decode(record.value())));
            }
        }
        Map<String, Integer> reasons = new TreeMap<>();
        for (RejectedEvent each : found) {
            assertThat(each.getDetail().length()).isLessThan(1_100);
            assertThat(Codec.USAGE_EVENT.decode(each.getOriginal().array()).getId())
                    .isNotEmpty();
            reasons.merge(each.getReason(), 1, Integer::sum);
        }
        return reasons;
    }
}
