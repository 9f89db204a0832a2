package io.tollgate.invoicing;

import static io.tollgate.invoicing.RunningService.WINDOW;
import static io.tollgate.invoicing.RunningService.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tollgate.invoicing.Receiver.Behaviour;
import io.tollgate.invoicing.RollupsTable.Row;
import io.tollgate.invoicing.billing.BudgetConfig;
import io.tollgate.invoicing.delivery.WebhookConfig;
import io.tollgate.invoicing.mail.MailConfig;
import io.tollgate.invoicing.mail.Postbox;
import io.tollgate.parts.TestParts;
import io.tollgate.service.Tokens;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Budgets over HTTP, on real databases, with a real mail server. */
class BudgetsIT {

    private static final Clock NOW = Clock.fixed(WINDOW.plus(Duration.ofHours(2)), ZoneOffset.UTC);

    private final String postgres = TestParts.freshPostgresDatabase();
    private final RollupsTable rollups = RollupsTable.create();

    @Test
    void alertsAreSentOnceEachAcrossARestartAndLeasesOutliveIt() throws Exception {
        try (Postbox postbox = Postbox.inClear();
                Receiver receiver = new Receiver(Behaviour.status(200))) {
            MailConfig mail = MailConfig.usual(
                            "127.0.0.1", postbox.port(), Optional.empty(), "billing@tollgate.example")
                    .with(MailConfig.Security.NONE);
            rollups.insert(Row.of("acme", WINDOW, Map.of("input_tokens", 3_600_000L)));
            String budget;
            try (InvoicingService service = start(Optional.of(mail))) {
                Finance finance = new Finance(service.port(), "the-finance");
                Finance gateway = new Finance(service.port(), "the-platform");
                finance.post("/v1/price-books", RunningService.BOOK);
                finance.post(
                        "/v1/webhook-endpoints",
                        "{\"url\":\"" + receiver.url()
                                + "\",\"eventTypes\":[\"io.tollgate.budget.threshold_crossed.v1\"]}");

                HttpResponse<String> made = finance.post("/v1/budgets", """
                        {"name":"Search","tenant":"acme","period":"month","amount":"10.00","currency":"USD",
                         "thresholds":["80","100"],"recipients":["team@acme.example"]}""");
                assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
                budget = Finance.read(made).get("id").asText();
                JsonNode use = finance.json("/v1/budgets/" + budget).get("use");
                assertThat(use.get("used").asText()).isEqualTo("9.00");
                assertThat(use.get("remaining").asText()).isEqualTo("1.00");
                assertThat(use.get("percent").asText()).isEqualTo("90.00");

                assertThat(receiver.next().json().at("/data/facts/percent").asText())
                        .isEqualTo("80");
                assertThat(postbox.next().subject()).contains("has used 80 % of its 10.00 USD");
                assertLeases(gateway);
            }
            try (InvoicingService service = start(Optional.of(mail))) {
                Finance finance = new Finance(service.port(), "the-finance");
                Finance gateway = new Finance(service.port(), "the-platform");
                assertThat(gateway.json("/v1/budgets/leases/one").get("state").asText())
                        .isEqualTo("open");
                assertThat(Finance.read(finance.get("/v1/budgets/" + budget))
                                .at("/use/used")
                                .asText())
                        .isEqualTo("9.00");
                assertProblem(gateway.post("/v1/budgets/leases", lease("three", "0.50")), 409, "budget_exhausted");

                rollups.insert(Row.of("acme", WINDOW.plusSeconds(900), Map.of("input_tokens", 400_000L)));
                assertThat(receiver.next().json().at("/data/facts/percent").asText())
                        .isEqualTo("100");
                assertThat(postbox.next().subject()).contains("has used 100 % of its 10.00 USD");
                assertThat(finance.json("/v1/alerts?tenant=acme").get("alerts")).hasSize(2);
            }
            assertThat(receiver.all()).hasSize(2);
            assertThat(postbox.all()).hasSize(2);
        }
    }

