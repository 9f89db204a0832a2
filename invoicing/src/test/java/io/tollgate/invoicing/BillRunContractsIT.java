package io.tollgate.invoicing;

import static io.tollgate.invoicing.BillRunsIT.RUN;
import static io.tollgate.invoicing.BillRunsIT.closed;
import static io.tollgate.invoicing.RunningService.WINDOW;
import static io.tollgate.invoicing.RunningService.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tollgate.invoicing.RollupsTable.Row;
import io.tollgate.invoicing.invoice.BillingTerms;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The month's close of tenants that have contracts, or should have. */
class BillRunContractsIT {

    @Test
    void contractsAreClosedWithoutUsageTooAndWhatCreditsPayIsPaid() {
        RollupsTable table = RollupsTable.create();
        table.insert(Row.of("prepaid", WINDOW, Map.of("input_tokens", 4_000_000L)));
        try (RunningService running = new RunningService(table.url())) {
            running.publishListPrices();
            Finance finance = running.finance;
            agree(finance, "idle", "\"minimumSpend\":\"5.00\"");
            agree(finance, "prepaid", "\"credits\":[{\"id\":\"c\",\"amount\":\"8\",\"grantedOn\":\"2023-10-01\"}]");

            JsonNode run = closed(finance);
            assertThat(run.get("state").asText()).isEqualTo("finished");
            assertThat(run.at("/tenants/invoiced").asInt()).isEqualTo(2);
            assertThat(finance.json("/v1/invoices/idle.2023-11.1").get("total").asText())
                    .isEqualTo("5.00");

            JsonNode account = finance.json("/v1/invoices/prepaid.2023-11.1/account");
            assertThat(account.get("total").asText()).isEqualTo("10.00");
            assertThat(account.get("paid").asText()).isEqualTo("8.00");
            assertThat(account.get("balance").asText()).isEqualTo("2.00");
            assertThat(closed(finance)).isEqualTo(run);

            JsonNode taken = Finance.read(
                    finance.post("/v1/invoices/prepaid.2023-11.1:void", "{\"by\":\"Ada\",\"reason\":\"mistake\"}"));
            assertThat(taken.get("standing").asText()).isEqualTo("void");
            assertThat(taken.get("paid").asText()).isEqualTo("0.00");
            JsonNode credit = finance.json("/v1/invoices/prepaid.2023-11.2");
            assertThat(credit.at("/contract/amountDue").asText()).isEqualTo("-2.00");
            assertThat(credit.get("balances").toString())
                    .isEqualTo("[{\"balance\":\"credit c\",\"amount\":\"-8.00\"}]");
        }
    }

    @Test
    void whoHasNoContractBlocksWhereContractsAreNeeded() {
        RollupsTable table = RollupsTable.create();
        table.insert(Row.of("informal", WINDOW, Map.of("input_tokens", 4_000_000L)));
        try (RunningService running = new RunningService(
                table.url(), new BillingTerms("tollgate", Duration.ZERO, 30, true), RunningService.DECEMBER)) {
            running.publishListPrices();
            Finance finance = running.finance;
            assertThat(closed(finance).get("state").asText()).isEqualTo("blocked");
            assertThat(finance.json(RUN + "/exceptions").findValuesAsText("code"))
                    .containsExactly("missing_contract");
            agree(finance, "informal", "\"minimumSpend\":\"5.00\"");
            assertThat(closed(finance).get("state").asText()).isEqualTo("finished");
        }
    }

    @Test
    void usageThatComesAfterAMonthOfNothingIsStillBilled() {
        RollupsTable table = RollupsTable.create();
        try (RunningService running = new RunningService(table.url())) {
            running.publishListPrices();
            Finance finance = running.finance;
            agree(finance, "late", "\"paymentTermDays\":10");
            assertThat(closed(finance).at("/tenants/invoiced").asInt()).isZero();
            table.insert(Row.of("late", WINDOW, Map.of("input_tokens", 4_000_000L)));
            assertThat(closed(finance).at("/tenants/invoiced").asInt()).isEqualTo(1);
        }
    }

