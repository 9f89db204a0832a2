package io.tollgate.emitter;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.parts.EmbeddedKafka;
import io.tollgate.parts.Part;
import io.tollgate.schemas.Codec;
import io.tollgate.schemas.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolIT {

    private static final int SPOOLED = 3_000;

    @TempDir
    Path directory;

    private SpoolConfig spool() {
        return SpoolConfig.in(directory.resolve("spool"))
                .withSegmentBytes(64 << 10)
                .withMaxBytes(512 << 20);
    }

    @Test
    void underALoadThatDoesNotPauseTheSpoolIsSentInOrderAndNewEventsGoStraightAgain() throws Exception {
        spoolSomeWhileKafkaIsAway();
        try (Part kafka = EmbeddedKafka.start(directory.resolve("kafka"), 0, directory.resolve("kafka.log"))) {
            UsageTopics.ensure(kafka.endpoint(), 1);
            int offered = SPOOLED;
            Emitter emitter = Emitter.create(EmitterConfig.to(kafka.endpoint()).withSpool(spool()));
            try (emitter) {
                assertThat(emitter.counts().spool().records()).isEqualTo(SPOOLED);
                long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
                // Always a hundred on their way, so that there is no moment without any.
                List<CompletableFuture<Outcome>> underWay = new ArrayList<>();
                while (emitter.counts().acknowledged() < 1_000 && System.nanoTime() < deadline) {
                    underWay.add(emitter.offer(Events.usage("acme", "" + offered)));
                    offered++;
                    if (underWay.size() > 100) {
                        Outcome outcome = underWay.remove(0).get(60, TimeUnit.SECONDS);
                        assertThat(outcome).isNotInstanceOf(Outcome.Refused.class);
                    }
                }
                emitter.flush();
                assertThat(emitter.counts().acknowledged()).isGreaterThanOrEqualTo(1_000);
            }
            EmitterCounts counts = emitter.counts();
            assertThat(counts.acknowledged() + counts.spooled()).isEqualTo(offered - SPOOLED);
            assertThat(counts.replayed()).isGreaterThanOrEqualTo(SPOOLED);
            assertThat(counts.spool().records()).isZero();
            assertThat(segments()).isEmpty();
            assertThat(arrived(kafka.endpoint()))
                    .containsExactlyElementsOf(IntStream.range(0, offered)
                            .mapToObj(Integer::toString)
                            .toList());
        }
    }

    private void spoolSomeWhileKafkaIsAway() {
        EmitterConfig config = EmitterConfig.to("127.0.0.1:1")
                .withMaxBlock(Duration.ofMillis(100))
                .withCloseTimeout(Duration.ZERO)
                .withSpool(spool());
        try (Emitter emitter = Emitter.create(config)) {
            for (int i = 0; i < SPOOLED; i++) {
                var unused = emitter.offer(Events.usage("acme", "" + i));
            }
            emitter.flush();
            assertThat(emitter.counts().spooled()).isEqualTo(SPOOLED);
        }
    }

    private List<Path> segments() throws IOException {
        try (var files = Files.list(directory.resolve("spool"))) {
            return files.filter(file -> file.toString().endsWith(".spool")).toList();
        }
    }

    /** The ids, each where it stands first: copies may follow. */
    private static Set<String> arrived(String kafka) {
        Set<String> ids = new LinkedHashSet<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            TopicPartition only = new TopicPartition(Topics.USAGE_EVENTS, 0);
            consumer.assign(List.of(only));
            consumer.seekToBeginning(List.of(only));
            long end = consumer.endOffsets(List.of(only)).getOrDefault(only, 0L);
            while (consumer.position(only) < end) {
                consumer.poll(Duration.ofMillis(200))
                        .forEach(each ->
                                ids.add(Codec.USAGE_EVENT.decode(each.value()).getId()));
            }
        }
        return ids;
    }
}
