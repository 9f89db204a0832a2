package io.tollgate.ingest.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import io.tollgate.emitter.UsageTopics;
import io.tollgate.events.EventIdentity;
import io.tollgate.events.RejectedEvent;
import io.tollgate.events.UsageEvent;
import io.tollgate.parts.TestParts;
import io.tollgate.schemas.Codec;
import io.tollgate.schemas.Topics;
import io.tollgate.service.ListenOn;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class IngestServiceIT {

    private static final Instant ARRIVAL = Instant.parse("2023-11-17T03:04:05.678Z");

    private IngestService service;
    private EdgeClient client;

    @BeforeAll
    void start() {
        UsageTopics.ensure(TestParts.kafka(), UsageTopics.PARTITIONS);
        service = IngestService.start(
                IngestConfig.of(TestParts.kafka(), ListenOn.anyPort(), EdgeClient.TOKENS), () -> ARRIVAL);
        client = new EdgeClient(service);
    }

    @AfterAll
    void stop() {
        service.close();
    }

    private JsonNode problem(int status, String code, HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(client.json(response).get("code").asText()).isEqualTo(code);
        return client.json(response);
    }

    private void accepted(int count, HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.body())
                .isEqualTo("{\"accepted\":%d,\"spooled\":0,\"rejected\":0,\"errors\":[]}".formatted(count));
    }

    static List<UsageEvent> usage(String prefix) {
        return read(Topics.USAGE_EVENTS).stream()
                .map(Codec.USAGE_EVENT::decode)
                .filter(event -> event.getId().startsWith(prefix))
                .toList();
    }

    static List<RejectedEvent> rejected(String requestId) {
        return read(Topics.REJECTED_EVENTS).stream()
                .map(Codec.REJECTED_EVENT::decode)
                .filter(event -> event.getOrigin().startsWith("request " + requestId + ","))
                .toList();
    }

    private static List<byte[]> read(String topic) {
        Map<String, Object> settings = Map.of("bootstrap.servers", TestParts.kafka());
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<byte[]> values = new ArrayList<>();
            while (partitions.stream()
                    .anyMatch(partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
                consumer.poll(Duration.ofMillis(200)).forEach(each -> values.add(each.value()));
            }
            return values;
        }
    }

    @Test
    void everyContentTypeBringsEventsToKafka() {
        accepted(1, client.post(EdgeClient.SINGLE, EdgeClient.event("types-1", "1")));
        accepted(
                2,
                client.post(
                        EdgeClient.BATCH + "; charset=utf-8",
                        "[" + EdgeClient.event("types-2", "2") + "," + EdgeClient.event("types-3", "3") + "]"));
        accepted(1, client.post("application/json", EdgeClient.event("types-4", "4")));
        accepted(1, client.post("application/json", "[" + EdgeClient.event("types-5", "5") + "]"));
        accepted(
                2,
                client.post(
                        "application/x-ndjson",
                        EdgeClient.event("types-6", "6") + "\n" + EdgeClient.event("types-7", "7") + "\n"));
        accepted(1, client.post("application/jsonl", EdgeClient.event("types-8", "8")));
        accepted(0, client.post(EdgeClient.BATCH, "[]"));
        assertThat(usage("types-"))
                .extracting(event -> event.getId() + "=" + event.getQuantities().get("input_tokens"))
                .containsExactlyInAnyOrder(
                        "types-1=1",
                        "types-2=2",
                        "types-3=3",
                        "types-4=4",
                        "types-5=5",
                        "types-6=6",
                        "types-7=7",
                        "types-8=8");
    }

    @Test
    void aLargeGzipBatchArrivesWhole() throws IOException {
        String batch = IntStream.range(0, EventIntake.EVENTS_MAX)
                .mapToObj(number -> EdgeClient.event("large-" + number, "1"))
                .collect(Collectors.joining(",", "[", "]"));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(batch.getBytes(StandardCharsets.UTF_8));
        }
        accepted(
                EventIntake.EVENTS_MAX,
                client.send(
                        client.request(EdgeClient.BATCH, bytes.toByteArray()).header("Content-Encoding", "gzip")));
        Set<String> ids = usage("large-").stream().map(UsageEvent::getId).collect(Collectors.toSet());
        assertThat(ids).hasSize(EventIntake.EVENTS_MAX);
    }

    @Test
    void oneBadEventNeverBlocksTheOthersAndIsKeptWithItsBytes() {
        String bad = EdgeClient.event("mixed-2", "1.5").replace(":{", " : {");
        HttpResponse<String> response = client.send(client.request(
                        EdgeClient.BATCH,
                        ("[" + EdgeClient.event("mixed-1", "1") + ", " + bad + " ,17,"
                                        + EdgeClient.event("mixed-4", "4") + "]")
                                .getBytes(StandardCharsets.UTF_8))
                .header("X-Request-Id", "mixed"));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        JsonNode answer = client.json(response);
        assertThat(answer.get("accepted").asInt()).isEqualTo(2);
        assertThat(answer.get("rejected").asInt()).isEqualTo(2);
        assertThat(answer.at("/errors/0/index").asInt()).isEqualTo(1);
        assertThat(answer.at("/errors/0/id").asText()).isEqualTo("mixed-2");
        assertThat(answer.at("/errors/0/code").asText()).isEqualTo("not_an_integer");
        assertThat(answer.at("/errors/1/code").asText()).isEqualTo("not_an_object");
        assertThat(usage("mixed-")).extracting(UsageEvent::getId).containsExactlyInAnyOrder("mixed-1", "mixed-4");

        List<RejectedEvent> kept = rejected("mixed");
        assertThat(kept)
                .extracting(RejectedEvent::getReason, RejectedEvent::getOrigin, RejectedEvent::getStage)
                .containsExactly(
                        tuple("not_an_integer", "request mixed, event 1", "edge"),
                        tuple("not_an_object", "request mixed, event 2", "edge"));
        RejectedEvent first = kept.get(0);
        assertThat(StandardCharsets.UTF_8.decode(first.getOriginal()).toString())
                .isEqualTo(bad);
        assertThat(first.getRejectedAt()).isEqualTo(ARRIVAL);
        assertThat(first.getIdentity()).isEqualTo(new EventIdentity("edge-it", "mixed-2"));
    }

    @Test
    void whenAllAreBadItIs422() {
        HttpResponse<String> response = client.send(client.request(
                        "application/x-ndjson",
                        ("{oops\n" + EdgeClient.event("bad", "-1")).getBytes(StandardCharsets.UTF_8))
                .header("X-Request-Id", "all-bad"));
        JsonNode problem = problem(422, "all_events_rejected", response);
        assertThat(problem.at("/errors/0/code").asText()).isEqualTo("malformed_json");
        assertThat(problem.at("/errors/1/code").asText()).isEqualTo("negative_quantity");
        assertThat(problem.at("/errors/1/detail").asText()).contains("input_tokens is -1");
        assertThat(rejected("all-bad")).hasSize(2);
        assertThat(client.admin("/metrics").body())
                .contains("ingest_events_rejected_negative_quantity", "ingest_requests_count");
    }

    @Test
    void aBodyThatIsNoJsonIsRefusedWholeAndKept() {
        String body = "[" + EdgeClient.event("broken-1", "1") + ",\n{]";
        HttpResponse<String> response =
                client.send(client.request(EdgeClient.BATCH, body.getBytes(StandardCharsets.UTF_8))
                        .header("X-Request-Id", "broken"));
        assertThat(problem(400, "malformed_json", response).get("line").asInt()).isEqualTo(2);
        assertThat(usage("broken-")).isEmpty();
        assertThat(rejected("broken"))
                .extracting(event ->
                        StandardCharsets.UTF_8.decode(event.getOriginal()).toString())
                .containsExactly(body);
    }

    @Test
    void tooMuchIs413() {
        String tooMany = IntStream.rangeClosed(0, EventIntake.EVENTS_MAX)
                .mapToObj(number -> "{}")
                .collect(Collectors.joining(",", "[", "]"));
        problem(413, "too_many_events", client.post(EdgeClient.BATCH, tooMany));
        problem(
                413,
                "body_too_large",
                client.send(client.request(EdgeClient.SINGLE, new byte[(int) EventsResource.BODY_BYTES_MAX + 1])));
    }

    @Test
    void onlyThePlatformMaySendAndOnlyInTheseTypes() {
        String event = EdgeClient.event("refused", "1");
        byte[] bytes = event.getBytes(StandardCharsets.UTF_8);
        problem(
                401,
                "unauthorized",
                client.send(client.request(EdgeClient.SINGLE, bytes).setHeader("Authorization", "Bearer nonsense")));
        problem(
                403,
                "forbidden",
                client.send(client.request(EdgeClient.SINGLE, bytes).setHeader("Authorization", "Bearer the-finance")));
        problem(415, "unsupported_media_type", client.post("text/plain", event));
        problem(400, "malformed_json", client.post(EdgeClient.SINGLE, ""));
        assertThat(usage("refused")).isEmpty();
    }

    @Test
    void aProvidersOwnUsageObjectIsTakenAndWhatIsUnknownInItIsCounted() {
        String body = "\"usageFormat\":\"anthropic_messages\",\"usage\":{\"input_tokens\":6,"
                + "\"cache_read_input_tokens\":20443,\"output_tokens\":489,\"mood\":1,\"whims\":[2,3]}";
        String event = EdgeClient.event("vendor-1", "1").replace("\"quantities\":{\"input_tokens\":1}", body);
        accepted(1, client.post(EdgeClient.SINGLE, event));
        assertThat(usage("vendor-"))
                .extracting(UsageEvent::getQuantities, UsageEvent::getContextTokens)
                .containsExactly(
                        tuple(Map.of("input_tokens", 6L, "cache_read_tokens", 20443L, "output_tokens", 489L), 20449L));
        assertThat(client.admin("/metrics").body())
                .containsPattern("(?m)^ingest_usage_unknown_fields_anthropic_messages(_total)? 2\\.0$");
    }

    @Test
    void theServiceIsHealthyAndDescribesItself() {
        assertThat(client.admin("/health").body())
                .contains("\"kafka\":{\"status\":\"healthy\"}", "\"status\":\"healthy\"");
    }

    @Test
    void strangersAreAskedForATokenBeforeAnythingElse() {
        byte[] bytes = "a".getBytes(StandardCharsets.UTF_8);
        problem(
                401,
                "unauthorized",
                client.send(client.request("text/csv", bytes).setHeader("Authorization", "x")));
        problem(
                401,
                "unauthorized",
                client.send(client.request(EdgeClient.SINGLE, bytes)
                        .setHeader("Authorization", "x")
                        .DELETE()));
        problem(
                405,
                "method_not_allowed",
                client.send(client.request(EdgeClient.SINGLE, bytes).DELETE()));
    }
}
