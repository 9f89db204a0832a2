package io.tollgate.invoicing;

import static io.tollgate.invoicing.RunningService.WINDOW;
import static io.tollgate.invoicing.RunningService.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tollgate.invoicing.RollupsTable.Row;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Spend where it meets what is not asked for: others on the same invoice, months to come, prices of other days. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SpendEdgesIT {

    private static final String NOVEMBER = "/v1/spend?from=2023-11-01&to=2023-12-01";

    private RunningService running;
    private Finance finance;

    @BeforeAll
    void start() {
        RollupsTable table = RollupsTable.create();
        running = new RunningService(table.url());
        finance = running.finance;
        running.publishListPrices();
        table.insert(
                Row.of("holding", WINDOW, Map.of("input_tokens", 1_000_000L)),
                Row.of("labs", WINDOW, Map.of("input_tokens", 2_000_000L)),
                Row.of("shop", WINDOW, Map.of("input_tokens", 4_000_000L)),
                Row.of("other", WINDOW, Map.of("input_tokens", 4_000_000L)),
                Row.of("midway", WINDOW.minusSeconds(10 * 86_400), Map.of("unheard_of", 1L)),
                Row.of("midway", WINDOW.plusSeconds(86_400), Map.of("unheard_of", 2L)));
        agree("'tenant':'holding','effectiveFrom':'2023-11-01','members':['labs','shop'],"
                + "'bundles':[{'id':'seat','seats':1,'seatPrice':'9.99'}]");
        agree("'tenant':'midway','effectiveFrom':'2023-11-16','timeZone':'Asia/Kathmandu'");
    }

    private void agree(String contract) {
        HttpResponse<String> agreed =
                finance.post("/v1/contracts", ("{'currency':'USD'," + contract + "}").replace('\'', '"'));
        assertThat(agreed.statusCode()).as(agreed.body()).isEqualTo(201);
    }

    @AfterAll
    void stop() {
        running.close();
    }

    @Test
    void whatAnAccountIsBilledIsItsInvoiceThoughItSeesItsOwnUsage() {
        String due = finance.json("/v1/invoices/holding.2023-11.1")
                .at("/contract/amountDue")
                .asText();
        String token = Finance.read(finance.post("/v1/tenants/holding/tokens", "{\"label\":\"theirs\"}"))
                .get("token")
                .asText();

        JsonNode spend = running.as(token).json(NOVEMBER + "&groupBy=tenant");
        assertThat(spend.get("rows").findValuesAsText("effectiveCost")).containsExactly("2.50");
        assertThat(spend.get("charges").findValuesAsText("kind")).containsExactly("fee", "members");
        assertThat(spend.get("billed").asText()).isEqualTo(due).isEqualTo("27.49");

        JsonNode all = finance.json(NOVEMBER + "&tenant=holding,labs,shop");
        assertThat(all.get("charges").findValuesAsText("kind")).containsExactly("fee");
        assertThat(all.get("billed").asText()).isEqualTo(due);

        JsonNode member = finance.json(NOVEMBER + "&tenant=labs");
        assertThat(member.get("charges")).isEmpty();
        assertThat(member.get("billed").asText()).isEqualTo("5.00");
    }

    /** November of the one is that of UTC, November of the other ends in Kathmandu. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "from=2023-11-01&to=2023-11-30&tenant=other",
                "from=2023-10-31&to=2023-12-01&tenant=holding",
                "from=2023-11-01&to=2023-12-01&tenant=other,midway&zone=UTC",
                "from=2023-11-01&to=2023-12-01&zone=UTC",
                "from=2023-11-01&to=2023-12-01&tenant=other&filter=model=gpt-4o"
            })
    void whatIsDueIsToldOfWholePeriodsAlone(String question) {
        assertThat(finance.json("/v1/spend?" + question).has("billed")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "from=2023-11-01&to=2023-12-01&tenant=other",
                "from=2023-11-01&to=2023-12-01&tenant=nobody",
                "from=2023-10-01&to=2023-12-01&tenant=holding,shop",
                "from=2023-12-01&to=2024-01-01&zone=Asia/Kathmandu&tenant=midway",
                "from=2023-11-01&to=2023-12-01&filter=tenant=holding"
            })
    void andOfAllOfThem(String question) {
        assertThat(finance.json("/v1/spend?" + question).has("billed")).isTrue();
    }

    @Test
    void exceptionsAreFilteredByWhatTheyTell() {
        String november = "/v1/spend?from=2023-11-01&to=2023-12-01&zone=UTC&tenant=midway";

        assertThat(finance.json(november + "&filter=meter=unheard_of").get("exceptions"))
                .hasSize(2);
        assertThat(finance.json(november + "&filter=meter=input_tokens").get("exceptions"))
                .isEmpty();
        assertThat(finance.json(november + "&filter=model=grok").get("exceptions"))
                .isEmpty();
        assertThat(finance.json(november + "&filter=project=search").get("exceptions"))
                .as("they do not tell projects")
                .hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"spend", "usage"})
    void whoAcceptsCsvGetsIt(String what) {
        String question = "/v1/" + what + "?from=2023-11-01&to=2023-12-01&tenant=other";

        assertThat(answer(question, "text/csv")).startsWith("from,");
        assertThat(answer(question, "text/csv;q=0.9, application/json;q=0.5")).startsWith("from,");
        assertThat(answer(question, "application/json, text/csv;q=0.5")).startsWith("{");
        assertThat(answer(question, "*/*")).startsWith("{");
        assertThat(answer(question + "&format=json", "text/csv, */*;q=0.1")).startsWith("{");
    }

    private String answer(String question, String accept) {
        return new String(finance.bytes(question, accept), StandardCharsets.UTF_8);
    }

    @Test
    void whoFiltersByTenantGetsTheChargesAndExceptionsOfThatTenant() {
        JsonNode spend = finance.json(NOVEMBER + "&filter=tenant=other");

        assertThat(spend.get("charges")).isEmpty();
        assertThat(spend.get("exceptions")).isEmpty();
        assertThat(spend.get("billed").asText()).isEqualTo("10.00");
        assertThat(spend.get("zone").asText()).isEqualTo("UTC");
        assertThat(finance.json(NOVEMBER + "&tenant=other").get("zone").asText())
                .isEqualTo("UTC");
    }

    /** It is the second of December. */
    @Test
    void monthsThatHaveNotBegunChargeNothing() {
        JsonNode spend = finance.json("/v1/spend?from=2023-12-01&to=2024-12-01&tenant=holding&granularity=month");

        assertThat(spend.get("charges").findValuesAsText("amount")).containsExactly("9.99");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tenant=midway", "groupBy=model&granularity=day"})
    void usageWithoutAPriceAtOtherTimesIsNoFailure(String query) {
        JsonNode spend = finance.json("/v1/spend?from=2023-11-17&to=2023-11-18&zone=UTC&" + query);

        assertThat(spend.get("exceptions").findValuesAsText("quantity")).containsExactly("2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "from=%2B999999999-12-31T00:00:00Z&to=%2B999999999-12-31T23:45:00Z",
                "from=-999999999-01-01T00:00:00Z&to=-999999999-01-02T00:00:00Z",
                "from=9999-12-31T00:00:00Z&to=%2B10000-01-01T00:00:00Z&tenant=midway",
                "from=0000-01-01&to=0000-01-02"
            })
    void yearsOfNoUsageAreRefused(String range) {
        for (String granularity : new String[] {"total", "15min", "day", "month"}) {
            String question = range + "&granularity=" + granularity;
            assertProblem(finance.get("/v1/spend?" + question), 400, "invalid_parameter");
            assertProblem(finance.get("/v1/usage?" + question), 400, "invalid_parameter");
        }
    }
}
