package io.tollgate.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.JsonNode;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class HttpServiceTest {

    private static final String THING = "{\"name\":\"a\",\"price\":\"1.50\",\"at\":\"2026-01-02T03:04:05Z\"}";

    @Test
    void twoServicesLiveInOneJvmAndATakenPortIsReplaced() {
        try (TestService first = new TestService(ListenOn.anyPort());
                TestService second =
                        new TestService(ListenOn.loopback(first.service.port(), first.service.adminPort()))) {
            assertThat(second.service.port()).isPositive().isNotEqualTo(first.service.port());
            assertThat(second.service.adminPort()).isPositive().isNotEqualTo(first.service.adminPort());
            first.send(first.post(THING));
            assertThat(first.admin("/metrics").body()).contains("2xx_responses_total 1.0");
            assertThat(second.admin("/metrics").body()).doesNotContain("2xx_responses_total 1.0");
            first.service.close();
            assertThat(second.send(second.post(THING)).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aWantedFreePortIsTaken() {
        int port;
        int adminPort;
        try (TestService first = new TestService(ListenOn.anyPort())) {
            port = first.service.port();
            adminPort = first.service.adminPort();
        }
        try (TestService again = new TestService(ListenOn.loopback(port, adminPort))) {
            assertThat(again.service.port()).isEqualTo(port);
            assertThat(again.service.adminPort()).isEqualTo(adminPort);
        }
    }

    @Test
    void healthTellsWhichCheckFails() {
        try (TestService test = new TestService(ListenOn.anyPort())) {
            assertThat(test.admin("/health").statusCode()).isEqualTo(200);
            assertThat(test.json(test.admin("/health")).get("status").asText()).isEqualTo("healthy");
            assertThat(test.admin("/healthcheck").statusCode()).isEqualTo(200);
            test.healthy.set(false);
            HttpResponse<String> sick = test.admin("/health");
            assertThat(sick.statusCode()).isEqualTo(503);
            JsonNode luck = test.json(sick).get("checks").get("luck");
            assertThat(luck.get("status").asText()).isEqualTo("unhealthy");
            assertThat(luck.get("message").asText()).isEqualTo("out of luck");
        }
    }

    @Test
    void metricsSpeakPrometheus() {
        try (TestService test = new TestService(ListenOn.anyPort())) {
            test.send(test.request("/nothing"));
            HttpResponse<String> metrics = test.admin("/metrics");
            assertThat(metrics.statusCode()).as(metrics.body()).isEqualTo(200);
            assertThat(metrics.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain");
            assertThat(metrics.body()).contains("jvm_memory_heap_used", "# TYPE");
        }
    }

    @Test
    void openApiDescribesTheResourcesAndNeedsNoToken() {
        try (TestService test = new TestService(ListenOn.anyPort())) {
            HttpResponse<String> response = test.send(test.request("/openapi.json"));
            assertThat(response.statusCode()).isEqualTo(200);
            JsonNode document = test.json(response);
            assertThat(document.get("openapi").asText()).startsWith("3.");
            assertThat(document.at("/info/title").asText()).isEqualTo("Things");
            assertThat(document.at("/info/version").asText()).isEqualTo("1.2.3");
            assertThat(document.at("/components/securitySchemes/bearer/scheme").asText())
                    .isEqualTo("bearer");
            JsonNode post = document.at("/paths/~1v1~1things/post");
            assertThat(post.at("/requestBody/content/application~1json/schema/$ref")
                            .asText())
                    .isEqualTo("#/components/schemas/Thing");
            assertThat(post.at("/responses").fieldNames())
                    .toIterable()
                    .containsExactly(
                            "200", "400", "401", "403", "408", "409", "413", "415", "422", "500", "503", "default");
            for (String status : new String[] {"400", "401", "409", "503", "default"}) {
                assertThat(post.at("/responses/" + status + "/content/application~1problem+json/schema/$ref")
                                .asText())
                        .isEqualTo("#/components/schemas/Problem");
            }
            assertThat(post.at("/responses/200/content/application~1json/schema/$ref")
                            .asText())
                    .isEqualTo("#/components/schemas/Thing");
            assertThat(post.at("/responses/503/description").asText()).isEqualTo("`away`: try again");
            assertThat(document.at("/paths/~1open~1crash/get/responses").has("401"))
                    .isFalse();
            assertThat(document.at("/components/schemas/Thing/required"))
                    .extracting(JsonNode::asText)
                    .containsExactlyInAnyOrder("name", "price", "at");
            assertThat(document.at("/components/schemas/Problem/properties").fieldNames())
                    .toIterable()
                    .contains("code", "requestId", "errors", "accepted");
            assertThat(document.at("/components/schemas/Thing/properties/price/type")
                            .asText())
                    .isEqualTo("string");
            assertThat(document.at("/paths").has("/openapi.json")).isFalse();
            assertThat(response.body()).doesNotContain("Caller");
        }
    }

    @Test
    void gzipBodiesAreUnpackedAndTheirLimitIsOnTheUnpackedBytes() throws IOException {
        try (TestService test = new TestService(ListenOn.anyPort())) {
            HttpResponse<String> small = test.send(gzip(test, THING));
            assertThat(small.body()).isEqualTo(THING);
            HttpResponse<String> bomb =
                    test.send(gzip(test, THING.replace("\"a\"", "\"" + "a".repeat(100_000) + "\"")));
            assertThat(bomb.statusCode()).isEqualTo(413);
            HttpRequest.Builder noGzip = test.post(THING).header("Content-Encoding", "gzip");
            assertThat(test.send(noGzip).statusCode()).isEqualTo(400);
        }
    }

    private static HttpRequest.Builder gzip(TestService test, String body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(body.getBytes(StandardCharsets.UTF_8));
        }
        return test.post("")
                .header("Content-Encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofByteArray(bytes.toByteArray()));
    }

    @Test
    void stoppingIsBoundedEvenIfARequestHangs() throws InterruptedException {
        TestService test = new TestService(ListenOn.anyPort());
        CompletableFuture<Void> request = CompletableFuture.runAsync(() -> {
            try {
                test.send(test.request("/open/slow"));
            } catch (java.io.UncheckedIOException e) {
                // Cut off, as it should be.
                assertThat(e).isNotNull();
            }
        });
        test.open.entered.await();
        long start = System.nanoTime();
        test.service.close();
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        test.close();
        request.join();
        assertThat(took).isLessThanOrEqualTo(Duration.ofSeconds(5));
    }

    /** Says who may call it, but not what for. */
    @Path("/v1/undescribed")
    @PermitAll
    @Produces(MediaType.APPLICATION_JSON)
    public static final class Undescribed {
        @POST
        @Path("/{name}")
        public String list(@PathParam("name") String name, byte[] body) {
            return name;
        }
    }

    @Test
    void aResourceThatIsNotDescribedKeepsTheServiceFromStarting() {
        HttpService.Builder service =
                HttpService.named("undescribed").tokens(TestService.TOKENS).resource(new Undescribed());
        assertThatIllegalStateException()
                .isThrownBy(service::start)
                .withMessageContainingAll(
                        "has no summary",
                        "parameter name has no description",
                        "the body has no schema",
                        "answer 200 has no schema as application/json");
    }

    /** Opens what may not be opened. */
    @Path("/v1/open")
    @NoToken
    @Hidden
    public static final class Opened {
        @GET
        public String get() {
            return "open";
        }
    }

    @Test
    void nothingUnderV1CanBeOpened() {
        HttpService.Builder service =
                HttpService.named("opened").tokens(TestService.TOKENS).resource(new Opened());
        assertThatIllegalStateException().isThrownBy(service::start).withMessageContaining("under /v1");
    }

    /** Says nothing about who may call it. */
    @Path("/open")
    @Hidden
    public static final class Forgotten {
        @GET
        public String get() {
            return "open";
        }
    }

    @Test
    void aResourceThatDoesNotSayWhoMayCallItKeepsTheServiceFromStarting() {
        HttpService.Builder service =
                HttpService.named("forgotten").tokens(TestService.TOKENS).resource(new Forgotten());
        assertThatIllegalStateException().isThrownBy(service::start).withMessageContaining("who may call it");
    }
}
