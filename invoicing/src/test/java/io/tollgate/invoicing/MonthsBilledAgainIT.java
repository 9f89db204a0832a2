package io.tollgate.invoicing;

import static io.tollgate.invoicing.BillRunsIT.RUN;
import static io.tollgate.invoicing.BillRunsIT.closed;
import static io.tollgate.invoicing.RunningService.WINDOW;
import static io.tollgate.invoicing.RunningService.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tollgate.invoicing.RollupsTable.Row;
import io.tollgate.invoicing.invoice.BillingTerms;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** An invoice is voided, what was wrong is mended, and its month is billed again. Each law uses tenants of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MonthsBilledAgainIT {

    private static final Instant DECEMBER = Instant.parse("2023-12-10T00:00:00Z");

    private RollupsTable table;
    private RunningService running;
    private Finance finance;

    @BeforeAll
    void start() {
        table = RollupsTable.create();
        running = new RunningService(
                table.url(), BillingTerms.USUAL, Clock.fixed(Instant.parse("2024-01-02T08:00:00Z"), ZoneOffset.UTC));
        finance = running.finance;
        running.publishListPrices();
    }

    @AfterAll
    void stop() {
        running.close();
    }

    @Test
    void theRevisionAfterTheVoidOneIsAnInvoiceLikeAnyOther() {
        table.insert(Row.of("again", WINDOW, Map.of("input_tokens", 4_000_000L)));
        String first = "/v1/invoices/again.2023-11.1";
        String third = "/v1/invoices/again.2023-11.3";
        assertProblem(finance.get("/v1/invoices/again.2023-11.2"), 404, "no_invoice");
        String document = finalised(first).toString();
        assertProblem(finance.get("/v1/invoices/again.2023-11.2"), 404, "no_invoice");
        assertProblem(finance.post("/v1/invoices/again.2023-11.2:finalize", ""), 404, "no_invoice");
        take(first);

        JsonNode draft = finance.json(third);
        assertThat(draft.get("status").asText()).isEqualTo("draft");
        assertThat(draft.get("id").asText()).isEqualTo("again.2023-11.3");
        assertThat(draft.get("total").asText()).isEqualTo("10.00");
        assertThat(finance.json("/v1/invoices/again.2023-11.2").get("kind").asText())
                .isEqualTo("credit_note");
        assertProblem(finance.get("/v1/invoices/again.2023-11.4"), 404, "no_invoice");
        assertProblem(finance.get(first + "/usage-since-final"), 409, "invoice_void");
        assertThat(listed("tenant=again&status=draft")).containsExactly("again.2023-11.3");
        assertThat(listed("tenant=again")).containsExactly("again.2023-11.1", "again.2023-11.2", "again.2023-11.3");
        assertThat(listed("tenant=again&limit=2")).containsExactly("again.2023-11.1", "again.2023-11.2");

        List<HttpResponse<String>> answers = IntStream.range(0, 6)
                .parallel()
                .mapToObj(turn -> finance.post(third + ":finalize", ""))
                .toList();
        assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(200);
        assertThat(answers.stream().map(HttpResponse::body).distinct()).hasSize(1);
        JsonNode kept = finance.json(third);
        assertThat(number(kept)).isEqualTo(number(finance.json(first)) + 1);
        assertThat(listed("tenant=again&status=draft")).isEmpty();
        assertThat(finance.json(third + "/lines/1/explain")
                        .at("/rollups/reconciles")
                        .asBoolean())
                .isTrue();
        assertThat(finance.get(third + "/document?format=pdf").statusCode()).isEqualTo(200);
        assertThat(finance.get(third + "/document?format=csv").body()).contains("again.2023-11.3");

        table.insert(Row.of("again", WINDOW.plusSeconds(900), Map.of("output_tokens", 500_000L)));
        assertThat(finance.json(third + "/usage-since-final").get("total").asText())
                .isEqualTo("5.00");
        JsonNode since = finance.json("/v1/invoices?tenant=again").get("invoices");
        assertThat(since.get(0).has("usageSinceFinal")).isFalse();
        assertThat(since.at("/2/usageSinceFinal/amount").asText()).isEqualTo("5.00");
        JsonNode note = Finance.read(finance.post(third + "/notes", "{\"reason\":\"late\"}"));
        assertThat(note.get("id").asText()).isEqualTo("again.2023-11.4");
        assertThat(note.get("invoice").asText()).isEqualTo("again.2023-11.3");
        assertThat(finance.json(third + "/account").get("balance").asText()).isEqualTo("15.00");
        JsonNode paid =
                Finance.read(finance.post(third + "/payments", "{\"amount\":\"15.00\",\"reference\":\"bank-1\"}"));
        assertThat(paid.get("standing").asText()).isEqualTo("paid");

        assertThat(finance.get(first).body()).isEqualTo(document);
        JsonNode account = finance.json(first + "/account");
        assertThat(account.get("standing").asText()).isEqualTo("void");
        assertThat(account.get("notes").findValuesAsText("id")).containsExactly("again.2023-11.2");
        assertProblem(finance.get("/v1/invoices/again.2023-11.4/account"), 409, "not_final");
    }

    @Test
    void whatIsMendedCountsAndRunsLeaveItToSomebodysDecision() {
        RollupsTable own = RollupsTable.create();
        own.insert(
                Row.of("mended", WINDOW, Map.of("input_tokens", 4_000_000L)),
                Row.of("other", WINDOW, Map.of("input_tokens", 8_000_000L)));
        try (RunningService service = new RunningService(own.url())) {
            service.publishListPrices();
            Finance at = service.finance;
            String credit = "\"credits\":[{\"id\":\"c\",\"amount\":\"8\",\"grantedOn\":\"2023-10-01\"}]";
            agree(at, "mended", credit);
            assertThat(closed(at).at("/totals/0/total").asText()).isEqualTo("30.00");
            take(at, "/v1/invoices/mended.2023-11.1");

            JsonNode run = at.json(RUN);
            assertThat(run.get("tenants").toString())
                    .isEqualTo("{\"total\":2,\"pending\":0,\"invoiced\":1,\"nothing\":0,\"blocked\":0,\"voided\":1}");
            assertThat(run.get("voidInvoices").toString()).isEqualTo("[\"mended.2023-11.1\"]");
            assertThat(run.at("/totals/0/total").asText()).isEqualTo("20.00");
            assertThat(closed(at)).isEqualTo(run);
            assertThat(at.get("/v1/invoices/mended.2023-11.3").statusCode()).isEqualTo(200);

            agree(
                    at,
                    "mended",
                    credit + ",\"commitments\":[{\"id\":\"p\",\"months\":1,\"unused\":\"true_up\","
                            + "\"effectiveFrom\":\"2023-11-01\",\"effectiveTo\":\"2023-12-01\","
                            + "\"schedule\":[{\"effectiveFrom\":\"2023-11-01\",\"amount\":\"12\"}]}]");
            JsonNode invoice = Finance.read(at.post("/v1/invoices/mended.2023-11.3:finalize", ""));
            assertThat(invoice.get("total").asText()).isEqualTo("12.00");
            assertThat(invoice.at("/contract/amountDue").asText()).isEqualTo("4.00");
            assertThat(number(invoice)).isEqualTo(3);
            JsonNode account = at.json("/v1/invoices/mended.2023-11.3/account");
            assertThat(account.get("paid").asText()).isEqualTo("8.00");
            JsonNode after = at.json(RUN);
            assertThat(after.at("/tenants/invoiced").asInt()).isEqualTo(2);
            assertThat(after.get("voidInvoices")).isEmpty();
            assertThat(after.at("/totals/0/total").asText()).isEqualTo("32.00");

            take(at, "/v1/invoices/mended.2023-11.3");
            assertThat(at.json(RUN).get("voidInvoices").toString()).isEqualTo("[\"mended.2023-11.3\"]");
            JsonNode third = Finance.read(at.post("/v1/invoices/mended.2023-11.5:finalize", ""));
            assertThat(third.at("/contract/amountDue").asText()).isEqualTo("4.00");
            assertThat(number(third)).isEqualTo(4);
        }
    }

    /** Two months share a commitment of 100: 60 and 10 are spent in them. */
    @Test
    void aVoidMonthHoldsUpNobodyAndStillDrawsWhenItIsBilledAgain() {
        table.insert(
                Row.of("promised", WINDOW, Map.of("input_tokens", 24_000_000L)),
                Row.of("promised", DECEMBER, Map.of("input_tokens", 4_000_000L)));
        agree(
                finance,
                "promised",
                "\"commitments\":[{\"id\":\"p\",\"months\":2,\"unused\":\"true_up\","
                        + "\"effectiveFrom\":\"2023-11-01\",\"effectiveTo\":\"2024-01-01\","
                        + "\"schedule\":[{\"effectiveFrom\":\"2023-11-01\",\"amount\":\"100\"}]}]");
        String december = "/v1/invoices/promised.2023-12.1";
        assertProblem(finance.post(december + ":finalize", ""), 409, "earlier_period_open");
        finalised("/v1/invoices/promised.2023-11.1");
        take("/v1/invoices/promised.2023-11.1");

        assertThat(finalised(december).get("total").asText()).isEqualTo("100.00");
        assertThat(finalised("/v1/invoices/promised.2023-11.3").get("total").asText())
                .isEqualTo("60.00");
        JsonNode back = Finance.read(
                finance.post(december + "/notes", "{\"reason\":\"november\",\"expectedTotal\":\"-60.00\"}"));
        assertThat(back.get("kind").asText()).isEqualTo("credit_note");
        for (String invoice : List.of(december, "/v1/invoices/promised.2023-11.3")) {
            assertThat(finance.json(invoice + "/usage-since-final")
                            .get("changed")
                            .asBoolean())
                    .isFalse();
        }
    }

    @Test
    void voidingAndBillingAgainAtOnceLeaveOneInvoiceThatIsNotVoid() {
        List<String> tenants = List.of("race-a", "race-b", "race-c");
        for (String tenant : tenants) {
            table.insert(Row.of(tenant, WINDOW, Map.of("input_tokens", 4_000_000L)));
            finalised("/v1/invoices/" + tenant + ".2023-11.1");
        }

        List<HttpResponse<String>> answers = tenants.stream()
                .flatMap(tenant -> Stream.of("1:void", "3:finalize", "3:finalize", "1:void", "3:finalize", "3:finalize")
                        .map(what -> "/v1/invoices/" + tenant + ".2023-11." + what))
                .parallel()
                .map(path -> finance.post(path, path.endsWith("void") ? "{\"by\":\"Ada\",\"reason\":\"mistake\"}" : ""))
                .toList();

        assertThat(answers).allSatisfy(answer -> assertThat(answer.statusCode()).isIn(200, 404));
        for (String tenant : tenants) {
            finalised("/v1/invoices/" + tenant + ".2023-11.3");
            assertThat(listed("tenant=" + tenant)).hasSize(3);
            assertThat(finance.json("/v1/invoices/" + tenant + ".2023-11.3/account")
                            .get("standing")
                            .asText())
                    .isEqualTo("open");
        }
    }

    private JsonNode finalised(String invoice) {
        HttpResponse<String> response = finance.post(invoice + ":finalize", "");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Finance.read(response);
    }

    private void take(String invoice) {
        take(finance, invoice);
    }

    private static void take(Finance at, String invoice) {
        HttpResponse<String> response = at.post(invoice + ":void", "{\"by\":\"Ada\",\"reason\":\"mistake\"}");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }

    private List<String> listed(String query) {
        return finance.json("/v1/invoices?" + query).get("invoices").findValuesAsText("id");
    }

    private static long number(JsonNode invoice) {
        return Long.parseLong(invoice.get("number").asText().replaceAll("^\\D+", ""));
    }

    private static void agree(Finance at, String tenant, String terms) {
        HttpResponse<String> response = at.post(
                "/v1/contracts",
                "{\"tenant\":\"%s\",\"currency\":\"USD\",\"effectiveFrom\":\"2023-11-01\",%s}"
                        .formatted(tenant, terms));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    }
}
