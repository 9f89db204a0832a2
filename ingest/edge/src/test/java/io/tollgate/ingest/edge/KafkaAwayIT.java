package io.tollgate.ingest.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.emitter.UsageTopics;
import io.tollgate.parts.EmbeddedKafka;
import io.tollgate.parts.Part;
import io.tollgate.service.ListenOn;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaAwayIT {

    private static final Duration PATIENCE = Duration.ofSeconds(4);
    private static final Duration BOUND = Duration.ofSeconds(10);

    private static IngestService edge(String kafka) {
        return IngestService.start(
                IngestConfig.of(kafka, ListenOn.anyPort(), EdgeClient.TOKENS).withKafkaPatience(PATIENCE),
                () -> EdgeClient.ARRIVAL);
    }

    private static void answers503InTime(EdgeClient client, String body) {
        long start = System.nanoTime();
        HttpResponse<String> response =
                client.send(client.request(EdgeClient.BATCH, body.getBytes(StandardCharsets.UTF_8))
                        .header("Idempotency-Key", "kept-for-answers"));
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(503);
        assertThat(client.json(response).get("code").asText()).isEqualTo("kafka_unavailable");
        assertThat(client.json(response).get("detail").asText()).contains("Send the same request again");
        assertThat(response.headers().firstValue("Retry-After")).hasValue("5");
        assertThat(took).isLessThan(BOUND);
    }

    /** As the answer says: on a busy machine the first connection to Kafka may take longer than the patience. */
    private static HttpResponse<String> sentAgainWhileAway(EdgeClient client, HttpRequest.Builder request) {
        long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        HttpResponse<String> response = client.send(request);
        while (response.statusCode() == 503 && System.nanoTime() < deadline) {
            response = client.send(request);
        }
        return response;
    }

    @Test
    void aRequestIsAnsweredInTimeWhenKafkaStopsAndTakenWhenItIsBack(@TempDir Path directory) {
        String body = "[" + EdgeClient.event("1", "1") + "," + EdgeClient.event("2", "1.5") + ","
                + EdgeClient.event("3", "3") + "]";
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        Part kafka = EmbeddedKafka.start(directory.resolve("data"), 0, directory.resolve("kafka.log"));
        int port = Integer.parseInt(kafka.endpoint().substring(kafka.endpoint().indexOf(':') + 1));
        UsageTopics.ensure(kafka.endpoint(), 2);
        try (IngestService service = edge(kafka.endpoint())) {
            EdgeClient client = new EdgeClient(service);
            assertThat(sentAgainWhileAway(client, client.request(EdgeClient.BATCH, bytes))
                            .statusCode())
                    .isEqualTo(200);
            kafka.close();
            answers503InTime(client, body);
            assertThat(client.admin("/health").statusCode()).isEqualTo(503);
            kafka = EmbeddedKafka.start(directory.resolve("data"), port, directory.resolve("kafka.log"));
            assertThat(kafka.endpoint()).endsWith(":" + port);
            // The key under which it was answered 503 is free: that was no answer to keep.
            HttpResponse<String> again = sentAgainWhileAway(
                    client, client.request(EdgeClient.BATCH, bytes).header("Idempotency-Key", "kept-for-answers"));
            assertThat(again.statusCode()).isEqualTo(200);
        } finally {
            kafka.close();
        }
    }

    @Test
    void theEdgeStartsWithoutKafkaAndSaysSo() {
        try (IngestService service = edge("127.0.0.1:1")) {
            EdgeClient client = new EdgeClient(service);
            answers503InTime(client, "[" + EdgeClient.event("1", "1") + "," + EdgeClient.event("2", "1") + "]");
            assertThat(client.admin("/health").body()).contains("Kafka does not answer");
        }
    }
}
