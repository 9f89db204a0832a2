package io.tollgate.ingest.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tollgate.emitter.UsageTopics;
import io.tollgate.ingest.usage.UsageFormat;
import io.tollgate.parts.TestParts;
import io.tollgate.service.ListenOn;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The document that a client is written from. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class OpenApiIT {

    private IngestService service;
    private EdgeClient client;

    @BeforeAll
    void start() {
        UsageTopics.ensure(TestParts.kafka(), UsageTopics.PARTITIONS);
        service = IngestService.start(
                IngestConfig.of(TestParts.kafka(), ListenOn.anyPort(), EdgeClient.TOKENS),
                () -> Instant.parse("2026-11-17T00:00:00Z"));
        client = new EdgeClient(service);
    }

    @AfterAll
    void stop() {
        service.close();
    }

    @Test
    void theDocumentTellsWhatIsTakenAndWhatIsAnswered() {
        JsonNode document = client.json(client.get("/openapi.json"));
        JsonNode post = document.at("/paths/~1v1~1events/post");
        assertThat(post.get("operationId").asText()).isEqualTo("sendEvents");
        assertThat(post.get("summary").asText()).isNotBlank();
        assertThat(post.get("parameters"))
                .extracting(parameter -> parameter.get("in").asText() + " "
                        + parameter.get("name").asText())
                .containsExactlyInAnyOrder(
                        "header ce-specversion",
                        "header ce-type",
                        "header ce-source",
                        "header ce-id",
                        "header ce-time",
                        "header ce-subject",
                        "header Content-Encoding",
                        "header Idempotency-Key",
                        "header Tollgate-Backfill",
                        "query backfill");
        assertThat(post.get("responses").fieldNames())
                .toIterable()
                .contains("200", "400", "401", "403", "409", "413", "415", "422", "429", "503", "default");
        for (Map.Entry<String, JsonNode> answer : post.get("responses").properties()) {
            boolean good = answer.getKey().equals("200");
            assertThat(answer.getValue()
                            .at(
                                    good
                                            ? "/content/application~1json/schema/$ref"
                                            : "/content/application~1problem+json/schema/$ref")
                            .asText())
                    .as(answer.getKey())
                    .isEqualTo("#/components/schemas/" + (good ? "EventsAnswer" : "Problem"));
        }
        JsonNode content = post.at("/requestBody/content");
        String event = "#/components/schemas/UsageEvent";
        assertThat(content.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        EdgeClient.SINGLE,
                        EdgeClient.BATCH,
                        "application/json",
                        "application/x-ndjson",
                        "application/jsonl");
        assertThat(content.get(EdgeClient.SINGLE).at("/schema/$ref").asText()).isEqualTo(event);
        assertThat(content.get(EdgeClient.BATCH).at("/schema/items/$ref").asText())
                .isEqualTo(event);
        assertThat(content.at("/application~1json/schema/oneOf/0/$ref").asText())
                .isEqualTo(event);
        assertThat(content.at("/application~1json/schema/oneOf/1/$ref").asText())
                .isEqualTo("#/components/schemas/UsageEvents");
        assertThat(content.at("/application~1json/schema/oneOf/2/$ref").asText())
                .isEqualTo("#/components/schemas/UsageData");
        assertThat(content.at("/application~1json/schema").has("type")).isFalse();
        assertThat(document.at("/components/schemas/UsageEvents/items/$ref").asText())
                .isEqualTo(event);
        JsonNode schemas = document.at("/components/schemas");
        assertThat(schemas.at("/UsageEvent/required"))
                .extracting(JsonNode::asText)
                .containsExactlyInAnyOrder("specversion", "type", "source", "id", "time", "data");
        assertThat(schemas.at("/UsageData/required"))
                .extracting(JsonNode::asText)
                .containsExactlyInAnyOrder("provider", "model");
        assertThat(schemas.at("/UsageData/properties/usageFormat/enum"))
                .extracting(JsonNode::asText)
                .containsExactlyElementsOf(Arrays.stream(UsageFormat.values())
                        .map(UsageFormat::code)
                        .toList());
        assertThat(schemas.at("/UsageData/properties/usage/type").asText()).isEqualTo("object");
        assertThat(schemas.at("/EventsAnswer/required"))
                .extracting(JsonNode::asText)
                .containsExactlyInAnyOrder("accepted", "spooled", "rejected", "errors");
    }

    @Test
    void theDocumentsExamplesAreTakenAndItsMembersAreTheParsers() {
        JsonNode document = client.json(client.get("/openapi.json"));
        for (Map.Entry<String, JsonNode> type :
                document.at("/paths/~1v1~1events/post/requestBody/content").properties()) {
            JsonNode shown = type.getValue().findValue("example") == null
                    ? type.getValue().findValue("value")
                    : type.getValue().get("example");
            HttpResponse<String> answer =
                    client.post(type.getKey(), shown.isTextual() ? shown.asText() : shown.toString());
            assertThat(answer.statusCode()).as(type.getKey() + answer.body()).isEqualTo(200);
        }
        HttpResponse<String> unknown = client.post(
                EdgeClient.SINGLE, EdgeClient.event("members", "1").replace("\"tenant\"", "\"tenent\":1,\"tenant\""));
        String known = String.join(
                ", ",
                new TreeSet<>(document.at("/components/schemas/UsageData/properties").properties().stream()
                        .map(Map.Entry::getKey)
                        .toList()));
        assertThat(client.json(unknown).at("/errors/0/detail").asText()).contains("known are " + known + ".");
    }
}
