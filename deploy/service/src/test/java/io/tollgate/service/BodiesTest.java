package io.tollgate.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.glassfish.jersey.internal.MapPropertiesDelegate;
import org.glassfish.jersey.server.ContainerRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bodies that are packed, and bodies that nobody reads. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BodiesTest {

    private static final String THING = "{\"name\":\"a\",\"price\":\"1.50\",\"at\":\"2026-01-02T03:04:05Z\"}";
    private static final int HEADER_BYTES = 10;

    @SuppressWarnings("NullAway.Init")
    private TestService test;

    @BeforeAll
    void start() {
        test = new TestService(ListenOn.anyPort());
    }

    @AfterAll
    void stop() {
        test.close();
    }

    private static byte[] gzip(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    private HttpResponse<String> packed(byte[] body) {
        return test.send(
                test.post("").header("Content-Encoding", "gzip").POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    private void refused(int status, String code, HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(test.json(response).get("code").asText()).isEqualTo(code);
    }

    @Test
    void bodiesInGzipAreUnpackedAlsoInSeveralMembers() {
        assertThat(packed(gzip(THING)).body()).isEqualTo(THING);
        for (int cut = 0; cut <= THING.length(); cut += 7) {
            byte[] members = joined(gzip(THING.substring(0, cut)), gzip(THING.substring(cut)));
            assertThat(packed(members).body()).isEqualTo(THING);
        }
    }

    @Test
    void whatIsCutOffOrFollowedByAnythingElseIsNoGzip() {
        byte[] whole = gzip(THING);
        for (int length = 0; length < whole.length; length++) {
            refused(400, "invalid_gzip", packed(Arrays.copyOf(whole, length)));
        }
        byte[] blank = gzip(" ");
        for (int length = 1; length < blank.length; length++) {
            refused(400, "invalid_gzip", packed(joined(whole, Arrays.copyOf(blank, length))));
        }
        for (int length = 1; length < 3 * HEADER_BYTES; length++) {
            refused(400, "invalid_gzip", packed(joined(whole, new byte[length])));
        }
        refused(400, "invalid_gzip", packed(THING.getBytes(StandardCharsets.UTF_8)));
        refused(413, "body_too_large", packed(gzip(" ".repeat(1_000_000))));
    }

    @Test
    void whatIsLongPackedAndShortUnpackedIsRefused() throws IOException {
        byte[] whole = gzip(THING);
        byte[] empty = gzip("");
        assertThat(packed(joined(repeated(empty, 9), whole)).body()).isEqualTo(THING);
        refused(413, "body_too_large", packed(joined(repeated(empty, 100), whole)));
        // A header may have a name, which ends with a zero byte; this one does not.
        byte[] name = new byte[100_000];
        Arrays.fill(name, (byte) 'a');
        System.arraycopy(whole, 0, name, 0, HEADER_BYTES);
        name[3] = 1 << 3;
        HttpRequest.BodyPublisher endless =
                HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(name));
        refused(
                413,
                "body_too_large",
                test.send(test.post("").header("Content-Encoding", "gzip").POST(endless)));
    }

    @Test
    void aLongRowOfEmptyMembersIsNoGzipRatherThanTheEndOfTheStack() throws IOException {
        byte[] row = repeated(gzip(""), 100_000);
        Gunzip gunzip = new Gunzip();
        ContainerRequest request = new ContainerRequest(
                URI.create("http://a/"), URI.create("http://a/"), "POST", null, new MapPropertiesDelegate(), null);
        request.header("Content-Encoding", "gzip");
        request.setEntityStream(new ByteArrayInputStream(row));
        gunzip.filter(request);
        assertThatThrownBy(() -> request.getEntityStream().readAllBytes()).isInstanceOf(ProblemException.class);
    }

    private static byte[] repeated(byte[] bytes, int times) {
        byte[] all = new byte[bytes.length * times];
        for (int i = 0; i < times; i++) {
            System.arraycopy(bytes, 0, all, i * bytes.length, bytes.length);
        }
        return all;
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /v1/things, nonsense, application/json, 100, 401",
        "POST, /v1/nothing, the-admin, application/json, 100, 404",
        "PUT, /v1/things, the-admin, application/json, 100, 405",
        "POST, /v1/things, the-admin, text/csv, 100, 415",
        "POST, /v1/things, the-admin, application/json, 1000000, 413",
    })
    void aRefusalBeforeTheBodyWasReadClosesTheConnectionAndSaysSo(
            String method, String path, String token, String type, int length, int status) throws IOException {
        String answer = answerBeforeTheBody(method + " " + path, token, type, "Content-Length: " + length);
        assertThat(answer).startsWith("HTTP/1.1 " + status).containsIgnoringCase("\r\nconnection: close\r\n");
        if (length < 1000) {
            assertThat(answerBeforeTheBody(method + " " + path, token, type, "Transfer-Encoding: chunked"))
                    .startsWith("HTTP/1.1 " + status)
                    .containsIgnoringCase("\r\nconnection: close\r\n");
        }
    }

    private String answerBeforeTheBody(String line, String token, String type, String length) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), test.service.port())) {
            OutputStream out = socket.getOutputStream();
            out.write((line + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + token + "\r\nContent-Type: " + type
                            + "\r\n" + length + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void aRefusalAfterTheBodyWasReadKeepsTheConnection() {
        HttpResponse<String> response = test.send(test.post(THING.replace("1.50", "-1.50")));
        refused(422, "invalid_body", response);
        assertThat(response.headers().firstValue("Connection")).isEmpty();
        HttpResponse<String> stranger = test.send(test.request("/v1/things/7"));
        refused(401, "unauthorized", stranger);
        assertThat(stranger.headers().firstValue("Connection")).isEmpty();
    }
}