    @Test
    void aContractInAnotherCurrencyHoldsUpNobodyInTheMonthsBefore() {
        RollupsTable table = RollupsTable.create();
        table.insert(
                Row.of("euro", WINDOW, Map.of("input_tokens", 4_000_000L)),
                Row.of("other", WINDOW, Map.of("input_tokens", 4_000_000L)));
        try (RunningService running = new RunningService(table.url())) {
            running.publishListPrices();
            Finance finance = running.finance;
            assertThat(finance.post("/v1/price-books", """
                            {"name": "eu", "currency": "EUR", "effectiveFrom": "2020-01-01T00:00:00Z", "cards": [
                              {"match": {"provider": "openai"},
                               "prices": {"input_tokens": {"amount": "2.00", "per": 1000000}}}]}""").statusCode()).isEqualTo(201);
            HttpResponse<String> contract = finance.post("/v1/contracts", """
                    {"tenant": "euro", "currency": "EUR", "book": "eu", "effectiveFrom": "2023-12-01"}""");
            assertThat(contract.statusCode()).as(contract.body()).isEqualTo(201);

            assertThat(closed(finance).at("/tenants/invoiced").asInt()).isEqualTo(2);
            assertThat(finance.json("/v1/invoices/euro.2023-11.1")
                            .get("currency")
                            .asText())
                    .isEqualTo("USD");
            assertThat(finance.json("/v1/invoices").get("invoices")).isNotEmpty();
            assertThat(finance.json("/v1/invoices/euro.2023-11.1/usage-since-final")
                            .get("changed")
                            .asBoolean())
                    .isFalse();
        }
    }

    @Test
    void lateUsageWithinACommitmentIsANoteOfNothingAndAReversalGivesBackWhatACreditPaid() {
        RollupsTable table = RollupsTable.create();
        table.insert(
                Row.of("committed", WINDOW, Map.of("input_tokens", 4_000_000L)),
                Row.of("prepaid", WINDOW, Map.of("input_tokens", 40_000_000L)));
        try (RunningService running = new RunningService(table.url())) {
            running.publishListPrices();
            Finance finance = running.finance;
            agree(finance, "committed", """
                    "commitments": [{"id": "c", "effectiveFrom": "2023-11-01", "effectiveTo": "2023-12-01", "months": 1,
                      "schedule": [{"effectiveFrom": "2023-11-01", "amount": "100"}]}]""");
            agree(finance, "prepaid", "\"credits\":[{\"id\":\"c\",\"amount\":\"80\",\"grantedOn\":\"2023-10-01\"}]");
            assertThat(closed(finance).at("/tenants/invoiced").asInt()).isEqualTo(2);

            table.insert(Row.of("committed", WINDOW.plusSeconds(900), Map.of("input_tokens", 400_000L)));
            JsonNode late = note(finance, "committed");
            assertThat(late.get("total").asText()).isEqualTo("0.00");
            assertThat(late.at("/lines/0/amount").asText()).isEqualTo("1.00");
            assertThat(late.at("/contract/entries/0/amount").asText()).isEqualTo("-1.00");
            assertProblem(notes(finance, "committed"), 409, "nothing_to_adjust");

            table.insert(Row.of("prepaid", WINDOW, Map.of("input_tokens", 20_000_000L))
                    .events(1, BigInteger.ONE, 2));
            JsonNode credit = note(finance, "prepaid");
            assertThat(credit.get("total").asText()).isEqualTo("-50.00");
            assertThat(credit.at("/contract/amountDue").asText()).isEqualTo("-20.00");
            assertThat(credit.at("/balances/0/amount").asText()).isEqualTo("-30.00");
            JsonNode account = finance.json("/v1/invoices/prepaid.2023-11.1/account");
            assertThat(account.get("paid").asText()).isEqualTo("50.00");
            assertThat(account.get("balance").asText()).isEqualTo("0.00");
            assertThat(account.get("standing").asText()).isEqualTo("paid");
        }
    }

