package io.tollgate.ingest.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.luben.zstd.Zstd;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.tollgate.emitter.UsageTopics;
import io.tollgate.ingest.otlp.OtlpEncoding;
import io.tollgate.ingest.otlp.OtlpMapping;
import io.tollgate.parts.TestParts;
import io.tollgate.service.ListenOn;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever bytes come, in every form of a body: a clear answer, and never a 500. */
class ByteSoupIT {

    private static final int ROUNDS = 1_500;
    private static final int FRAMED_ROUNDS = 400;
    private static final int PATIENCE_MILLIS = 60_000;
    private static final int SOUP_BYTES_MAX = 600;
    private static final List<String> TYPES = List.of(
            EdgeClient.SINGLE, EdgeClient.BATCH, "application/json", "application/x-ndjson", "application/jsonl");
    private static final List<String> CODINGS = List.of("", "", "gzip", "zstd", "identity", "br");
    private static final List<String> OTLP_PATHS = List.of("/otlp/v1/traces", "/otlp/v1/metrics");
    private static final List<String> OTLP_TYPES =
            List.of("application/json", "application/json; charset=utf-8", "application/x-protobuf");
    /** What parsers stumble over. */
    private static final List<String> PIECES = List.of(
            "{", "}", "[", "]", "\"", ":", ",", "\n", "\\u", "\\ud800", "null", "1e999", "-", "\u0000", "\ufeff");

    private final long seed = Long.getLong("tollgate.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    void everySoupGetsAClearAnswer() {
        System.out.printf("ByteSoupIT seed %d (-Dtollgate.seed), %d rounds%n", seed, ROUNDS);
        UsageTopics.ensure(TestParts.kafka(), UsageTopics.PARTITIONS);
        try (IngestService service = IngestService.start(
                IngestConfig.of(TestParts.kafka(), ListenOn.anyPort(), EdgeClient.TOKENS), () -> EdgeClient.ARRIVAL)) {
            EdgeClient client = new EdgeClient(service);
            int taken = 0;
            for (int round = 0; round < ROUNDS; round++) {
                HttpResponse<String> response = client.send(request(client));
                String where = "seed " + seed + ", round " + round + ": " + response.body();
                JsonNode answer = client.json(response);
                if (response.statusCode() == 200) {
                    taken++;
                    assertThat(answer.get("accepted").isInt()).as(where).isTrue();
                } else {
                    assertThat(response.statusCode()).as(where).isIn(400, 415, 422);
                    assertThat(answer.get("code").asText()).as(where).matches("[a-z][a-z0-9_]+");
                    assertThat(answer.get("detail").asText()).as(where).isNotBlank();
                }
            }
            assertThat(taken).as("some damage is harmless, seed %d", seed).isBetween(1, ROUNDS / 2);
        }
    }

    @Test
    void soAreSoupsForOpenTelemetry() {
        System.out.printf("ByteSoupIT seed %d (-Dtollgate.seed), %d rounds%n", seed, ROUNDS);
        UsageTopics.ensure(TestParts.kafka(), UsageTopics.PARTITIONS);
        IngestConfig config = IngestConfig.of(TestParts.kafka(), ListenOn.anyPort(), EdgeClient.TOKENS)
                .withOtlp(OtlpMapping.DEFAULT.withMetrics(OtlpMapping.MetricsUse.USAGE));
        try (IngestService service = IngestService.start(config, () -> EdgeClient.ARRIVAL)) {
            EdgeClient client = new EdgeClient(service);
            int taken = 0;
            for (int round = 0; round < ROUNDS; round++) {
                HttpRequest.Builder request = client.to(pick(OTLP_PATHS), pick(OTLP_TYPES), otlpSoup());
                String coding = pick(CODINGS);
                if (!coding.isEmpty()) {
                    request.header("Content-Encoding", coding);
                }
                HttpResponse<String> response = client.send(request);
                String where = "seed " + seed + ", round " + round + ": " + response.body();
                assertThat(response.statusCode()).as(where).isIn(200, 400, 415);
                if (response.statusCode() == 200) {
                    taken++;
                } else {
                    assertThat(response.body()).as(where).containsPattern("[a-z][a-z0-9_]+: ");
                }
            }
            assertThat(taken).as("some damage is harmless, seed %d", seed).isBetween(1, ROUNDS / 2);
        }
    }

