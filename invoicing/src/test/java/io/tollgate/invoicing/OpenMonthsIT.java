package io.tollgate.invoicing;

import static io.tollgate.invoicing.RunningService.WINDOW;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tollgate.invoicing.RollupsTable.Row;
import io.tollgate.invoicing.invoice.BillingTerms;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Several months of one contract are open at once: each finds of its balances what those before it leave. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenMonthsIT {

    private static final Instant DECEMBER = WINDOW.plus(Duration.ofDays(30));
    private static final Instant JANUARY = WINDOW.plus(Duration.ofDays(60));
    private static final String QUARTER = "/v1/spend?from=2023-11-01&to=2024-02-01";

    private RollupsTable table;
    private RunningService running;
    private Finance finance;

    @BeforeAll
    void start() {
        table = RollupsTable.create();
        running = new RunningService(
                table.url(), BillingTerms.USUAL, Clock.fixed(Instant.parse("2024-02-02T08:00:00Z"), ZoneOffset.UTC));
        finance = running.finance;
        running.publishListPrices();
    }

    @AfterAll
    void stop() {
        running.close();
    }

    /** 15 of credit, and 10 to pay in each of three months. */
    @Test
    void aCreditIsDrawnOnceOverAllOfThem() {
        use("prepaid", 4, 4, 4);
        agree("prepaid", "\"credits\":[{\"id\":\"c\",\"amount\":\"15\",\"grantedOn\":\"2023-10-01\"}]");

        assertThat(due("prepaid")).containsExactly("0.00", "5.00", "10.00");
        assertThat(billed(QUARTER + "&tenant=prepaid")).isEqualTo("15.00");
        assertThat(billed(QUARTER + "&groupBy=model&filter=tenant=prepaid")).isEqualTo("15.00");
        assertThat(billed("/v1/spend?from=2024-01-01&to=2024-02-01&tenant=prepaid"))
                .isEqualTo("10.00");
        // A part of November says nothing of what is due, and yet December opens from all of it.
        assertThat(charged("/v1/spend?from=2023-11-10&to=2024-01-01&tenant=prepaid"))
                .containsExactly("-5.00");

        for (String month : List.of("2023-11", "2023-12", "2024-01")) {
            String draft = finance.json("/v1/invoices/prepaid." + month + ".1")
                    .at("/contract/amountDue")
                    .asText();
            HttpResponse<String> closed = finance.post("/v1/invoices/prepaid." + month + ".1:finalize", "");
            assertThat(closed.statusCode()).as(closed.body()).isEqualTo(200);
            assertThat(Finance.read(closed).at("/contract/amountDue").asText()).isEqualTo(draft);
        }
        assertThat(billed(QUARTER + "&tenant=prepaid")).isEqualTo("15.00");
    }

    /** 100 are promised over three months; 60, 10 and 5 are spent in them. */
    @Test
    void aCommitmentIsTruedUpByWhatAllOfThemLeaveOfIt() {
        use("promised", 24, 4, 2);
        agree(
                "promised",
                "\"commitments\":[{\"id\":\"p\",\"months\":3,\"unused\":\"true_up\","
                        + "\"effectiveFrom\":\"2023-11-01\",\"effectiveTo\":\"2024-02-01\","
                        + "\"schedule\":[{\"effectiveFrom\":\"2023-11-01\",\"amount\":\"100\"}]}]");

        assertThat(due("promised")).containsExactly("60.00", "10.00", "30.00");
        assertThat(billed(QUARTER + "&tenant=promised")).isEqualTo("100.00");
        JsonNode listed = finance.json("/v1/invoices?tenant=promised").get("invoices");
        assertThat(listed.findValuesAsText("total")).containsExactly("60.00", "10.00", "30.00");
        listed = finance.json("/v1/invoices?tenant=promised&period=2024-01").get("invoices");
        assertThat(listed.findValuesAsText("total")).containsExactly("30.00");
    }

    /** Each month's 20 roll over into the next: 10, 25 and 5 are spent. */
    @Test
    void whatRollsOverIsThereInTheNextOpenMonth() {
        use("rolling", 4, 10, 2);
        agree(
                "rolling",
                "\"commitments\":[{\"id\":\"p\",\"months\":1,\"unused\":\"roll_over\","
                        + "\"effectiveFrom\":\"2023-11-01\",\"effectiveTo\":\"2024-02-01\","
                        + "\"schedule\":[{\"effectiveFrom\":\"2023-11-01\",\"amount\":\"20\"}]}]");

        assertThat(due("rolling")).containsExactly("10.00", "25.00", "25.00");
        assertThat(billed(QUARTER + "&tenant=rolling")).isEqualTo("60.00");
    }

    private void use(String tenant, long november, long december, long january) {
        long million = 1_000_000;
        table.insert(
                Row.of(tenant, WINDOW, Map.of("input_tokens", november * million)),
                Row.of(tenant, DECEMBER, Map.of("input_tokens", december * million)),
                Row.of(tenant, JANUARY, Map.of("input_tokens", january * million)));
    }

    private List<String> due(String tenant) {
        return List.of("2023-11", "2023-12", "2024-01").stream()
                .map(month -> finance.json("/v1/invoices/" + tenant + "." + month + ".1")
                        .at("/contract/amountDue")
                        .asText())
                .toList();
    }

    private String billed(String question) {
        return finance.json(question).get("billed").asText();
    }

    private List<String> charged(String question) {
        return finance.json(question).get("charges").findValuesAsText("amount");
    }

    private void agree(String tenant, String terms) {
        HttpResponse<String> response = finance.post(
                "/v1/contracts",
                "{\"tenant\":\"%s\",\"currency\":\"USD\",\"effectiveFrom\":\"2023-11-01\",%s}"
                        .formatted(tenant, terms));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    }
}
