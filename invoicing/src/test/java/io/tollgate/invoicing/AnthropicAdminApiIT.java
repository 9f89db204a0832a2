package io.tollgate.invoicing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Anthropic's requests, as its cookbook makes them, against us. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AnthropicAdminApiIT {

    private AdminApisSite site;

    @BeforeAll
    void start() {
        site = new AdminApisSite();
    }

    @AfterAll
    void stop() {
        site.close();
    }

    @Test
    void anthropicsUsageReportIsThatOfItsCookbook() {
        JsonNode report = anthropic(
                "/usage_report/messages?starting_at=2023-11-16T00:00:00Z&ending_at=2023-11-18T00:00:00Z"
                        + "&group_by[]=model&group_by[]=service_tier&group_by[]=workspace_id&group_by=context_window&bucket_width=1d");

        assertThat(report.get("has_more").asBoolean()).isFalse();
        assertThat(report.get("next_page").isNull()).isTrue();
        assertThat(report.get("data")).hasSize(2);
        assertThat(report.at("/data/1").toString())
                .isEqualTo(
                        "{\"starting_at\":\"2023-11-17T00:00:00Z\",\"ending_at\":\"2023-11-18T00:00:00Z\",\"results\":["
                                + "{\"uncached_input_tokens\":7,\"cache_creation\":{\"ephemeral_1h_input_tokens\":3,"
                                + "\"ephemeral_5m_input_tokens\":20},\"cache_read_input_tokens\":5,\"output_tokens\":13,"
                                + "\"server_tool_use\":{\"web_search_requests\":4},\"api_key_id\":null,\"workspace_id\":\"blue\","
                                + "\"model\":\"claude\",\"service_tier\":\"priority\",\"context_window\":\"200k-1M\","
                                + "\"inference_geo\":null,\"account_id\":null,\"service_account_id\":null,\"speed\":null}]}");
        String rest = "/usage_report/messages?starting_at=2023-11-16T00:00:00Z&ending_at=2023-11-18T00:00:00Z&";
        assertThat(anthropic(rest + "service_tiers[]=standard").findValuesAsText("uncached_input_tokens"))
                .containsExactly("640");
        assertThat(anthropic(rest + "context_window[]=200k-1M").findValuesAsText("output_tokens"))
                .containsExactly("13");
        assertThat(anthropic(rest + "workspace_ids[]=blue&models[]=gpt-4o").findValuesAsText("output_tokens"))
                .containsExactly("100");
        assertThat(anthropic(rest + "inference_geos[]=not_available&limit=1&bucket_width=1h&api_key_ids[]=k1")
                        .get("has_more")
                        .asBoolean())
                .isTrue();
        assertThat(anthropic(
                                "/usage_report/messages?starting_at=2023-11-16T18:00:00Z&ending_at=2023-11-16T19:00:00Z&bucket_width=1m")
                        .get("data"))
                .hasSize(60);
    }

    @Test
    void anthropicsCostReportDescribesWhatCosts() {
        JsonNode report = anthropic(
                "/cost_report?starting_at=2023-11-17T00:00:00Z&limit=1&group_by[]=description&group_by[]=workspace_id");

        assertThat(report.get("has_more").asBoolean()).isTrue();
        assertThat(report.at("/data/0/results").findValuesAsText("description"))
                .contains(
                        "claude Usage - Cache Write 5m Tokens",
                        "claude Usage - Search Queries",
                        "dall-e Usage - Images");
        JsonNode cached = null;
        for (JsonNode result : report.at("/data/0/results")) {
            if (result.path("token_type").asText().equals("cache_creation.ephemeral_5m_input_tokens")) {
                cached = result;
            }
        }
        assertThat(String.valueOf(cached))
                .contains(
                        "\"amount\":\"0.00675\"",
                        "\"currency\":\"USD\"",
                        "\"cost_type\":\"tokens\"",
                        "\"service_tier\":\"priority\"",
                        "\"context_window\":\"200k-1M\"",
                        "\"workspace_id\":\"blue\"");
    }

    /** Fees and tax with it, credits not. */
    @Test
    void aMonthsCentsAddUpToItsInvoice() {
        BigDecimal cents = BigDecimal.ZERO;
        for (JsonNode amount : anthropic(
                        "/cost_report?starting_at=2023-11-01T00:00:00Z" + "&ending_at=2023-12-01T00:00:00Z&limit=31")
                .findValues("amount")) {
            assertThat(amount.isTextual()).isTrue();
            cents = cents.add(new BigDecimal(amount.asText()));
        }
        assertThat(cents.movePointLeft(2))
                .isEqualByComparingTo(site.running
                        .finance
                        .json("/v1/invoices/acme.2023-11.1")
                        .get("total")
                        .asText());
    }

    @ParameterizedTest
    @CsvSource({
        "/cost_report, 400, invalid_request_error",
        "/cost_report?starting_at=yesterday, 400, invalid_request_error",
        "/cost_report?starting_at=2023-11-01T00:00:00Z&bucket_width=1h, 400, invalid_request_error",
        "/cost_report?starting_at=2023-11-01T00:00:00Z&limit=32, 400, invalid_request_error",
        "/cost_report?starting_at=2023-11-01T00:00:00Z&page=page_x, 400, invalid_request_error",
        "/cost_report?starting_at=2023-11-02T00:00:00Z&ending_at=2023-11-01T00:00:00Z, 400, invalid_request_error",
        "/usage_report/messages?starting_at=2023-11-01T00:00:00Z&group_by[]=colour, 400, invalid_request_error",
        "/usage_report/gossip, 404, not_found_error"
    })
    void anthropicsErrorsAreItsOwn(String path, int status, String type) {
        HttpResponse<String> response =
                site.send("/v1/organizations" + path, "x-api-key", site.token, "anthropic-version", "2023-06-01");
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body())
                .startsWith("{\"type\":\"error\",\"error\":{\"type\":\"" + type + "\",\"message\":\"");
    }

    @Test
    void anthropicsHeadersAreWanted() {
        String path = "/v1/organizations/cost_report?starting_at=2023-11-01T00:00:00Z";
        assertThat(site.send(path, "x-api-key", site.token).body())
                .contains("invalid_request_error", "anthropic-version");
        assertThat(site.send(path, "x-api-key", "nobody's", "anthropic-version", "2023-06-01")
                        .body())
                .contains("authentication_error");
        assertThat(site.send(path, "Authorization", "Bearer " + site.token, "anthropic-version", "2023-06-01")
                        .statusCode())
                .isEqualTo(401);
        assertThat(site.send(path, "x-api-key", "the-platform", "anthropic-version", "2023-06-01")
                        .body())
                .contains("permission_error");
    }

    private JsonNode anthropic(String path) {
        return site.get(
                "/v1/organizations" + path,
                "x-api-key",
                "sk-ant-admin01-" + site.token,
                "anthropic-version",
                "2023-06-01");
    }

    private static final String TERMS = "'currency':'USD','effectiveFrom':'2023-11-01','issuer':'nordic',"
            + "'billTo':{'name':'A','country':'SE'},'bundles':[{'id':'seats','seats':3,'seatPrice':'7.00','included':[]}]";

    private BigDecimal costs(String tenant, String from, String to) {
        BigDecimal cents = BigDecimal.ZERO;
        JsonNode report = site.get(
                "/v1/organizations/cost_report?limit=31&starting_at=" + from + "T00:00:00Z&ending_at=" + to
                        + "T00:00:00Z",
                "x-api-key",
                "the-finance",
                "anthropic-version",
                "2023-06-01",
                "X-Tollgate-Tenant",
                tenant);
        for (JsonNode amount : report.findValues("amount")) {
            cents = cents.add(new BigDecimal(amount.asText()));
        }
        return cents.movePointLeft(2);
    }

    private JsonNode posted(String path, String body) {
        HttpResponse<String> response = site.running.finance.post(path, body);
        assertThat(response.statusCode()).as(response.body()).isBetween(200, 201);
        return Finance.read(response);
    }

    private String total(String invoice) {
        return site.running.finance.json("/v1/invoices/" + invoice).get("total").asText();
    }

    /** (20 + 21) x 1.25 = 51.25; late usage of 8 is billed by a note of 10. Then it is taken back, and billed again. */
    @Test
    void costsAreThoseOfTheInvoiceAndItsNotesInForce() {
        String late = "/v1/invoices/late.2023-11.1";
        site.post("/v1/contracts", "{'tenant':'late'," + TERMS + "}");
        site.spend("late", "2023-11-20T10:00:00Z", 20);
        posted(late + ":finalize", "");
        assertThat(costs("late", "2023-11-01", "2023-12-01")).isEqualByComparingTo("51.25");

        site.spend("late", "2023-11-21T10:00:00Z", 8);
        assertThat(costs("late", "2023-11-01", "2023-12-01")).isEqualByComparingTo("51.25");
        assertThat(costs("late", "2023-11-21", "2023-11-22")).isEqualByComparingTo("8");

        posted(late + "/notes", "{\"reason\":\"late\"}");
        assertThat(costs("late", "2023-11-01", "2023-12-01")).isEqualByComparingTo("61.25");

        posted(late + ":void", "{\"by\":\"Ada\",\"reason\":\"wrong\"}");
        assertThat(costs("late", "2023-11-01", "2023-12-01")).isEqualByComparingTo("61.25");
        assertThat(total("late.2023-11.4")).isEqualTo("61.25");
    }

    /** Its November is from 18:15 of the last of October to 18:15 of the last of November. */
    @Test
    void costsOfAZoneOf45MinutesAddUpToItsInvoice() {
        site.post(
                "/v1/contracts",
                "{'tenant':'kathmandu','timeZone':'Asia/Kathmandu'," + TERMS
                        + ",'minimumSpend':'400.00','reservations':"
                        + "[{'id':'ptu','units':1,'hourlyPrice':'0.10','hourlyCapacity':'4000000',"
                        + "'weights':{'input_tokens':'1'},'match':{'model':'gpt-4o'}}]}");
        site.spend("kathmandu", "2023-10-31T18:15:00Z", 20);
        site.spend("kathmandu", "2023-11-30T18:00:00Z", 1);

        BigDecimal costs =
                costs("kathmandu", "2023-10-31", "2023-11-30").add(costs("kathmandu", "2023-11-30", "2023-12-01"));
        assertThat(costs).isEqualByComparingTo(total("kathmandu.2023-11.1"));
    }
}