    /** Framing, header fields and request line too: whatever answer there is, it is no failure of the edge's. */
    @Test
    void noDamageToARequestMakesTheEdgeFail() throws IOException {
        System.out.printf("ByteSoupIT seed %d (-Dtollgate.seed), %d requests%n", seed, FRAMED_ROUNDS);
        UsageTopics.ensure(TestParts.kafka(), UsageTopics.PARTITIONS);
        try (IngestService service = IngestService.start(
                IngestConfig.of(TestParts.kafka(), ListenOn.anyPort(), EdgeClient.TOKENS), () -> EdgeClient.ARRIVAL)) {
            URI uri = service.applicationUri();
            int answered = 0;
            for (int round = 0; round < FRAMED_ROUNDS; round++) {
                String answer = answerTo(framed(), uri);
                assertThat(answer).as("seed %d, round %d", seed, round).matches("(?s)|HTTP/1\\.1 (?:[1-4]..|50[15]).*");
                answered += answer.isEmpty() ? 0 : 1;
            }
            assertThat(answered).as("most damage is answered, seed %d", seed).isGreaterThan(FRAMED_ROUNDS / 2);
            EdgeClient client = new EdgeClient(service);
            assertThat(client.send(client.request(EdgeClient.SINGLE, utf8(EdgeClient.event("after", "1"))))
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    /** A good request in chunks or with a length, damaged in up to three places, and sometimes cut off. */
    private byte[] framed() {
        String event = EdgeClient.event("framed", "1");
        boolean inChunks = random.nextBoolean();
        String body = inChunks
                ? "%x\r\n%s\r\n0\r\n\r\n".formatted(event.getBytes(StandardCharsets.UTF_8).length, event)
                : event;
        byte[] request = utf8("POST /v1/events HTTP/1.1\r\nHost: edge\r\nAuthorization: Bearer the-platform\r\n"
                + "Content-Type: " + EdgeClient.SINGLE + "\r\n"
                + (inChunks
                        ? "Transfer-Encoding: chunked\r\n"
                        : "Content-Length: " + event.getBytes(StandardCharsets.UTF_8).length + "\r\n")
                + "\r\n" + body);
        damage(request);
        return random.nextInt(4) == 0 ? Arrays.copyOf(request, random.nextInt(request.length)) : request;
    }

    /** All that comes back until the edge closes; nothing more is sent, so it does. */
    private static String answerTo(byte[] request, URI edge) throws IOException {
        try (Socket socket = new Socket(edge.getHost(), edge.getPort())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(request);
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (SocketException closed) {
            return ""; // It had seen enough.
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private byte[] otlpSoup() {
        if (random.nextBoolean()) {
            return soup();
        }
        byte[] span = OtlpIT.JSON_SPAN.getBytes(StandardCharsets.UTF_8);
        if (random.nextBoolean()) {
            ExportTraceServiceRequest.Builder message = ExportTraceServiceRequest.newBuilder();
            assertThat(OtlpEncoding.JSON.read(span, message)).isEmpty();
            span = OtlpEncoding.PROTOBUF.write(message.build());
        }
        damage(span);
        return span;
    }

    private HttpRequest.Builder request(EdgeClient client) {
        byte[] body = soup();
        String coding = pick(CODINGS);
        if (coding.equals("zstd") && random.nextBoolean()) {
            body = Zstd.compress(body);
            damage(body);
        }
        if (coding.equals("gzip") && random.nextBoolean()) {
            body = FormatsIT.gzip(body);
            damage(body);
        }
        HttpRequest.Builder request = client.request(pick(TYPES), body);
        if (!coding.isEmpty()) {
            request.header("Content-Encoding", coding);
        }
        if (random.nextInt(4) == 0) {
            request.header("ce-specversion", "1.0").header("ce-type", "io.tollgate.usage.v1");
            request.header("ce-id", headerSoup()).header("ce-source", headerSoup());
        }
        return request;
    }

    private byte[] soup() {
        byte[] soup;
        switch (random.nextInt(3)) {
            case 0 -> {
                soup = new byte[random.nextInt(SOUP_BYTES_MAX)];
                random.nextBytes(soup);
            }
            case 1 -> {
                StringBuilder pieces = new StringBuilder();
                for (int i = random.nextInt(SOUP_BYTES_MAX / 4); i > 0; i--) {
                    pieces.append(pick(PIECES));
                }
                soup = pieces.toString().getBytes(StandardCharsets.UTF_8);
            }
            default -> {
                String one = EdgeClient.event("soup", "1");
                String text = random.nextBoolean() ? one : "[" + one + "," + EdgeClient.event("other", "2") + "]";
                soup = text.getBytes(StandardCharsets.UTF_8);
                damage(soup);
            }
        }
        return soup;
    }

    private void damage(byte[] bytes) {
        for (int i = random.nextInt(3); i > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
    }

    private String headerSoup() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(20); i > 0; i--) {
            text.append((char) (' ' + random.nextInt('~' - ' ')));
        }
        return text.toString().strip();
    }

    private String pick(List<String> from) {
        return from.get(random.nextInt(from.size()));
    }
}
