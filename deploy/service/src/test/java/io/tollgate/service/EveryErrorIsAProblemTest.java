package io.tollgate.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EveryErrorIsAProblemTest {

    private static final String THING = "{\"name\":\"a\",\"price\":\"1.50\",\"at\":\"2026-01-02T03:04:05Z\"}";

    private static final HttpRequest.BodyPublisher NOTHING = HttpRequest.BodyPublishers.noBody();

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

    private JsonNode problem(int status, String code, HttpRequest.Builder request) {
        return problem(status, code, test.send(request));
    }

    private JsonNode problem(int status, String code, HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        JsonNode problem = test.json(response);
        assertThat(problem.get("status").asInt()).isEqualTo(status);
        assertThat(problem.get("code").asText()).isEqualTo(code);
        assertThat(problem.get("type").asText()).isEqualTo("urn:tollgate:problem:" + code);
        assertThat(problem.get("title").asText()).isNotBlank();
        assertThat(problem.get("detail").asText()).isNotBlank();
        assertThat(problem.get("instance").asText()).startsWith("/");
        return problem;
    }

    @Test
    void aGoodRequestGetsItsDecimalsAndTimesBackExactly() {
        HttpResponse<String> response = test.send(test.post(THING));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo(THING);
        assertThat(test.send(test.post(THING.replace("\"1.50\"", "1.50"))).body())
                .isEqualTo(THING);
    }

    @Test
    void jsonThatIsNoneTellsLineAndColumn() {
        JsonNode problem = problem(400, "malformed_json", test.post("{\"name\":\n  oops}"));
        assertThat(problem.get("line").asInt()).isEqualTo(2);
        assertThat(problem.get("column").asInt()).isPositive();
        for (String broken : new String[] {
            "{\"name\":\"a", "{\"name\":\"a\"", "{\"name\":NaN}", "{\"name\":/* a */1}", "{", "{\"at\":01}"
        }) {
            assertThat(problem(400, "malformed_json", test.post(broken))
                            .get("detail")
                            .asText())
                    .doesNotContain("Source", "REDACTED", "Feature", "[line");
        }
        assertThat(problem(400, "malformed_json", test.post("{\"name\":\"a\""))
                        .get("detail")
                        .asText())
                .contains("(start marker at line: 1, column: 1)");
    }

    @Test
    void jsonThatDoesNotFitTellsWhere() {
        JsonNode unknown = problem(422, "invalid_body", test.post(THING.replace("name", "nome")));
        assertThat(unknown.get("pointer").asText()).isEqualTo("/nome");
        assertThat(unknown.get("detail").asText()).contains("at, name, note, price");
        JsonNode type = problem(422, "invalid_body", test.post(THING.replace("2026-01-02T03:04:05Z", "today")));
        assertThat(type.get("pointer").asText()).isEqualTo("/at");
        assertThat(type.get("detail").asText()).doesNotContain("java");
        JsonNode refused = problem(422, "invalid_body", test.post(THING.replace("1.50", "-1.50")));
        assertThat(refused.get("detail").asText()).contains("the price -1.50 is negative");
        problem(422, "invalid_body", test.post(THING.replace("1.50", "1e999999999")));
        problem(422, "invalid_body", test.post(THING.replace("\"1.50\"", "[]")));
    }

    @Test
    void noTokenIs401AndSaysHow() {
        HttpResponse<String> response = test.send(test.request("/v1/things/7"));
        JsonNode problem = problem(401, "unauthorized", response);
        assertThat(problem.get("instance").asText()).isEqualTo("/v1/things/7");
        assertThat(response.headers().firstValue("WWW-Authenticate")).hasValue("Bearer realm=\"tollgate\"");
        problem(401, "unauthorized", test.request("/v1/things/7").header("Authorization", "Bearer nonsense"));
        problem(401, "unauthorized", test.request("/v1/things/7").header("Authorization", "Basic YTpi"));
        problem(401, "unauthorized", test.request("/v1/things/7?access_token=the-admin"));
    }

    @Test
    void theWrongRoleIs403AndAdminMayDoAll() {
        problem(403, "forbidden", test.request("/v1/things/7").header("Authorization", "Bearer the-platform"));
        for (String token : new String[] {"the-admin", "the-finance"}) {
            HttpResponse<String> response =
                    test.send(test.request("/v1/things/7?limit=3").header("Authorization", "Bearer " + token));
            assertThat(response.body()).isEqualTo("{\"role\":\"7/3\"}");
        }
        HttpResponse<String> who =
                test.send(test.request("/v1/things/who").header("Authorization", "bearer the-platform"));
        assertThat(who.body()).isEqualTo("{\"role\":\"platform\"}");
    }

    @Test
    void aTenantMayOnlyDoWhatIsOpenToTenants() {
        HttpResponse<String> who = test.send(test.request("/v1/things/who").header("Authorization", "Bearer of-acme"));
        assertThat(who.body()).isEqualTo("{\"role\":\"tenant\"}");
        problem(403, "forbidden", test.request("/v1/things/7").header("Authorization", "Bearer of-acme"));
    }

    @Test
    void whoseATokenIsMayBeUnknownForNow() {
        problem(503, "store_unavailable", test.request("/v1/things/7").header("Authorization", "Bearer unsure"));
    }

    @Test
    void pathsAndParametersThatAreNotThere() {
        problem(404, "not_found", test.request("/nothing"));
        problem(404, "not_found", test.request("/v1/things/seven").header("Authorization", "Bearer the-admin"));
        JsonNode problem = problem(
                400,
                "invalid_parameter",
                test.request("/v1/things/7?limit=few").header("Authorization", "Bearer the-admin"));
        assertThat(problem.get("parameter").asText()).isEqualTo("limit");
    }

    @Test
    void methodsAndMediaTypesThatAreNotTaken() {
        HttpRequest.Builder delete = test.request("/v1/things")
                .header("Authorization", "Bearer the-admin")
                .DELETE();
        assertThat(problem(405, "method_not_allowed", delete).get("detail").asText())
                .contains("POST");
        problem(
                405,
                "method_not_allowed",
                test.request("/v1/things")
                        .header("Authorization", "Bearer the-admin")
                        .method("TRACE", HttpRequest.BodyPublishers.noBody()));
        problem(406, "not_acceptable", test.post(THING).setHeader("Accept", "image/png"));
        problem(415, "unsupported_media_type", test.post(THING).setHeader("Content-Type", "text/csv"));
    }

    /** What there is, and how it is called, is told to callers with a token only. */
    @Test
    void withoutATokenEverythingUnderV1Is401() {
        for (String path :
                new String[] {"/v1", "/v1/", "/v1/things", "/v1/nothing", "/%761/things", "/v1;a=b/things"}) {
            for (String method : new String[] {"GET", "POST", "DELETE", "OPTIONS", "TRACE", "BREW"}) {
                HttpRequest.Builder stranger = test.request(path)
                        .header("Content-Type", "text/csv")
                        .header("Accept", "image/png")
                        .method(method, HttpRequest.BodyPublishers.ofString("a"));
                problem(401, "unauthorized", stranger);
            }
        }
        HttpResponse<String> response = test.send(test.request("/v1/nothing").header("X-Request-Id", "mine-2"));
        assertThat(test.json(response).get("requestId").asText()).isEqualTo("mine-2");
        assertThat(response.headers().firstValue("X-Request-Id")).hasValue("mine-2");
        problem(404, "not_found", test.request("/v1/nothing").header("Authorization", "Bearer the-platform"));
    }

    @Test
    void anEncodedColonIsAColon() {
        for (String path :
                new String[] {"/v1/things/a%20b:mend", "/v1/things/a%20b%3Amend", "/v1/things/a%20b%3amend"}) {
            HttpResponse<String> response = test.send(test.request(path + "?with=%3A")
                    .header("Authorization", "Bearer the-platform")
                    .POST(NOTHING));
            assertThat(response.body()).isEqualTo("{\"role\":\"a b with :\"}");
        }
    }

    @Test
    void aBodyThatIsTooLargeIs413HoweverItIsSent() {
        String large = THING.replace("\"a\"", "\"" + "a".repeat(1000) + "\"");
        problem(413, "body_too_large", test.post(large));
        problem(
                413,
                "body_too_large",
                test.post("")
                        .POST(HttpRequest.BodyPublishers.fromPublisher(HttpRequest.BodyPublishers.ofString(large))));
    }

    @Test
    void aCrashShowsAnIdAndNothingElse() {
        HttpResponse<String> response = test.send(test.request("/open/crash"));
        JsonNode problem = problem(500, "internal_error", response);
        assertThat(response.body()).doesNotContain("secret").doesNotContain("Exception");
        String id = problem.get("requestId").asText();
        assertThat(problem.get("detail").asText()).contains(id);
        assertThat(response.headers().firstValue("X-Request-Id")).hasValue(id);
    }

    @Test
    void theCallersRequestIdIsKeptUnlessItCouldForgeALogLine() {
        HttpRequest.Builder named = test.request("/nothing").header("X-Request-Id", "mine-1");
        assertThat(problem(404, "not_found", named).get("requestId").asText()).isEqualTo("mine-1");
        HttpRequest.Builder forged = test.request("/nothing").header("X-Request-Id", "a b");
        assertThat(problem(404, "not_found", forged).get("requestId").asText()).isNotEqualTo("a b");
    }

    @Test
    void aServicesOwnProblemsKeepTheirHeadersAndMembers() {
        HttpResponse<String> response = test.send(test.request("/open/away"));
        assertThat(problem(503, "kafka_unavailable", response).get("errors")).hasSize(2);
        assertThat(response.headers().firstValue("Retry-After")).hasValue("5");
        problem(422, "unprocessable_entity", test.request("/open/unprocessable"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/%zz",
                "/v1/things/a%2Fb%20c",
                "/v1/things/%",
                "/v1/things/%FF",
                "/v1/things/%00",
                "/v1/things/a b"
            })
    void aPathThatCannotBeReadIsAProblemThatSaysWhatToDo(String path) throws IOException {
        String answer = raw("GET " + path + " HTTP/1.1");
        assertThat(answer)
                .startsWith("HTTP/1.1 400")
                .contains("application/problem+json")
                .contains("\"code\":\"bad_request\"")
                .contains("percent-encoded")
                .doesNotContain("\"Bad Request.\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/things/7?limit=%zz", "/v1/things/7?limit=%"})
    void aQueryThatCannotBeReadIsAProblemToo(String path) throws IOException {
        assertThat(raw("GET " + path + " HTTP/1.1"))
                .startsWith("HTTP/1.1 400")
                .contains("application/problem+json")
                .contains("The value of limit", "percent-encoded");
    }

    private String raw(String requestLine) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), test.service.port())) {
            socket.getOutputStream()
                    .write((requestLine + "\r\nHost: a\r\nAuthorization: Bearer the-admin\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
