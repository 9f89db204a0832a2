package io.tollgate.invoicing;

import static io.tollgate.invoicing.BudgetSite.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tollgate.invoicing.Receiver.Behaviour;
import io.tollgate.invoicing.RollupsTable.Row;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Budgets whose tenant comes to be billed in another currency: they never say that nothing is used. */
class BudgetCurrencyIT {

    private static final Clock NOW = Clock.fixed(Instant.parse("2023-11-16T20:16:00Z"), ZoneOffset.UTC);

    private final BudgetSite site = new BudgetSite();
    private final Receiver receiver = new Receiver(Behaviour.status(200));
    private InvoicingService service;
    private Finance finance;
    private Finance gateway;

    @BeforeEach
    void start() {
        service = site.start(NOW, Optional.empty());
        finance = new Finance(service.port(), "the-finance");
        gateway = new Finance(service.port(), "the-platform");
        finance.post("/v1/price-books", RunningService.BOOK);
        finance.post(
                "/v1/price-books", RunningService.BOOK.replace("list", "euro").replace("USD", "EUR"));
        finance.post(
                "/v1/webhook-endpoints",
                "{\"url\":\"" + receiver.url() + "\",\"eventTypes\":[\"io.tollgate.budget.currency_differs.v1\"]}");
    }

    @AfterEach
    void stop() {
        service.close();
        receiver.close();
    }

    @Test
    void whatIsBilledInAnotherCurrencyIsSaidAndToldOnceAndTheBudgetsPolicyDecides() {
        use("acme", "2023-10-05T12:00:00Z", 3);
        use("acme", "2023-11-05T12:00:00Z", 9);
        String month = budget("acme", "'period':'month','amount':'10','currency':'USD'");
        String strict = budget("acme", "'period':'quarter','amount':'10','currency':'USD','whenUnknown':'deny'");
        String meter = budget("acme", "'period':'month','amount':'5000000','meter':'input_tokens'");
        assertThat(state(month)).isEqualTo("counted");
        assertThat(finance.json("/v1/budgets/" + month).at("/use/used").asText())
                .isEqualTo("9.00");

        // Of next month it says nothing yet.
        contract("{'tenant':'acme','currency':'EUR','book':'euro','effectiveFrom':'2023-12-01'}");
        assertThat(state(month)).isEqualTo("counted");
        contract("{'tenant':'acme','currency':'EUR','book':'euro','effectiveFrom':'2023-11-01'}");

        JsonNode use = finance.json("/v1/budgets/" + month).get("use");
        assertThat(state(month)).isEqualTo("currency_differs");
        assertThat(use.get("otherCurrencies").toString()).isEqualTo("{\"EUR\":\"9.00\"}");
        assertThat(use.has("remaining")).isFalse();
        assertThat(use.has("percent")).isFalse();
        JsonNode quarter = finance.json("/v1/budgets/" + strict).get("use");
        assertThat(quarter.get("used").asText()).isEqualTo("3.00");
        assertThat(quarter.get("otherCurrencies").toString()).isEqualTo("{\"EUR\":\"9.00\"}");
        assertThat(state(meter)).isEqualTo("counted");
        assertThat(finance.json("/v1/budgets/" + meter).at("/use/used").asText())
                .isEqualTo("3600000");

        JsonNode check = gateway.json("/v1/budgets/check?tenant=acme&estimate=0.01");
        assertThat(check.get("allowed").asBoolean()).isFalse();
        assertThat(says(check, month)).isEqualTo("currency_differs true");
        assertThat(says(check, strict)).isEqualTo("currency_differs false");
        assertThat(says(check, meter)).isEqualTo("within_budget true");

        assertThat(receiver.next().subject()).isNotEqualTo(receiver.next().subject());
        JsonNode alerts = eventually(
                finance,
                "/v1/alerts?kind=currency_differs",
                page -> page.get("alerts").size() == 2);
        assertThat(alerts.findValuesAsText("usedEUR")).containsExactly("9.00", "9.00");
        assertThat(alerts.at("/alerts/0/headline").asText())
                .isEqualTo("The budget \"b\" of acme is in USD, and does not count usage that is billed in EUR");
        assertThat(finance.delete("/v1/budgets/" + strict).statusCode()).isEqualTo(200);

        // Said anew in the tenant's currency it counts again.
        HttpResponse<String> changed = finance.put(
                "/v1/budgets/" + month, document("acme", "'period':'month','amount':'10','currency':'EUR'"));
        assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
        assertThat(Finance.read(changed).at("/use/used").asText()).isEqualTo("9.00");
        assertThat(state(month)).isEqualTo("counted");
        assertThat(receiver.all()).hasSize(2);
    }

    @Test
    void aTenantWhoseCurrencyChangesInTheMidstOfADayIsStillCounted() {
        contract("{'tenant':'group','currency':'EUR','book':'euro','effectiveFrom':'2023-10-01','members':['branch'],"
                + "'timeZone':'America/Los_Angeles'}");
        contract("{'tenant':'group','currency':'EUR','book':'euro','effectiveFrom':'2023-11-01',"
                + "'timeZone':'America/Los_Angeles'}");
        // By the account's clock it is October for seven hours more.
        use("branch", "2023-11-01T03:00:00Z", 4);
        use("branch", "2023-11-01T12:00:00Z", 5);
        String month = budget("branch", "'period':'month','amount':'10','currency':'USD'");
        JsonNode use = finance.json("/v1/budgets/" + month).get("use");
        assertThat(use.get("used").asText()).isEqualTo("5.00");
        assertThat(use.get("otherCurrencies").toString()).isEqualTo("{\"EUR\":\"4.00\"}");
    }

    private String state(String budget) {
        return finance.json("/v1/budgets/" + budget).get("state").asText();
    }

    private static String says(JsonNode check, String budget) {
        for (JsonNode say : check.get("budgets")) {
            if (say.get("budget").asText().equals(budget)) {
                return say.get("reason").asText() + " " + say.get("allowed").asText();
            }
        }
        throw new AssertionError("nothing of " + budget + " in " + check);
    }

    private String budget(String tenant, String rest) {
        return BudgetSite.made(finance, document(tenant, rest));
    }

    private static String document(String tenant, String rest) {
        return ("{'name':'b','tenant':'" + tenant + "'," + rest + "}").replace('\'', '"');
    }

    private void contract(String contract) {
        HttpResponse<String> published = finance.post("/v1/contracts", contract.replace('\'', '"'));
        assertThat(published.statusCode()).as(published.body()).isEqualTo(201);
    }

    /** So much of input tokens. */
    private void use(String tenant, String instant, long amount) {
        site.rollups.insert(Row.of(tenant, Instant.parse(instant), Map.of("input_tokens", amount * 400_000)));
    }
}
