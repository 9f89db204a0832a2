package io.tollgate.ingest.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.emitter.UsageTopics;
import io.tollgate.ingest.http.InFlight;
import io.tollgate.parts.TestParts;
import io.tollgate.service.ListenOn;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Too much at once. */
class InFlightIT {

    private static final long PATIENCE_NANOS = Duration.ofSeconds(20).toNanos();

    private static IngestService edge(InFlight.Limits limits) {
        UsageTopics.ensure(TestParts.kafka(), UsageTopics.PARTITIONS);
        return IngestService.start(
                IngestConfig.of(TestParts.kafka(), ListenOn.anyPort(), EdgeClient.TOKENS)
                        .withInFlight(limits),
                () -> EdgeClient.ARRIVAL);
    }

    private static void full(EdgeClient client, HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(429);
        assertThat(client.json(response).get("code").asText()).isEqualTo("too_much_in_flight");
        assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
    }

    private static HttpResponse<String> untilStatus(int status, EdgeClient client) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        HttpResponse<String> response = client.post(EdgeClient.BATCH, "[]");
        while (response.statusCode() != status && System.nanoTime() < deadline) {
            response = client.post(EdgeClient.BATCH, "[]");
        }
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return response;
    }

    @Test
    void aBodyForWhichThereIsNoRoomIsRefusedAndItsRoomGivenBack() {
        String event = EdgeClient.event("bytes", "1");
        try (IngestService service = edge(new InFlight.Limits(8, 4096, event.length() + 10))) {
            EdgeClient client = new EdgeClient(service);
            for (int i = 0; i < 3; i++) {
                full(client, client.post(EdgeClient.BATCH, "[" + event + "," + event + "]"));
                HttpResponse<String> taken = client.post(EdgeClient.BATCH, "[" + event + "]");
                assertThat(taken.statusCode()).as(taken.body()).isEqualTo(200);
            }
            assertThat(client.admin("/metrics").body())
                    .contains("ingest_requests_refused_too_much_in_flight_total 3.0");
        }
    }

    @Test
    void anExporterIsToldThatABodyNeverFits() {
        byte[] span = OtlpIT.JSON_SPAN.getBytes(StandardCharsets.UTF_8);
        try (IngestService service = edge(new InFlight.Limits(8, span.length * 3, 1 << 20))) {
            EdgeClient client = new EdgeClient(service);
            HttpResponse<String> response = client.send(client.to("/otlp/v1/traces", "application/json", span));
            assertThat(response.statusCode()).isEqualTo(413);
            assertThat(client.json(response).get("message").asText()).startsWith("body_too_large: ");
        }
    }

    @Test
    void whileOneRequestSendsItsBodyAnotherIsToldToWaitAndThenTaken() throws IOException {
        try (IngestService service = edge(new InFlight.Limits(1, 1 << 20, 1 << 20))) {
            EdgeClient client = new EdgeClient(service);
            try (Socket slow = holding(service.applicationUri(), client)) {
                assertThat(slow.isConnected()).isTrue();
                full(client, client.post(EdgeClient.BATCH, "[]"));
                byte[] span = OtlpIT.JSON_SPAN.getBytes(StandardCharsets.UTF_8);
                HttpResponse<String> response = client.send(client.to("/otlp/v1/traces", "application/json", span));
                assertThat(response.statusCode()).isEqualTo(429);
                assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
                assertThat(client.json(response).get("message").asText()).startsWith("too_much_in_flight: ");
            }
            untilStatus(200, client);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "POST, the-platform, /v1/events/a/b:reverse",
        "POST, the-platform, /v1/events/a/b:amend",
        "GET, the-admin, /v1/rejected-events",
        "GET, the-admin, /v1/rejected-events/0@1",
        "POST, the-admin, /v1/rejected-events:retry",
        "POST, the-admin, /v1/rejected-events/0@1:retry"
    })
    void correctionsAndTheRejectedTakePlacesLikeAnyOther(String method, String token, String path) throws IOException {
        try (IngestService service = edge(new InFlight.Limits(1, 1 << 20, 1 << 20))) {
            EdgeClient client = new EdgeClient(service);
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(service.applicationUri() + path))
                    .header("Authorization", "Bearer " + token)
                    .header("Content-Type", EdgeClient.SINGLE)
                    .method(method, HttpRequest.BodyPublishers.noBody());
            try (Socket slow = holding(service.applicationUri(), client)) {
                assertThat(slow.isConnected()).isTrue();
                full(client, client.send(request));
            }
        }
    }

    /** A request that has the only place: one that found it taken by another of ours is refused, and sent again. */
    private static Socket holding(URI address, EdgeClient client) throws IOException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        Socket slow = slow(address);
        while (client.post(EdgeClient.BATCH, "[]").statusCode() != 429) {
            assertThat(System.nanoTime()).as("it has the place").isLessThan(deadline);
            if (slow.getInputStream().available() > 0) {
                slow.close();
                slow = slow(address);
            }
        }
        return slow;
    }

    /** Sends a request, but for the end of its body. */
    private static Socket slow(URI address) throws IOException {
        Socket slow = new Socket(address.getHost(), address.getPort());
        OutputStream out = slow.getOutputStream();
        out.write(("POST /v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer the-platform\r\n"
                        + "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n[")
                .getBytes(StandardCharsets.US_ASCII));
        out.flush();
        return slow;
    }
}
