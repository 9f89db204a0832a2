package io.tollgate.invoicing;

import static io.tollgate.invoicing.RunningService.WINDOW;
import static io.tollgate.invoicing.RunningService.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tollgate.invoicing.Receiver.Behaviour;
import io.tollgate.invoicing.Receiver.Got;
import io.tollgate.invoicing.RollupsTable.Row;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Webhooks as finance sets them up, and as who gets them meets them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebhooksIT {

    private static final String ENDPOINTS = "/v1/webhook-endpoints";

    private RollupsTable table;
    private RunningService running;
    private Finance finance;

    @BeforeAll
    void start() {
        table = RollupsTable.create();
        running = new RunningService(table.url());
        finance = running.finance;
        running.publishListPrices();
    }

    @AfterAll
    void stop() {
        running.close();
    }

    private JsonNode create(String url, String more) {
        HttpResponse<String> created = finance.post(ENDPOINTS, "{\"url\":\"" + url + "\"" + more + "}");
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        JsonNode endpoint = Finance.read(created);
        assertThat(created.headers().firstValue("Location").orElseThrow())
                .endsWith(ENDPOINTS + "/" + endpoint.get("id").asText());
        return endpoint;
    }

    private static String path(JsonNode endpoint) {
        return ENDPOINTS + "/" + endpoint.get("id").asText();
    }

    private void finalise(String tenant) {
        table.insert(Row.of(tenant, WINDOW, Map.of("input_tokens", 4_000_000L)));
        assertThat(finance.post("/v1/invoices/" + tenant + ".2023-11.1:finalize", "")
                        .statusCode())
                .isEqualTo(200);
    }

    /** Receiving comes before marking, so what is to be read there is waited for. */
    private JsonNode deliveries(JsonNode endpoint, String state, int count) {
        JsonNode page = finance.json(path(endpoint) + "/deliveries?state=" + state);
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (page.get("deliveries").size() != count) {
            assertThat(System.nanoTime()).as(page.toString()).isLessThan(deadline);
            Thread.onSpinWait();
            page = finance.json(path(endpoint) + "/deliveries?state=" + state);
        }
        return page;
    }

    @Test
    void aFinalInvoiceIsToldSignedAndWithALinkToIt() {
        try (Receiver receiver = new Receiver(Behaviour.status(200))) {
            JsonNode endpoint = create(receiver.url(), ",\"tenants\":[\"told\"],\"description\":\"ERP\"");
            finalise("told");
            finalise("told.not");

            Got got = receiver.next();
            assertThat(got.isSignedWith(endpoint.get("secret").asText())).isTrue();
            assertThat(got.contentType()).startsWith("application/cloudevents+json");
            JsonNode event = got.json();
            assertThat(event.get("id").asText()).isEqualTo(got.id());
            assertThat(event.get("type").asText()).isEqualTo("io.tollgate.invoice.finalised.v1");
            JsonNode data = event.get("data");
            assertThat(data.get("total").asText()).isEqualTo("10.00");
            assertThat(finance.json(data.get("link").asText()).get("digest")).isEqualTo(data.get("digest"));

            JsonNode delivery =
                    deliveries(endpoint, "delivered", 1).get("deliveries").get(0);
            assertThat(delivery.get("eventId").asText()).isEqualTo(got.id());
            assertThat(delivery.get("attempts").asInt()).isEqualTo(1);
            assertThat(delivery.get("lastStatus").asInt()).isEqualTo(200);
            assertThat(finance.json(path(endpoint)).has("secret")).isFalse();
            assertThat(finance.get(ENDPOINTS).body()).contains("ERP").doesNotContain("whsec_");
            assertThat(running.as("").get("/openapi.json").body()).contains("createWebhookEndpoint");
            assertThat(new Finance(running.service.adminPort(), "")
                            .get("/metrics")
                            .body())
                    .contains("invoicing_webhooks_delivered_total", "invoicing_webhooks_lag_seconds 0.0");

            assertThat(finance.delete(path(endpoint)).statusCode()).isEqualTo(200);
            assertProblem(finance.get(path(endpoint)), 404, "no_webhook_endpoint");
        }
    }

    @Test
    void anEndpointCanBeTestedAndItsSecretReplaced() {
        try (Receiver receiver = new Receiver(Behaviour.status(204))) {
            JsonNode endpoint = create(receiver.url(), ",\"enabled\":false");
            HttpResponse<String> test = finance.post(path(endpoint) + ":test", "");
            assertThat(test.body()).isEqualTo("{\"delivered\":true,\"status\":204}");
            assertThat(receiver.next().json().get("type").asText()).isEqualTo("io.tollgate.webhook.ping.v1");

            JsonNode rotated = Finance.read(finance.post(path(endpoint) + ":rotate-secret", ""));
            finance.post(path(endpoint) + ":test", "");

            Got got = receiver.next();
            assertThat(got.isSignedWith(rotated.get("secret").asText())).isTrue();
            assertThat(got.isSignedWith(endpoint.get("secret").asText())).isTrue();
            assertThat(rotated.get("formerSecretUntil").asText()).isEqualTo("2023-12-03T08:00:00Z");
            JsonNode again = Finance.read(finance.post(path(endpoint) + ":rotate-secret", "{\"overlap\":\"PT0S\"}"));
            assertThat(again.has("formerSecretUntil")).isFalse();
        }
    }

    @Test
    void whatAnEndpointMissedIsReplayedAndListedPageByPage() {
        try (Receiver receiver = new Receiver(Behaviour.status(200))) {
            List<String> tenants = List.of("missed.1", "missed.2", "missed.3");
            tenants.forEach(this::finalise);
            JsonNode endpoint = create(
                    receiver.url(),
                    ",\"eventTypes\":[\"io.tollgate.invoice.finalised.v1\"],\"tenants\":[\"missed.1\",\"missed.2\","
                            + "\"missed.3\"]");

            assertThat(finance.post(path(endpoint) + ":replay", "{\"since\":\"2023-12-01T00:00:00Z\"}")
                            .body())
                    .isEqualTo("{\"queued\":3}");
            deliveries(endpoint, "delivered", 3);

            List<String> listed = new ArrayList<>();
            String cursor = "";
            do {
                JsonNode page = finance.json(path(endpoint) + "/deliveries?limit=2" + cursor);
                page.get("deliveries")
                        .forEach(each -> listed.add(each.get("subject").asText()));
                cursor = page.has("nextCursor")
                        ? "&cursor=" + page.get("nextCursor").asText()
                        : "";
            } while (!cursor.isEmpty());
            assertThat(listed).containsExactly("missed.3.2023-11.1", "missed.2.2023-11.1", "missed.1.2023-11.1");
        }
    }

    @Test
    void whatIsWantedOfAnEndpointCanBeSaidAnew() {
        JsonNode endpoint = create("http://127.0.0.1:1/", ",\"tenants\":[\"a\"]");

        JsonNode changed =
                Finance.read(finance.put(path(endpoint), "{\"url\":\"http://127.0.0.1:2/\",\"enabled\":false}"));

        assertThat(changed.get("url").asText()).isEqualTo("http://127.0.0.1:2/");
        assertThat(changed.get("tenants")).isEmpty();
        assertThat(changed.get("enabled").asBoolean()).isFalse();
        assertThat(finance.json(path(endpoint))).isEqualTo(changed);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {}                                                             | invalid_body
            {"url":"ftp://example.com/"}                                   | invalid_url
            {"url":"https://example.com/","eventTypes":["io.tollgate.x"]}  | unknown_event_type
            {"url":"https://example.com/","eventTypes":[null]}             | invalid_webhook_endpoint
            {"url":"https://example.com/","tenants":["no/name"]}           | invalid_tenant
            {"url":"https://example.com/","description":"\\u0000"}         | invalid_webhook_endpoint
            """)
    void whatMakesNoSenseIsRefused(String body, String code) {
        assertProblem(finance.post(ENDPOINTS, body), 422, code);
        JsonNode endpoint = create("http://127.0.0.1:1/", "");
        assertProblem(finance.put(path(endpoint), body), 422, code);
    }

    @Test
    void whatCannotBeDoneIsSaid() {
        JsonNode endpoint = create("http://127.0.0.1:1/", "");
        assertProblem(finance.post(path(endpoint) + ":replay", "{}"), 422, "invalid_replay");
        assertProblem(finance.post(path(endpoint) + ":replay", "{\"eventId\":\"\\u0000\"}"), 422, "invalid_replay");
        assertProblem(
                finance.post(path(endpoint) + ":rotate-secret", "{\"overlap\":\"P31D\"}"), 422, "invalid_overlap");
        assertProblem(finance.get(path(endpoint) + "/deliveries?state=lost"), 400, "invalid_parameter");
        assertProblem(finance.get(path(endpoint) + "/deliveries?cursor=x"), 400, "invalid_parameter");
        assertProblem(finance.get(ENDPOINTS + "/unheard-of"), 404, "no_webhook_endpoint");
        assertProblem(finance.post(ENDPOINTS + "/unheard-of:test", ""), 404, "no_webhook_endpoint");
        assertProblem(running.as("the-platform").get(ENDPOINTS), 403, "forbidden");
        assertThat(running.as("the-admin").get(ENDPOINTS).statusCode()).isEqualTo(200);
    }
}
