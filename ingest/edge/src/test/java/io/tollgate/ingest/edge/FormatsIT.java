package io.tollgate.ingest.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStream;
import io.tollgate.emitter.UsageTopics;
import io.tollgate.ingest.policy.EventPolicy;
import io.tollgate.parts.TestParts;
import io.tollgate.service.ListenOn;
import io.tollgate.service.Role;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** How bodies come, what policy says of what is in them, and requests that come again. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class FormatsIT {

    private static final String DATA =
            "{\"tenant\":\"acme\",\"provider\":\"openai\",\"model\":\"gpt-4o\",\"quantities\":{\"input_tokens\":7}}";
    private static final int LONG_WINDOW_LOG = 27;

    private IngestService service;
    private EdgeClient client;

    @BeforeAll
    void start() {
        UsageTopics.ensure(TestParts.kafka(), UsageTopics.PARTITIONS);
        service = IngestService.start(
                IngestConfig.of(TestParts.kafka(), ListenOn.anyPort(), EdgeClient.TOKENS)
                        .withPolicy(EventPolicy.DEFAULT.withAgeMax(Duration.ofHours(1)))
                        .withMayBackfill(Set.of(Role.PLATFORM)),
                () -> EdgeClient.ARRIVAL);
        client = new EdgeClient(service);
    }

    @AfterAll
    void stop() {
        service.close();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** All events of this client are some hours old. */
    private HttpRequest.Builder old(String contentType, byte[] body) {
        return client.request(contentType, body).header("Tollgate-Backfill", "true");
    }

    private JsonNode answer(int status, HttpRequest.Builder request) {
        HttpResponse<String> response = client.send(request);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return client.json(response);
    }

    private void problem(int status, String code, HttpRequest.Builder request) {
        assertThat(answer(status, request).path("code").asText()).isEqualTo(code);
    }

    private HttpRequest.Builder binary(String id, String data) {
        return old("application/json", utf8(data))
                .header("ce-specversion", "1.0")
                .header("Ce-Type", "io.tollgate.usage.v1")
                .header("ce-source", "edge-it")
                .header("ce-id", id)
                .header("ce-time", "2023-11-16T18:17:03Z");
    }

    static byte[] gzip(byte[] plain) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(plain);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] zstdWithWindow(byte[] plain, int windowLog) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZstdOutputStream zstd = new ZstdOutputStream(bytes)) {
            zstd.setLong(windowLog);
            zstd.write(plain);
        }
        return bytes.toByteArray();
    }

    @Test
    void anEventInBinaryModeIsTaken() {
        assertThat(answer(200, binary("binary-1%20%C3%A4", DATA))
                        .get("accepted")
                        .asInt())
                .isEqualTo(1);
        JsonNode noJson = answer(422, binary("binary-2", "{oops"));
        assertThat(noJson.at("/errors/0/code").asText()).isEqualTo("malformed_json");
        assertThat(noJson.at("/errors/0/id").asText()).isEqualTo("binary-2");
        JsonNode badHeader = answer(422, binary("%zz", DATA));
        assertThat(badHeader.at("/errors/0/code").asText()).isEqualTo("invalid_header");
        JsonNode twice = answer(422, binary("binary-3", DATA).header("ce-source", "another"));
        assertThat(twice.at("/errors/0/code").asText()).isEqualTo("invalid_header");
        JsonNode noData = answer(422, binary("binary-4", ""));
        assertThat(noData.at("/errors/0/code").asText()).isEqualTo("missing_attribute");
        JsonNode noLines = answer(422, binary("binary-5", DATA).setHeader("Content-Type", "application/x-ndjson"));
        assertThat(noLines.at("/errors/0/code").asText()).isEqualTo("unsupported_data");
        // CloudEvents' own types are structured, whatever headers say.
        answer(
                200,
                old(EdgeClient.SINGLE, utf8(EdgeClient.event("binary-6", "1"))).header("ce-id", "other"));
    }

    @Test
    void bodiesInGzipAndZstdAreUnpackedAndNothingElseIs() {
        byte[] plain = utf8("[" + EdgeClient.event("packed", "1") + "]");
        answer(200, old(EdgeClient.BATCH, gzip(plain)).header("Content-Encoding", "gzip"));
        answer(200, old(EdgeClient.BATCH, Zstd.compress(plain)).header("Content-Encoding", "Zstd"));
        answer(200, old(EdgeClient.BATCH, plain).header("Content-Encoding", "identity"));
        for (String unknown : new String[] {"br", "compress", "deflate", "zstd, zstd", "zstd, gzip, br"}) {
            HttpResponse<String> response =
                    client.send(old(EdgeClient.BATCH, plain).header("Content-Encoding", unknown));
            assertThat(response.statusCode()).as(unknown + response.body()).isEqualTo(415);
            assertThat(client.json(response).get("code").asText()).isEqualTo("unsupported_content_encoding");
            assertThat(response.headers().firstValue("Accept-Encoding")).hasValue("gzip, zstd");
        }
        problem(
                401,
                "unauthorized",
                old(EdgeClient.BATCH, plain).header("Content-Encoding", "br").setHeader("Authorization", "x"));
    }

    @Test
    void aBrokenPackIsNamed() throws IOException {
        byte[] plain = utf8("[" + EdgeClient.event("broken-pack", "1") + "]");
        byte[] gzip = gzip(plain);
        byte[] zstd = Zstd.compress(plain);
        problem(400, "invalid_gzip", old(EdgeClient.BATCH, plain).header("Content-Encoding", "gzip"));
        problem(400, "invalid_zstd", old(EdgeClient.BATCH, plain).header("Content-Encoding", "zstd"));
        problem(
                400,
                "invalid_zstd",
                old(EdgeClient.BATCH, Arrays.copyOf(zstd, zstd.length - 1)).header("Content-Encoding", "zstd"));
        problem(
                400,
                "invalid_zstd",
                old(EdgeClient.BATCH, zstdWithWindow(plain, LONG_WINDOW_LOG)).header("Content-Encoding", "zstd"));
        problem(
                400,
                "invalid_gzip",
                old(EdgeClient.BATCH, Arrays.copyOf(gzip, gzip.length - 1)).header("Content-Encoding", "gzip"));
    }

    @Test
    void limitsCountUnpackedBytesAndEvents() {
        byte[] blanks = new byte[(int) EventsResource.BODY_BYTES_MAX + 1];
        Arrays.fill(blanks, (byte) ' ');
        byte[] zstd = Zstd.compress(blanks);
        assertThat(zstd.length).isLessThan(10_000);
        problem(413, "body_too_large", old(EdgeClient.BATCH, zstd).header("Content-Encoding", "zstd"));
        problem(413, "body_too_large", old(EdgeClient.BATCH, gzip(blanks)).header("Content-Encoding", "gzip"));
        // A frame to be skipped (RFC 8878, section 3.1.2), sent without telling its length: long, and unpacks to
        // nothing.
        byte[] skipped = new byte[(int) EventsResource.BODY_BYTES_MAX + 1];
        ByteBuffer.wrap(skipped)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0x184D2A50)
                .putInt(skipped.length - 2 * Integer.BYTES);
        problem(
                413,
                "body_too_large",
                old(EdgeClient.BATCH, new byte[0])
                        .header("Content-Encoding", "zstd")
                        .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(skipped))));
        byte[] lines = utf8(IntStream.rangeClosed(0, EventIntake.EVENTS_MAX)
                .mapToObj(line -> "{}")
                .collect(Collectors.joining("\n")));
        problem(
                413,
                "too_many_events",
                old("application/x-ndjson", Zstd.compress(lines)).header("Content-Encoding", "zstd"));
    }

    @Test
    void oldUsageIsTakenFromThoseWhoMayAndSaySo() {
        byte[] event = utf8(EdgeClient.event("old", "1"));
        JsonNode tooOld = answer(422, client.request(EdgeClient.SINGLE, event));
        assertThat(tooOld.at("/errors/0/code").asText()).isEqualTo("time_too_old");
        assertThat(tooOld.at("/errors/0/id").asText()).isEqualTo("old");
        assertThat(tooOld.at("/errors/0/detail").asText()).contains("Tollgate-Backfill: true");
        answer(422, client.request("?backfill=false", EdgeClient.SINGLE, event));
        answer(200, client.request("?backfill=true", EdgeClient.SINGLE, event));
        answer(200, old(EdgeClient.SINGLE, event));
        problem(400, "invalid_parameter", client.request("?backfill=yes", EdgeClient.SINGLE, event));
        problem(
                403,
                "backfill_forbidden",
                old(EdgeClient.SINGLE, event).setHeader("Authorization", "Bearer the-admin"));
        assertThat(client.admin("/metrics").body())
                .contains("ingest_events_rejected_time_too_old", "ingest_requests_refused_backfill_forbidden");
    }

    @Test
    void anOperationThatNobodyKnowsIsRefused() {
        String event = EdgeClient.event("misspelt", "1").replace("\"tenant\"", "\"operation\":\"caht\",\"tenant\"");
        JsonNode unknown = answer(422, old(EdgeClient.SINGLE, utf8(event)));
        assertThat(unknown.at("/errors/0/code").asText()).isEqualTo("unknown_operation");
    }

    @Test
    void theSameRequestWithTheSameKeyHasTheSameAnswer() {
        byte[] mixed = utf8("[" + EdgeClient.event("key-1", "1") + "," + EdgeClient.event("key-2", "1.5") + "]");
        String key = "\"8e03978e-40d5-43dd-bc93-6894a57f9324\"";
        JsonNode first = answer(200, old(EdgeClient.BATCH, mixed).header("Idempotency-Key", key));
        JsonNode again = answer(
                200,
                old(EdgeClient.BATCH, Zstd.compress(mixed))
                        .header("Content-Encoding", "zstd")
                        .header("Idempotency-Key", key));
        assertThat(again).isEqualTo(first);
        assertThat(first.get("rejected").asInt()).isEqualTo(1);
        assertThat(client.admin("/metrics").body()).contains("ingest_requests_repeated_total 1.0");

        byte[] other = utf8("[" + EdgeClient.event("key-3", "1") + "]");
        problem(422, "idempotency_key_reused", old(EdgeClient.BATCH, other).header("Idempotency-Key", key));
        // Another role's key is another key.
        answer(
                200,
                client.request(EdgeClient.BATCH, utf8("[]"))
                        .setHeader("Authorization", "Bearer the-admin")
                        .header("Idempotency-Key", key));
        problem(400, "invalid_idempotency_key", old(EdgeClient.BATCH, other).header("Idempotency-Key", "a b"));
        answer(200, binary("key-4", DATA).header("Idempotency-Key", "binary"));
        problem(422, "idempotency_key_reused", binary("key-5", DATA).header("Idempotency-Key", "binary"));
    }
}
