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
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
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
            assertProblem(
                    finance.post("/v1/invoices/prepaid.2023-11.1:void", "{\"by\":\"Ada\",\"reason\":\"mistake\"}"),
                    409,
                    "draws_balances");
            assertThat(closed(finance)).isEqualTo(run);
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
    void noNoteChangesWhatACommitmentHasDrawn() {
        RollupsTable table = RollupsTable.create();
        table.insert(Row.of("committed", WINDOW, Map.of("input_tokens", 4_000_000L)));
        try (RunningService running = new RunningService(table.url())) {
            running.publishListPrices();
            Finance finance = running.finance;
            agree(finance, "committed", """
                    "commitments": [{"id": "c", "effectiveFrom": "2023-11-01", "effectiveTo": "2024-11-01", "months": 12,
                      "schedule": [{"effectiveFrom": "2023-11-01", "amount": "1200"}]}]""");
            assertThat(closed(finance).at("/tenants/invoiced").asInt()).isEqualTo(1);
            table.insert(Row.of("committed", WINDOW.plusSeconds(900), Map.of("input_tokens", 400_000L)));
            assertProblem(
                    finance.post("/v1/invoices/committed.2023-11.1/notes", "{\"reason\":\"late usage\"}"),
                    409,
                    "draws_balances");
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
            assertThat(finance.json(spend + "meter").get("total").asText()).isEqualTo("3.80");
            assertThat(finance.json(spend + "meter").at("/rows/0/quantity").asText())
                    .isEqualTo("4200000");
            // Of the first window blue's tokens come before red's.
            assertThat(finance.json(spend + "project").get("rows").findValuesAsText("cost"))
                    .containsExactly("1.80", "1.00", "1.00");
            assertThat(finance.json(spend + "day").get("total").asText()).isEqualTo("3.80");

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

    private static void agree(Finance finance, String tenant, String term) {
        HttpResponse<String> response = finance.post(
                "/v1/contracts",
                "{\"tenant\":\"%s\",\"currency\":\"USD\",\"effectiveFrom\":\"2023-11-01\",%s}".formatted(tenant, term));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    }
}
