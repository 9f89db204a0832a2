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
            table.insert(Row.of("ended", WINDOW, Map.of("input_tokens", 4_000_000L)));
            String ended =
                    "{\"tenant\":\"ended\",\"currency\":\"EUR\",\"book\":\"eu\",\"effectiveFrom\":\"2023-10-01\"%s}";
            assertThat(finance.post("/v1/contracts", ended.formatted("")).statusCode())
                    .isEqualTo(201);
            assertThat(finance.post("/v1/invoices/ended.2023-11.1:finalize", "").statusCode())
                    .isEqualTo(200);
            assertProblem(
                    finance.post("/v1/contracts", ended.formatted(",\"effectiveTo\":\"2023-11-01\"")),
                    422,
                    "currency_change");
            assertThat(finance.post("/v1/contracts", ended.formatted(",\"effectiveTo\":\"2023-12-01\""))
                            .statusCode())
                    .isEqualTo(201);
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
    void reservedUnitsArePaidByTheHourAndWhatExceedsThemIsBilledAtStandardPrices() {
        RollupsTable table = RollupsTable.create();
        Instant next = WINDOW.plusSeconds(900);
        // 1,000,000 are covered in a window: two windows spill over, one does not.
        table.insert(
                Row.of("provisioned", WINDOW, Map.of("input_tokens", 1_400_000L))
                        .project("blue"),
                Row.of("provisioned", WINDOW, Map.of("input_tokens", 400_000L)).project("red"),
                Row.of("provisioned", next, Map.of("input_tokens", 600_000L)),
                Row.of("provisioned", next.plusSeconds(900), Map.of("input_tokens", 1_400_000L)),
                Row.of("provisioned", WINDOW, Map.of("input_tokens", 400_000L)).model("openai", "gpt-4.1"));
        try (RunningService running = new RunningService(table.url())) {
            running.publishListPrices();
            Finance finance = running.finance;
            String reservation = """
                    "reservations": [{"id": "ptu", "units": 2, "hourlyPrice": "0.25", "hourlyCapacity": "2000000",
                      "weights": {"input_tokens": "1"}, "match": {"model": "gpt-4o*"}}],
                    "overrides": [{"match": {"provider": "openai", "model": "gpt-4.1"},
                      "prices": {"input_tokens": {"amount": "2.00", "per": 1000000}}}]""";
            agree(finance, "provisioned", reservation);
            agree(finance, "unused", reservation);
            assertThat(finance.json("/v1/contracts/provisioned")
                            .at("/contract/reservations/0/hourlyPrice")
                            .asText())
                    .isEqualTo("0.25");

            JsonNode draft = finance.json("/v1/invoices/provisioned.2023-11.1");
            assertThat(draft.get("lines").findValuesAsText("quantity")).containsExactly("400000", "2600000", "1200000");
            assertThat(draft.get("lines").findValuesAsText("exactAmount")).containsExactly("0.80", "0.00", "3.00");
            assertThat(draft.at("/contract/entries/0/explanation").asText())
                    .isEqualTo("2 units x 0.25 USD x 720 hours = 360.00 USD");
            JsonNode explained = finance.json("/v1/invoices/provisioned.2023-11.1/lines/2/explain");
            assertThat(explained.at("/line/reservation").asText()).isEqualTo("ptu");
            assertThat(explained.at("/line/reserved/windowCapacity").asText()).isEqualTo("1000000");
            assertThat(explained.at("/line/reserved/fullWindows").asInt()).isEqualTo(2);
            assertThat(explained.get("windows").findValuesAsText("quantity"))
                    .containsExactly("1800000", "600000", "1400000");
            String spend = "/v1/spend?tenant=provisioned&from=2023-11-01&to=2023-12-01&groupBy=";
            assertThat(finance.json(spend + "meter").at("/total/effectiveCost").asText())
                    .isEqualTo("4.125");
            assertThat(finance.json(spend + "meter").at("/rows/0/quantity").asText())
                    .isEqualTo("4200000");
            // Of the first window blue's tokens come before red's.
            assertThat(finance.json(spend + "project").get("rows").findValuesAsText("effectiveCost"))
                    .containsExactly("2.00", "1.125", "1.00");
            assertThat(finance.json(spend + "meter&granularity=day")
                            .at("/total/effectiveCost")
                            .asText())
                    .isEqualTo("4.125");

            assertThat(closed(finance).at("/tenants/invoiced").asInt()).isEqualTo(2);
            assertThat(finance.json("/v1/invoices/provisioned.2023-11.1")
                            .get("total")
                            .asText())
                    .isEqualTo("363.80");
            assertThat(finance.json("/v1/invoices/unused.2023-11.1")
                            .get("total")
                            .asText())
                    .isEqualTo("360.00");
            table.insert(Row.of("provisioned", next, Map.of("input_tokens", 800_000L))
                    .shard(1));
            JsonNode late = finance.json("/v1/invoices/provisioned.2023-11.1/usage-since-final");
            assertThat(late.findValuesAsText("quantity")).containsExactly("400000", "400000");
            assertThat(late.findValuesAsText("reservation")).containsExactly("ptu");
        }
    }

    @Test
    void whatMembersUseIsOnTheInvoiceOfTheirAccountAlone() {
        RollupsTable table = RollupsTable.create();
        table.insert(
                Row.of("holding", WINDOW, Map.of("input_tokens", 1_000_000L)),
                Row.of("labs", WINDOW, Map.of("input_tokens", 2_000_000L)),
                Row.of("shop", WINDOW, Map.of("input_tokens", 4_000_000L)),
                Row.of("other", WINDOW, Map.of("input_tokens", 4_000_000L)));
        try (RunningService running = new RunningService(table.url())) {
            running.publishListPrices();
            Finance finance = running.finance;
            agree(finance, "holding", """
                    "members": ["labs", "shop"], "bundles": [{"id": "free", "seatPrice": "0", "included":
                      [{"meter": "input_tokens", "quantity": "2000000"}]}]""");
            assertProblem(finance.post("/v1/contracts", """
                    {"tenant": "rival", "currency": "USD", "effectiveFrom": "2023-11-01", "members": ["labs"]}"""), 422, "member_of_another");
            assertProblem(finance.post("/v1/contracts", """
                    {"tenant": "labs", "currency": "USD", "effectiveFrom": "2024-01-01"}"""), 422, "member_has_contract");

            JsonNode run = closed(finance);
            assertThat(run.get("state").asText()).isEqualTo("finished");
            assertThat(run.at("/tenants/invoiced").asInt()).isEqualTo(2);
            JsonNode invoice = finance.json("/v1/invoices/holding.2023-11.1");
            // 7 million less 2 million that are included, which the first tenants use up.
            assertThat(invoice.get("total").asText()).isEqualTo("12.50");
            assertThat(invoice.at("/lines").findValuesAsText("usedBy")).containsExactly("labs", "shop");
            assertThat(finance.json("/v1/invoices").get("invoices").findValuesAsText("tenant"))
                    .containsExactly("holding", "other");
            assertThat(finance.json("/v1/invoices?tenant=labs").get("invoices")).isEmpty();
            assertProblem(finance.get("/v1/invoices/labs.2023-11.1"), 404, "billed_by_account");
            assertProblem(notes(finance, "labs"), 409, "not_final");
            HttpResponse<String> refused = finance.post("/v1/invoices/labs.2023-11.1:finalize", "");
            assertProblem(refused, 404, "billed_by_account");
            assertThat(refused.body()).contains("holding.2023-11.1");

            JsonNode line = finance.json("/v1/invoices/holding.2023-11.1/lines/3/explain");
            assertThat(line.at("/line/usedBy").asText()).isEqualTo("shop");
            assertThat(line.at("/rollups/reconciles").asBoolean()).isTrue();
            assertThat(line.get("windows").findValuesAsText("quantity")).containsExactly("4000000");

            String november = "/v1/spend?from=2023-11-01&to=2023-12-01&groupBy=tenant";
            assertThat(finance.json(november + "&tenant=labs").get("rows").findValuesAsText("effectiveCost"))
                    .containsExactly("2.50");
            assertThat(finance.json(november + "&tenant=holding,labs,shop")
                            .at("/total/effectiveCost")
                            .asText())
                    .isEqualTo(invoice.get("exactSum").asText());
            assertThat(finance.json(november).get("rows").findValuesAsText("effectiveCost"))
                    .containsExactly("0.00", "2.50", "10.00", "10.00");

            assertThat(closed(finance)).isEqualTo(run);
            assertThat(finance.get("/v1/invoices/holding.2023-11.1").body()).isEqualTo(invoice.toString());
            assertProblem(finance.post("/v1/contracts", """
                    {"tenant": "holding", "currency": "USD", "effectiveFrom": "2023-11-01", "members": ["labs"]}"""), 422, "period_closed");

            table.insert(Row.of("labs", WINDOW.plusSeconds(900), Map.of("input_tokens", 1_000_000L)));
            JsonNode since = finance.json("/v1/invoices/holding.2023-11.1/usage-since-final");
            assertThat(since.get("total").asText()).isEqualTo("2.50");
            assertThat(since.get("lines").findValuesAsText("usedBy")).containsExactly("labs");
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
