package io.tollgate.invoicing;

import static io.tollgate.invoicing.RunningService.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Costs by the vendors' admin APIs where one pays for several, and where there are several currencies. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VendorCostsIT {

    private AdminApisSite site;

    @BeforeAll
    void start() {
        site = new AdminApisSite();
    }

    @AfterAll
    void stop() {
        site.close();
    }

    /** 20 of its own and 21 of seats; 8 and, on another day, 4 of members. What a member used before it joined is its own. */
    @Test
    void whoPaysForOthersIsToldWhatTheyUsedOnItsDay() {
        site.post(
                "/v1/contracts",
                "{'tenant':'holding','currency':'USD','effectiveFrom':'2023-11-01','members':['labs','shop'],"
                        + "'bundles':[{'id':'seats','seats':3,'seatPrice':'7.00','included':[]}]}");
        site.spend("holding", "2023-11-20T10:00:00Z", 20);
        site.spend("labs", "2023-11-20T10:00:00Z", 8);
        site.spend("shop", "2023-11-21T10:00:00Z", 4);
        site.spend("labs", "2023-10-31T10:00:00Z", 16);

        assertThat(anthropic("holding", "2023-11-01", "2023-12-01"))
                .isEqualByComparingTo("53")
                .isEqualByComparingTo(total("holding.2023-11.1"));
        assertThat(anthropic("holding", "2023-11-20", "2023-11-21")).isEqualByComparingTo("28");
        assertThat(anthropic("holding", "2023-11-21", "2023-11-22")).isEqualByComparingTo("4");
        assertThat(anthropic("holding", "2023-10-25", "2023-11-21")).isEqualByComparingTo("28");
        assertThat(openAi("holding", "2023-11-01", "2023-12-01")).isEqualByComparingTo("53");
        assertThat(openAi("labs", "2023-11-01", "2023-12-01")).isEqualByComparingTo("8");
        assertThat(openAi("labs", "2023-10-25", "2023-11-21")).isEqualByComparingTo("24");

        HttpResponse<String> closed = site.running.finance.post("/v1/invoices/holding.2023-11.1:finalize", "");
        assertThat(closed.statusCode()).as(closed.body()).isEqualTo(200);
        site.spend("shop", "2023-11-22T10:00:00Z", 2);
        // Billed with the next note only, whoever used it.
        assertThat(anthropic("holding", "2023-11-01", "2023-12-01")).isEqualByComparingTo("53");
    }

    /** October by the list in dollars, November by a contract in crowns. */
    @Test
    void severalCurrenciesAreAConflictInEachDialect() {
        site.post(
                "/v1/price-books",
                "{'name':'crowns','currency':'SEK','effectiveFrom':'2020-01-01T00:00:00Z','cards':[{'match':{'model':'gpt-4o'},"
                        + "'prices':{'input_tokens':{'amount':'25','per':1000000}}}]}");
        site.post(
                "/v1/contracts",
                "{'tenant':'mover','currency':'SEK','effectiveFrom':'2023-11-01',"
                        + "'bundles':[{'id':'seats','seats':3,'seatPrice':'7.00','included':[]}],'book':'crowns'}");
        site.spend("mover", "2023-10-30T10:00:00Z", 20);
        site.spend("mover", "2023-11-02T10:00:00Z", 20);

        assertProblem(
                site.running.finance.get("/v1/spend?tenant=mover&from=2023-10-01&to=2023-12-01"),
                409,
                "mixed_currencies");
        HttpResponse<String> openAi = site.send(openAiPath("2023-10-25", "2023-12-01"), finance("mover"));
        assertThat(openAi.statusCode()).isEqualTo(409);
        assertThat(openAi.body()).contains("\"error\":{", "\"code\":\"mixed_currencies\"", "invalid_request_error");
        HttpResponse<String> anthropic = site.send(anthropicPath("2023-10-30", "2023-11-30"), finance("mover"));
        assertThat(anthropic.statusCode()).isEqualTo(409);
        assertThat(anthropic.body()).contains("\"type\":\"error\"", "invalid_request_error");
        // Usage of October alone, and the charges of November.
        site.post(
                "/v1/contracts",
                "{'tenant':'leaver','currency':'SEK','effectiveFrom':'2023-10-01','effectiveTo':'2023-11-01',"
                        + "'bundles':[{'id':'seats','seats':3,'seatPrice':'7.00','included':[]}],'book':'crowns'}");
        site.spend("leaver", "2023-11-01T10:00:00Z", 20);
        HttpResponse<String> charges = site.send(openAiPath("2023-10-25", "2023-11-02"), finance("leaver"));
        assertThat(charges.statusCode()).as(charges.body()).isEqualTo(409);
        assertThat(charges.body()).contains("mixed_currencies");
        assertThat(openAi("leaver", "2023-10-01", "2023-11-01")).isEqualByComparingTo("21");
    }

    private String total(String invoice) {
        return site.running.finance.json("/v1/invoices/" + invoice).get("total").asText();
    }

    private static String[] finance(String tenant) {
        return new String[] {
            "Authorization",
            "Bearer the-finance",
            "x-api-key",
            "the-finance",
            "anthropic-version",
            "2023-06-01",
            "X-Tollgate-Tenant",
            tenant
        };
    }

    private static String anthropicPath(String from, String to) {
        return "/v1/organizations/cost_report?limit=31&starting_at=" + from + "T00:00:00Z&ending_at=" + to
                + "T00:00:00Z";
    }

    private static String openAiPath(String from, String to) {
        return "/v1/organization/costs?limit=60&start_time="
                + Instant.parse(from + "T00:00:00Z").getEpochSecond() + "&end_time="
                + Instant.parse(to + "T00:00:00Z").getEpochSecond();
    }

    private BigDecimal anthropic(String tenant, String from, String to) {
        BigDecimal cents = BigDecimal.ZERO;
        for (JsonNode amount :
                site.get(anthropicPath(from, to), finance(tenant)).findValues("amount")) {
            cents = cents.add(new BigDecimal(amount.asText()));
        }
        return cents.movePointLeft(2);
    }

    private BigDecimal openAi(String tenant, String from, String to) {
        BigDecimal sum = BigDecimal.ZERO;
        for (JsonNode value : site.get(openAiPath(from, to), finance(tenant)).findValues("value")) {
            sum = sum.add(value.decimalValue());
        }
        return sum;
    }
}
