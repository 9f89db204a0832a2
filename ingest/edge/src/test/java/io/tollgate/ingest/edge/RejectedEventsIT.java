package io.tollgate.ingest.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import io.tollgate.emitter.UsageTopics;
import io.tollgate.events.UsageEvent;
import io.tollgate.ingest.cloudevents.CloudEventParser;
import io.tollgate.ingest.cloudevents.EventDefaults;
import io.tollgate.ingest.cloudevents.Parsed;
import io.tollgate.parts.TestParts;
import io.tollgate.schemas.Codec;
import io.tollgate.service.ListenOn;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class RejectedEventsIT {

    private static final Instant NOW = Instant.parse("2024-06-01T00:00:00Z");
    private static final byte[] NO_EVENT = {(byte) 0xFF, 0, 1};
    private static final String LINE = "2023-11-16 18:17:03,x,1";

    private ArchiveTables archive;
    private IngestService service;
    private EdgeClient client;

    /** Kept together: one of them names its tenant. */
    private static final String SPANS =
            """
            {"resourceSpans": [{"scopeSpans": [{"spans": [%s, %s]}]}]}""".formatted(span("eee19b7ec3c1b174", "tollgate.tenant"), span("eee19b7ec3c1b175", "team"));

    private static String span(String id, String tenantsAttribute) {
        return """
                {"traceId": "5b8efff798038103d269b633813fc60c", "spanId": "%s", "endTimeUnixNano": "1704067200000000000",
                 "attributes": [
                    {"key": "%s", "value": {"stringValue": "acme"}},
                    {"key": "gen_ai.operation.name", "value": {"stringValue": "chat"}},
                    {"key": "gen_ai.provider.name", "value": {"stringValue": "openai"}},
                    {"key": "gen_ai.request.model", "value": {"stringValue": "gpt-4o"}},
                    {"key": "gen_ai.usage.input_tokens", "value": {"intValue": "7"}},
                    {"key": "gen_ai.usage.output_tokens", "value": {"intValue": "1"}}]}""".formatted(id, tenantsAttribute);
    }

    @BeforeAll
    void start() {
        UsageTopics.ensure(TestParts.kafka(), UsageTopics.PARTITIONS);
        archive = new ArchiveTables();
        fill();
        service = IngestService.start(
                IngestConfig.of(TestParts.kafka(), ListenOn.anyPort(), EdgeClient.TOKENS)
                        .withClickHouse(archive.url()),
                () -> NOW);
        client = new EdgeClient(service);
    }

    @AfterAll
    void stop() {
        service.close();
    }

    private void fill() {
        reject(1, "edge", "unknown_operation", "rejected-good", utf8(EdgeClient.event("rejected-good", "7")));
        reject(2, "edge", "not_an_integer", "rejected-bad", utf8(EdgeClient.event("rejected-bad", "1.5")));
        reject(3, "replay", "not_an_integer", "", utf8(LINE));
        UsageEvent message = event("rejected-message");
        reject(4, "aggregator", "time_in_future", "rejected-message", Codec.USAGE_EVENT.encode(message));
        reject(5, "aggregator", "undecodable", "", NO_EVENT);
        archive.count(event("rejected-counted"));
        reject(6, "aggregator", "identity_conflict", "rejected-counted", Codec.USAGE_EVENT.encode(message));
        String unknown = EdgeClient.event("rejected-unknown", "7")
                .replace("\"provider\"", "\"operation\":\"dance\",\"provider\"");
        reject(7, "edge", "unknown_operation", "rejected-unknown", utf8(unknown));
        reject(8, "edge", "missing_dimension", "", utf8(SPANS));
    }

    private void reject(int offset, String stage, String reason, String id, byte[] original) {
        archive.reject(offset, Instant.parse("2024-01-01T00:00:00Z").plusSeconds(offset), stage, reason, id, original);
    }

    private static UsageEvent event(String id) {
        return ((Parsed.Accepted) CloudEventParser.parse(EdgeClient.event(id, "7"), EventDefaults.NONE, NOW)).event();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(service.applicationUri() + "/v1/rejected-events" + path))
                .header("Authorization", "Bearer the-admin");
    }

    private JsonNode get(String path) {
        return done(client.send(request(path)));
    }

    private JsonNode post(String path) {
        return done(client.send(request(path).POST(HttpRequest.BodyPublishers.noBody())));
    }

    private JsonNode done(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return client.json(response);
    }

    @Test
    void theListIsFilteredAndPaged() {
        assertThat(get("").get("events"))
                .extracting(event -> event.get("place").asText())
                .containsExactly("0@8", "0@7", "0@6", "0@5", "0@4", "0@3", "0@2", "0@1");
        assertThat(get("?counted=true").get("events"))
                .extracting(event -> event.at("/identity/id").asText())
                .containsExactly("rejected-counted");
        assertThat(get("?counted=false&stage=aggregator").get("events")).hasSize(2);
        assertThat(get("?reason=not_an_integer").get("events"))
                .extracting(event -> event.get("place").asText(), event -> event.has("identity"))
                .containsExactly(tuple("0@3", false), tuple("0@2", true));
        assertThat(get("?since=2024-01-01T00:00:02Z&until=2024-01-01T01:00:04%2B01:00")
                        .get("events"))
                .hasSize(2);
        assertThat(get("?place=0@1&place=0@99").get("events")).hasSize(1);

        Set<String> seen = new HashSet<>();
        String cursor = "";
        for (int pages = 0; pages < 3; pages++) {
            JsonNode page = get("?limit=3" + cursor);
            page.get("events")
                    .forEach(event ->
                            assertThat(seen.add(event.get("place").asText())).isTrue());
            cursor = "&cursor=" + page.path("nextCursor").asText();
        }
        assertThat(seen).hasSize(8);
        assertThat(cursor).isEqualTo("&cursor=");
    }

    @Test
    void oneIsToldWithItsBytes() {
        JsonNode line = get("/0@3");
        assertThat(line.at("/rejected/detail").asText()).isEqualTo("A test says so.");
        assertThat(line.at("/rejected/rejectedAt").asText()).isEqualTo("2024-01-01T00:00:03Z");
        assertThat(line.get("originalKind").asText()).isEqualTo("trace_line");
        assertThat(line.get("originalText").asText()).isEqualTo(LINE);
        assertThat(Base64.getDecoder().decode(line.get("originalBase64").asText()))
                .isEqualTo(utf8(LINE));
        JsonNode message = get("/0%404");
        assertThat(message.get("originalKind").asText()).isEqualTo("usage_message");
        assertThat(message.get("originalAsCloudEvent").asText()).contains("\"rejected-message\"");
        JsonNode bytes = get("/0@5");
        assertThat(bytes.get("originalKind").asText()).isEqualTo("bytes");
        assertThat(bytes.has("originalText")).isFalse();
        assertThat(Base64.getDecoder().decode(bytes.get("originalBase64").asText()))
                .isEqualTo(NO_EVENT);
    }

    @Test
    void eachIsSentOrToldWhyNot() {
        JsonNode answer = post(":retry?limit=8");
        assertThat(answer.get("sent")).extracting(JsonNode::asText).containsExactlyInAnyOrder("0@1", "0@4");
        assertThat(answer.get("refused"))
                .extracting(
                        left -> left.get("place").asText(),
                        left -> left.get("code").asText())
                .containsExactly(
                        tuple("0@8", "missing_dimension"),
                        tuple("0@7", "unknown_operation"),
                        tuple("0@5", "not_an_event"),
                        tuple("0@3", "not_an_event"),
                        tuple("0@2", "not_an_integer"));
        assertThat(answer.at("/refused/0/detail").asText()).contains("1 of its 2 spans", "the others were sent");
        assertThat(answer.at("/refused/1/detail").asText()).contains("a CloudEvent, still refused", "dance");
        assertThat(answer.at("/refused/2/detail").asText()).contains("bytes that is no event", "A test says so.");
        assertThat(answer.at("/refused/3/detail").asText()).contains("'tollgate replay' read (somewhere)");
        assertThat(answer.has("nextCursor")).isFalse();

        assertThat(post("/0@1:retry").get("sent")).hasSize(1);
        JsonNode named = post(":retry?place=0@6&place=0@99&place=0@4");
        assertThat(named.get("sent")).extracting(JsonNode::asText).containsExactly("0@4");
        assertThat(named.at("/skipped/0/detail").asText()).contains("another event of that source and id is counted");
        assertThat(named.at("/refused/0/code").asText()).isEqualTo("rejection_not_found");
        assertThat(post(":retry?reason=not_an_integer&limit=1").has("nextCursor"))
                .isTrue();
    }

    @Test
    void whatIsAskedWronglyIsToldApart() {
        for (String path : new String[] {
            "?limit=0", "?limit=1001", "?limit=x", "?since=yesterday", "?cursor=x", "?counted=maybe", "?place=1", "/x"
        }) {
            HttpResponse<String> response = client.send(request(path));
            assertThat(response.statusCode()).as(path + response.body()).isEqualTo(400);
            assertThat(client.json(response).get("code").asText()).isEqualTo("invalid_parameter");
        }
        assertThat(client.send(request("/9@9")).statusCode()).isEqualTo(404);
        assertThat(client.send(request("/9@9:retry").POST(HttpRequest.BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(404);
        for (String role : new String[] {"the-platform", "the-finance"}) {
            assertThat(client.send(request("").setHeader("Authorization", "Bearer " + role))
                            .statusCode())
                    .isEqualTo(403);
        }
    }
}