    @Test
    void aNoteAndACloseOfTheNextMonthAtOnceNeverDrawMoreThanThereIs() {
        RollupsTable table = RollupsTable.create();
        Instant december = Instant.parse("2023-12-10T00:00:00Z");
        List<String> tenants = List.of("a", "b", "c", "d");
        tenants.forEach(tenant -> table.insert(
                Row.of(tenant, WINDOW, Map.of("input_tokens", 20_000_000L)),
                Row.of(tenant, december, Map.of("input_tokens", 20_000_000L))));
        try (RunningService running = new RunningService(
                table.url(), BillingTerms.USUAL, Clock.fixed(Instant.parse("2024-01-02T08:00:00Z"), ZoneOffset.UTC))) {
            running.publishListPrices();
            Finance finance = running.finance;
            tenants.forEach(tenant -> {
                agree(finance, tenant, "\"credits\":[{\"id\":\"c\",\"amount\":\"80\",\"grantedOn\":\"2023-10-01\"}]");
                assertThat(finance.post("/v1/invoices/" + tenant + ".2023-11.1:finalize", "")
                                .statusCode())
                        .isEqualTo(200);
                table.insert(Row.of(tenant, WINDOW.plusSeconds(900), Map.of("input_tokens", 8_000_000L)));
            });

            List<HttpResponse<String>> answers = tenants.stream()
                    .flatMap(tenant -> Stream.of("notes", "notes", ":finalize").map(what -> List.of(tenant, what)))
                    .parallel()
                    .map(each -> each.get(1).equals("notes")
                            ? notes(finance, each.get(0))
                            : finance.post("/v1/invoices/" + each.get(0) + ".2023-12.1:finalize", ""))
                    .toList();
            assertThat(answers)
                    .allSatisfy(answer -> assertThat(answer.statusCode()).isIn(200, 409));

            // A void month gives back what it drew, and does not hold up the next.
            String november = "/v1/invoices/taken.2023-11.1";
            table.insert(
                    Row.of("taken", WINDOW, Map.of("input_tokens", 20_000_000L)),
                    Row.of("taken", december, Map.of("input_tokens", 20_000_000L)));
            agree(finance, "taken", "\"credits\":[{\"id\":\"c\",\"amount\":\"80\",\"grantedOn\":\"2023-10-01\"}]");
            assertThat(finance.post(november + ":finalize", "").statusCode()).isEqualTo(200);
            assertThat(finance.post(november + ":void", "{\"by\":\"Ada\",\"reason\":\"mistake\"}")
                            .statusCode())
                    .isEqualTo(200);
            JsonNode next = Finance.read(finance.post("/v1/invoices/taken.2023-12.1:finalize", ""));
            assertThat(next.at("/contract/amountDue").asText()).isEqualTo("0.00");

            for (String tenant : tenants) {
                notes(finance, tenant);
                finance.post("/v1/invoices/" + tenant + ".2023-12.1:finalize", "");
                JsonNode first = finance.json("/v1/invoices/" + tenant + ".2023-11.1/account");
                JsonNode following = finance.json("/v1/invoices/" + tenant + ".2023-12.1/account");
                assertThat(first.get("notes")).hasSize(1);
                // 70 and 50 are billed, and the credit of 80 is used to the last cent and not beyond.
                assertThat(new BigDecimal(first.get("balance").asText())
                                .add(new BigDecimal(following.get("balance").asText())))
                        .isEqualByComparingTo("40");
                assertThat(finance.json("/v1/invoices/" + tenant + ".2023-11.1/usage-since-final")
                                .get("changed")
                                .asBoolean())
                        .isFalse();
            }
        }
    }

    private static JsonNode note(Finance finance, String tenant) {
        HttpResponse<String> response = notes(finance, tenant);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Finance.read(response);
    }

    private static HttpResponse<String> notes(Finance finance, String tenant) {
        return finance.post("/v1/invoices/" + tenant + ".2023-11.1/notes", "{\"reason\":\"late usage\"}");
    }

    private static void agree(Finance finance, String tenant, String term) {
        HttpResponse<String> response = finance.post(
                "/v1/contracts",
                "{\"tenant\":\"%s\",\"currency\":\"USD\",\"effectiveFrom\":\"2023-11-01\",%s}".formatted(tenant, term));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    }
}
