package io.tollgate.ingest.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tollgate.emitter.SpoolConfig;
import io.tollgate.emitter.UsageTopics;
import io.tollgate.parts.EmbeddedKafka;
import io.tollgate.parts.Part;
import io.tollgate.schemas.Codec;
import io.tollgate.schemas.Topics;
import io.tollgate.service.ListenOn;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kafka is killed and comes back; events over HTTP do not notice, as long as the spool has room. */
class SpoolingEdgeIT {

    private static final Duration PATIENCE = Duration.ofSeconds(8);

    /** Longer than a busy machine takes for the first events, which are to go straight to Kafka. */
    private static final Duration SPOOLED_AFTER = Duration.ofSeconds(4);

    @TempDir
    Path directory;

    private Part start(int port) {
        return EmbeddedKafka.start(directory.resolve("kafka"), port, directory.resolve("kafka.log"));
    }

    private static IngestService edge(String kafka, SpoolConfig spool) {
        return IngestService.start(
                IngestConfig.of(kafka, ListenOn.anyPort(), EdgeClient.TOKENS)
                        .withKafkaPatience(PATIENCE)
                        .withSpool(Optional.of(spool.withAfter(SPOOLED_AFTER))),
                () -> EdgeClient.ARRIVAL);
    }

    private static void kill(Part kafka) throws Exception {
        kafka.processes().forEach(ProcessHandle::destroyForcibly);
        kafka.onExit().get(30, TimeUnit.SECONDS);
        kafka.close();
    }

    private static HttpResponse<String> post(EdgeClient client, int from, int to) {
        return client.post(
                EdgeClient.BATCH,
                IntStream.range(from, to)
                        .mapToObj(number -> EdgeClient.event("n-" + number, "1"))
                        .collect(Collectors.joining(",", "[", "]")));
    }

    private static int spooled(EdgeClient client, HttpResponse<String> response, int wanted) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        JsonNode answer = client.json(response);
        assertThat(answer.get("accepted").asInt()).isEqualTo(wanted);
        return answer.get("spooled").asInt();
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("it takes too long").isLessThan(deadline);
        }
    }

    private static Set<String> arrived(String kafka) {
        Set<String> ids = new LinkedHashSet<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partition = List.of(new TopicPartition(Topics.USAGE_EVENTS, 0));
            consumer.assign(partition);
            consumer.seekToBeginning(partition);
            long end = consumer.endOffsets(partition).getOrDefault(partition.get(0), 0L);
            while (consumer.position(partition.get(0)) < end) {
                consumer.poll(Duration.ofMillis(200))
                        .forEach(each ->
                                ids.add(Codec.USAGE_EVENT.decode(each.value()).getId()));
            }
        }
        return ids;
    }

    @Test
    void whileKafkaIsAwayEventsAreSpooledAndThenArriveInOrder() throws Exception {
        Part kafka = start(0);
        String endpoint = kafka.endpoint();
        try {
            UsageTopics.ensure(endpoint, 1);
            try (IngestService service = edge(endpoint, SpoolConfig.in(directory.resolve("spool")))) {
                EdgeClient client = new EdgeClient(service);
                assertThat(spooled(client, post(client, 0, 100), 100)).isZero();
                kill(kafka);
                for (int batch = 1; batch < 10; batch++) {
                    assertThat(spooled(client, post(client, 100 * batch, 100 * batch + 100), 100))
                            .isEqualTo(100);
                }
                HttpResponse<String> health = client.admin("/health");
                assertThat(health.statusCode()).as(health.body()).isEqualTo(200);
                assertThat(health.body()).contains("Kafka does not answer", "spool has 900 events", "takes more");
                assertThat(client.admin("/metrics").body())
                        .contains("ingest_spool_records 900.0", "ingest_spool_bytes", "ingest_spool_age_seconds")
                        .contains("ingest_spool_lost 0.0", "ingest_events_spooled_total 900.0");
                kafka = start(Integer.parseInt(endpoint.substring(endpoint.indexOf(':') + 1)));
                await(() -> client.admin("/metrics").body().contains("ingest_spool_records 0.0"));
                await(() -> spooled(client, post(client, 1000, 1001), 1) == 0);
            }
            List<String> sent = new ArrayList<>();
            IntStream.rangeClosed(0, 1000).forEach(number -> sent.add("n-" + number));
            assertThat(arrived(endpoint)).containsExactlyElementsOf(sent);
        } finally {
            kafka.close();
        }
    }

    @Test
    void aFullSpoolIs503AndAfterTheDrainItIs200Again() throws Exception {
        Part kafka = start(0);
        String endpoint = kafka.endpoint();
        try {
            UsageTopics.ensure(endpoint, 1);
            SpoolConfig small = SpoolConfig.in(directory.resolve("spool"))
                    .withSegmentBytes(4096)
                    .withMaxBytes(8192);
            try (IngestService service = edge(endpoint, small)) {
                EdgeClient client = new EdgeClient(service);
                assertThat(spooled(client, post(client, 0, 1), 1)).isZero();
                kill(kafka);
                int taken = 1;
                HttpResponse<String> response = post(client, taken, taken + 1);
                while (response.statusCode() == 200 && taken < 1000) {
                    assertThat(spooled(client, response, 1)).isEqualTo(1);
                    taken++;
                    response = post(client, taken, taken + 1);
                }
                assertThat(taken).isBetween(20, 999);
                assertThat(response.statusCode()).as(response.body()).isEqualTo(503);
                assertThat(client.json(response).get("code").asText()).isEqualTo("spool_full");
                assertThat(response.headers().firstValue("Retry-After")).hasValue("5");
                HttpResponse<String> health = client.admin("/health");
                assertThat(health.statusCode()).as(health.body()).isEqualTo(503);
                assertThat(health.body()).contains("is full");
                kafka = start(Integer.parseInt(endpoint.substring(endpoint.indexOf(':') + 1)));
                int next = taken;
                await(() -> post(client, next, next + 1).statusCode() == 200);
                await(() -> client.admin("/metrics").body().contains("ingest_spool_records 0.0"));
                assertThat(client.admin("/health").statusCode()).isEqualTo(200);
                List<String> sent = new ArrayList<>();
                IntStream.rangeClosed(0, next).forEach(number -> sent.add("n-" + number));
                assertThat(arrived(endpoint)).containsExactlyElementsOf(sent);
            }
        } finally {
            kafka.close();
        }
    }
}
