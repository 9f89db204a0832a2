package io.tollgate.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Some paths have ways of their own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DialectTest {

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

    private void complains(String code, int status, String path, String header, String token) {
        HttpResponse<String> response = test.send(test.request(path).header(header, token));
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(response.body()).isEqualTo("{\"complaint\":\"%s\",\"number\":%d}".formatted(code, status));
    }

    @Test
    void theTokenComesInTheHeaderOfTheDialect() {
        assertThat(test.send(test.request("/v1/odd/who").header("x-odd-key", "the-finance"))
                        .body())
                .isEqualTo("{\"role\":\"finance\"}");
        complains("unauthorized", 401, "/v1/odd/who", "Authorization", "Bearer the-finance");
        assertThat(test.send(test.request("/v1/things/who").header("x-odd-key", "the-finance"))
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void everyErrorHasTheShapeOfTheDialect() {
        complains("unauthorized", 401, "/v1/odd/nothing", "x-odd-key", "nonsense");
        complains("forbidden", 403, "/v1/odd/who", "x-odd-key", "the-platform");
        complains("not_found", 404, "/v1/odd/nothing", "x-odd-key", "the-finance");
        complains("internal_error", 500, "/v1/odd/crash", "x-odd-key", "the-finance");
        assertThat(test.send(test.request("/v1/odd/a%2Fb").header("x-odd-key", "the-finance"))
                        .body())
                .startsWith("{\"complaint\":");
    }

    @Test
    void theDocumentSaysSo() {
        JsonNode document = test.json(test.send(test.request("/openapi.json")));
        JsonNode answers = document.at("/paths/~1v1~1odd~1who/get/responses");
        for (String status : new String[] {"400", "401", "403", "500", "default"}) {
            assertThat(answers.get(status)
                            .at("/content/application~1json/schema/$ref")
                            .asText())
                    .isEqualTo("#/components/schemas/OddError");
        }
        assertThat(document.at("/components/schemas/OddError/required"))
                .extracting(JsonNode::asText)
                .containsExactly("complaint", "number");
    }
}
