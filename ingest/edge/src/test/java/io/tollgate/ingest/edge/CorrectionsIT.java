package io.tollgate.ingest.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tollgate.emitter.UsageTopics;
import io.tollgate.events.UsageEvent;
import io.tollgate.ingest.cloudevents.CloudEventParser;
import io.tollgate.ingest.cloudevents.EventDefaults;
import io.tollgate.ingest.cloudevents.Parsed;
import io.tollgate.ingest.corrections.Reversal;
import io.tollgate.parts.TestParts;
import io.tollgate.schemas.Codec;
import io.tollgate.schemas.Topics;
import io.tollgate.service.ListenOn;
import io.tollgate.service.Role;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class CorrectionsIT {

    /** Long after the events: what they amend may be old as well. */
    private static final Instant NOW = Instant.parse("2024-06-01T00:00:00Z");

    private ArchiveTables archive;
    private IngestService service;
    private EdgeClient client;

    @BeforeAll
    void start() {
        UsageTopics.ensure(TestParts.kafka(), UsageTopics.PARTITIONS);
        archive = new ArchiveTables();
        service = IngestService.start(
                IngestConfig.of(TestParts.kafka(), ListenOn.anyPort(), EdgeClient.TOKENS)
                        .withClickHouse(archive.url())
                        .withMayBackfill(Set.of(Role.ADMIN)),
                () -> NOW);
        client = new EdgeClient(service);
    }

    @AfterAll
    void stop() {
        service.close();
    }

    private static UsageEvent event(String source, String id, String tenant) {
        String json = EdgeClient.event("the-id", "7").replace("\"acme\"", "\"" + tenant + "\"");
        Parsed.Accepted parsed = (Parsed.Accepted) CloudEventParser.parse(json, EventDefaults.NONE, NOW);
        UsageEvent event = parsed.event();
        event.setSource(source);
        event.setId(id);
        event.getDimensions().setTags(Map.of("team", "billing"));
        return event;
    }

    private UsageEvent counted(String id) {
        UsageEvent event = event("edge-it", id, "acme");
        archive.count(event);
        return event;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private HttpResponse<String> post(String path, String body) {
        return post(service, path, body);
    }

    private HttpResponse<String> post(IngestService edge, String path, String body) {
        return client.send(HttpRequest.newBuilder(URI.create(edge.applicationUri() + "/v1/events/" + path))
                .header("Authorization", "Bearer the-platform")
                .header("Content-Type", EdgeClient.SINGLE)
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private JsonNode done(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return client.json(response);
    }

    private JsonNode problem(int status, String code, HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(client.json(response).get("code").asText()).isEqualTo(code);
        return client.json(response);
    }

    /** Those in Kafka, in order of arrival. */
    private static List<UsageEvent> sent(String idPart) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", TestParts.kafka()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.USAGE_EVENTS).stream()
                    .map(partition -> new TopicPartition(Topics.USAGE_EVENTS, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<UsageEvent> events = new ArrayList<>();
            while (partitions.stream()
                    .anyMatch(partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
                consumer.poll(Duration.ofMillis(200))
                        .forEach(each -> events.add(Codec.USAGE_EVENT.decode(each.value())));
            }
            return events.stream()
                    .filter(event -> event.getId().contains(idPart))
                    .toList();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                "a/b",
                "a:b:reverse",
                "it's 100% \\ \"quoted\" {x:String} ?",
                "ends with \\",
                "%2F",
                "tab\\tand\\nline",
                "€ and 𝄞",
                "a;b=c",
                "..",
                "reverse"
            })
    void anEventOfAnyNameIsTakenBack(String name) {
        UsageEvent event = event("https://gateway.example/eu?x=" + name, name, "acme");
        archive.count(event);
        JsonNode answer = done(post(encoded(event.getSource()) + "/" + encoded(name) + ":reverse", ""));
        UsageEvent reversal = Reversal.of(event);
        assertThat(answer.at("/event/source").asText()).isEqualTo(event.getSource());
        assertThat(answer.at("/event/id").asText()).isEqualTo(name);
        assertThat(answer.at("/reversal/id").asText()).isEqualTo(name + ":reversal");
        assertThat(answer.get("repeated").asBoolean()).isFalse();
        assertThat(sent(name + ":reversal")).contains(reversal);
    }

    @Test
    void whatIsReversedTwiceIsReversedOnce() {
        UsageEvent event = counted("twice");
        String path = "edge-it/twice:reverse";
        assertThat(done(post(path, ""))).isEqualTo(done(post(path, "")));
        List<UsageEvent> copies = sent("twice:reversal");
        assertThat(copies).hasSize(2).containsOnly(Reversal.of(event));
        // Long after, when the job knows the copy no more, the archive still does.
        archive.count(Reversal.of(event));
        assertThat(done(post(path, "")).get("repeated").asBoolean()).isTrue();
        assertThat(sent("twice:reversal")).hasSize(2);
    }

    @Test
    void whatCannotBeTakenBackIsToldApart() {
        assertThat(problem(404, "event_not_found", post("edge-it/nowhere:reverse", ""))
                        .get("detail")
                        .asText())
                .contains("seconds");
        UsageEvent reversal = Reversal.of(event("edge-it", "taken", "acme"));
        archive.count(reversal);
        problem(409, "event_is_reversal", post("edge-it/taken:reversal:reverse", ""));

        counted("by-the-source");
        UsageEvent own = Reversal.of(event("edge-it", "by-the-source", "acme"));
        own.setId("of-the-source");
        archive.count(own);
        assertThat(problem(409, "event_already_reversed", post("edge-it/by-the-source:reverse", ""))
                        .at("/reversal/id")
                        .asText())
                .isEqualTo("of-the-source");

        counted("shared");
        archive.count(event("edge-it", "shared", "globex"));
        problem(409, "event_ambiguous", post("edge-it/shared:reverse", ""));
        done(post("edge-it/shared:reverse?tenant=globex", ""));
        assertThat(sent("shared:reversal"))
                .extracting(sent -> sent.getDimensions().getTenant())
                .containsExactly("globex");
        problem(404, "event_not_found", post("edge-it/shared:reverse?tenant=hooli", ""));
        assertThat(client.send(HttpRequest.newBuilder(
                                        URI.create(service.applicationUri() + "/v1/events/edge-it/taken:reverse"))
                                .header("Authorization", "Bearer the-finance")
                                .POST(HttpRequest.BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void anAmendmentComesInThePlaceOfTheEvent() {
        UsageEvent event = counted("amended");
        String instead = EdgeClient.event("amended-2", "5");
        JsonNode answer = done(post("edge-it/amended:amend", instead));
        assertThat(answer.at("/event/id").asText()).isEqualTo("amended");
        assertThat(answer.at("/reversal/id").asText()).isEqualTo("amended:reversal");
        assertThat(answer.at("/amendment/id").asText()).isEqualTo("amended-2");
        // The reversal is behind it: whoever has that has both.
        assertThat(sent("amended")).extracting(UsageEvent::getId).containsExactly("amended-2", "amended:reversal");

        Parsed.Accepted parsed = (Parsed.Accepted) CloudEventParser.parse(instead, EventDefaults.NONE, NOW);
        archive.count(parsed.event());
        archive.count(Reversal.of(event));
        assertThat(done(post("edge-it/amended:amend", instead)).get("repeated").asBoolean())
                .isTrue();
        assertThat(sent("amended")).hasSize(2);
        problem(409, "identity_conflict", post("edge-it/amended:amend", EdgeClient.event("amended-2", "6")));
        problem(409, "event_already_reversed", post("edge-it/amended:amend", EdgeClient.event("amended-3", "6")));
        assertThat(sent("amended")).hasSize(2);
    }

    @Test
    void nothingIsSentForAnAmendmentThatIsRefused() {
        counted("kept");
        String good = EdgeClient.event("kept-2", "5");
        JsonNode rejected =
                problem(422, "amendment_rejected", post("edge-it/kept:amend", EdgeClient.event("kept-2", "1.5")));
        assertThat(rejected.at("/errors/0/code").asText()).isEqualTo("not_an_integer");
        assertThat(rejected.at("/errors/0/id").asText()).isEqualTo("kept-2");
        assertThat(problem(422, "amendment_rejected", post("edge-it/kept:amend", "soup"))
                        .at("/errors/0/code")
                        .asText())
                .isEqualTo("malformed_json");
        // Older than what it amends, and older than this token may send.
        assertThat(problem(422, "amendment_rejected", post("edge-it/kept:amend", good.replace("11-16T", "11-15T")))
                        .at("/errors/0/code")
                        .asText())
                .isEqualTo("time_too_old");
        problem(422, "amendment_same_identity", post("edge-it/kept:amend", EdgeClient.event("kept", "5")));
        problem(422, "amendment_same_identity", post("edge-it/kept:amend", EdgeClient.event("kept:reversal", "5")));
        problem(
                422,
                "amendment_is_reversal",
                post(
                        "edge-it/kept:amend",
                        EdgeClient.event("kept-2", "-5")
                                .replace(
                                        "\"quantities\"",
                                        "\"reverses\":{\"source\":\"a\",\"id\":\"b\"},\"quantities\"")));
        problem(404, "event_not_found", post("edge-it/kep:amend", good));
        problem(413, "body_too_large", post("edge-it/kept:amend", good + " ".repeat(1 << 20)));
        assertThat(sent("kept")).isEmpty();
    }

    @Test
    void withoutAnArchiveItSaysSo() {
        IngestConfig config = IngestConfig.of(TestParts.kafka(), ListenOn.anyPort(), EdgeClient.TOKENS);
        try (IngestService without = IngestService.start(config)) {
            problem(501, "no_archive", post(without, "edge-it/1:reverse", ""));
        }
        // Port 9 is nobody's, and a database that is not there is not there yet.
        for (String url : List.of("http://127.0.0.1:9", archive.url() + "_none")) {
            try (IngestService away = IngestService.start(config.withClickHouse(url))) {
                HttpResponse<String> response = post(away, "edge-it/1:reverse", "");
                problem(503, "archive_unavailable", response);
                assertThat(response.headers().firstValue("Retry-After")).hasValue("5");
            }
        }
    }
}