    private static void assertLeases(Finance gateway) {
        JsonNode check = gateway.json("/v1/budgets/check?tenant=acme&estimate=0.60");
        assertThat(check.get("allowed").asBoolean()).isTrue();
        assertThat(gateway.json("/v1/budgets/check?tenant=acme&estimate=1.01")
                        .get("allowed")
                        .asBoolean())
                .isFalse();
        assertThat(gateway.post("/v1/budgets/leases", lease("one", "0.60")).statusCode())
                .isEqualTo(201);
        assertThat(gateway.post("/v1/budgets/leases", lease("one", "0.60")).statusCode())
                .isEqualTo(200);
        assertProblem(gateway.post("/v1/budgets/leases", lease("one", "0.10")), 409, "lease_differs");
        assertProblem(gateway.post("/v1/budgets/leases", lease("two", "0.60")), 409, "budget_exhausted");
        assertThat(gateway.json("/v1/budgets/check?tenant=acme&estimate=0.60")
                        .get("allowed")
                        .asBoolean())
                .isFalse();
        assertThat(gateway.post("/v1/budgets/leases", lease("two", "0.40")).statusCode())
                .isEqualTo(201);
        assertThat(gateway.post("/v1/budgets/leases/two:settle", "{\"money\":\"0.25\"}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(gateway.post("/v1/budgets/leases/two:settle", "{\"money\":\"0.25\"}")
                        .statusCode())
                .isEqualTo(200);
        assertProblem(gateway.delete("/v1/budgets/leases/two"), 409, "lease_settled");
    }

    private static String lease(String id, String money) {
        return "{\"id\":\"" + id + "\",\"tenant\":\"acme\",\"money\":\"" + money + "\"}";
    }

    @Test
    void whatMakesNoSenseIsRefusedAndWhatWasChangedIsNotOverwritten() {
        try (InvoicingService service = start(Optional.empty())) {
            Finance finance = new Finance(service.port(), "the-finance");
            finance.post("/v1/price-books", RunningService.BOOK);
            String good =
                    "{\"name\":\"b\",\"tenant\":\"acme\",\"period\":\"day\",\"amount\":\"5\",\"meter\":\"requests\"}";
            assertProblem(finance.post("/v1/budgets", good.replace("\"day\"", "\"fortnight\"")), 422, "invalid_value");
            assertProblem(
                    finance.post("/v1/budgets", good.replace("\"meter\":\"requests\"", "\"currency\":\"SEK\"")),
                    422,
                    "currency_differs");
            assertProblem(
                    finance.post("/v1/budgets", good.replace("\"name\"", "\"recipients\":[\"a@b.c\"],\"name\"")),
                    422,
                    "mail_not_configured");
            JsonNode made = Finance.read(finance.post("/v1/budgets", good));
            String path = "/v1/budgets/" + made.get("id").asText() + "?revision="
                    + made.get("revision").asText();
            assertThat(finance.put(path, good.replace("\"5\"", "\"6\"")).statusCode())
                    .isEqualTo(200);
            assertProblem(finance.put(path, good), 409, "budget_changed");
            assertProblem(finance.delete(path), 409, "budget_changed");
            assertThat(finance.json("/v1/budgets?limit=1").get("budgets")).hasSize(1);
            assertThat(finance.delete(path.substring(0, path.indexOf('?'))).statusCode())
                    .isEqualTo(200);
            assertProblem(finance.get(path), 404, "no_budget");
        }
    }

    private InvoicingService start(Optional<MailConfig> mail) {
        return InvoicingService.start(
                new InvoicingConfig(
                                "127.0.0.1",
                                0,
                                0,
                                rollups.url(),
                                postgres,
                                new Tokens("the-admin", "the-platform", "the-finance"))
                        .withWebhooks(WebhookConfig.usual().withinOwnNetwork())
                        .withBudgets(
                                new BudgetConfig(
                                        Duration.ofMillis(50),
                                        Duration.ofMillis(100),
                                        Duration.ofMinutes(2),
                                        Duration.ofMinutes(15)),
                                mail),
                NOW);
    }
}
