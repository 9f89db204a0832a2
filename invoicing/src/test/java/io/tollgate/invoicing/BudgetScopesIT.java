package io.tollgate.invoicing;

import static io.tollgate.invoicing.BudgetSite.eventually;
import static io.tollgate.invoicing.BudgetSite.made;
import static io.tollgate.invoicing.RunningService.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tollgate.invoicing.Receiver.Behaviour;
import io.tollgate.invoicing.RollupsTable.Row;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What budgets count, what they expect, and who may see and change them, over HTTP. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BudgetScopesIT {

    private static final Instant NOW = Instant.parse("2023-12-12T08:00:00Z");
    private static final Instant EARLIER = Instant.parse("2023-12-05T12:00:00Z");

    private final BudgetSite site = new BudgetSite();
    private final Receiver receiver = new Receiver(Behaviour.status(200));
    private InvoicingService service;
    private Finance finance;
    private Finance gateway;

    @BeforeAll
    void start() {
        service = site.start(Clock.fixed(NOW, ZoneOffset.UTC), Optional.empty());
        finance = new Finance(service.port(), "the-finance");
        gateway = new Finance(service.port(), "the-platform");
        assertThat(finance.post("/v1/price-books", RunningService.BOOK).statusCode())
                .isEqualTo(201);
    }

    @AfterAll
    void stop() {
        service.close();
        receiver.close();
    }

    private static String budget(String tenant, String rest) {
        return ("{'name':'b','tenant':'" + tenant + "','period':'month'," + rest + "}").replace('\'', '"');
    }

    private static String dollars(String tenant, String rest) {
        return budget(tenant, "'amount':'10','currency':'USD'" + rest);
    }

    private String used(String id) {
        return finance.json("/v1/budgets/" + id).at("/use/used").asText();
    }

    /** @param tags as SQL */
    private void use(String project, String tags, String quantities) {
        site.rollups.execute(
                "INSERT INTO rollups (window_start, tenant, project, tags, provider, model, requested_model,"
                        + " accelerator_type, region, operation, service_tier, outcome, context_band, shard, quantities,"
                        + " event_count, digest, version, observations) SELECT toDateTime(" + EARLIER.getEpochSecond()
                        + ", 'UTC'), 'acme', '" + project + "', " + tags
                        + ", 'openai', 'gpt-4o', '', 'nvidia-h100', '', 'chat',"
                        + " 'standard', 'success', 0, 0, " + quantities + ", 1, toUInt128(1), 1, []");
    }

    @Test
    void budgetsCountProjectsTagsAndKeysAndMetersWithoutAPrice() {
        use("search", "map('team', 'red', 'api_key_id', 'k1')", "map('input_tokens', 800000, 'images', 7)");
        use("chat", "map('team', 'red')", "map('input_tokens', 1200000)");
        use("search", "map()", "map('input_tokens', 2000000)");
        String whole = made(finance, dollars("acme", ""));
        String search = made(finance, dollars("acme", ",'project':'search'"));
        String red = made(finance, dollars("acme", ",'tags':{'team':'red'}"));
        String key = made(finance, dollars("acme", ",'tags':{'api_key_id':'k1'}"));
        String redSearch = made(finance, dollars("acme", ",'project':'search','tags':{'team':'red'}"));
        String blue = made(finance, dollars("acme", ",'tags':{'team':'blue'}"));
        String images = made(finance, budget("acme", "'amount':'6','meter':'images','project':'search'"));

        assertThat(List.of(used(whole), used(search), used(red), used(key), used(redSearch), used(blue), used(images)))
                .containsExactly("10.00", "7.00", "5.00", "2.00", "2.00", "0", "7");

        JsonNode check =
                gateway.json("/v1/budgets/check?tenant=acme&project=search&tag=team:red&tag=api_key_id:k1&tag=other:x");
        assertThat(check.get("budgets").findValuesAsText("budget"))
                .containsExactlyInAnyOrder(whole, search, red, key, redSearch, images);
        assertThat(check.get("allowed").asBoolean()).isFalse();
        JsonNode elsewhere = gateway.json("/v1/budgets/check?tenant=acme&project=batch&tag=team:blue&estimate=1");
        assertThat(elsewhere.get("budgets").findValuesAsText("budget")).containsExactlyInAnyOrder(whole, blue);
        // Team blue has its budget whole; the tenant has not.
        assertThat(elsewhere.get("budgets").findValuesAsText("reason"))
                .containsExactlyInAnyOrder("budget_exhausted", "within_budget");
    }

    @Test
    void whatWillBreachByTheMonthsEndIsToldOnceByWebhook() {
        site.rollups.insert(IntStream.range(0, 29)
                .mapToObj(day -> Row.of(
                        "steady",
                        Instant.parse("2023-11-13T12:00:00Z").plus(Duration.ofDays(day)),
                        Map.of("input_tokens", 4_000_000L)))
                .toArray(Row[]::new));
        assertThat(finance.post(
                                "/v1/webhook-endpoints",
                                "{\"url\":\"" + receiver.url() + "\",\"tenants\":[\"steady\"]}")
                        .statusCode())
                .isEqualTo(201);
        String id = made(
                finance,
                budget(
                        "steady",
                        "'amount':'200','currency':'USD','thresholds':['100'],'forecastThresholds':['90','100','300']"));

        for (String percent : List.of("90", "100")) {
            JsonNode message = receiver.next().json();
            assertThat(message.get("type").asText()).isEqualTo("io.tollgate.budget.breach_forecast.v1");
            assertThat(message.at("/data/tenant").asText()).isEqualTo("steady");
            assertThat(message.at("/data/subject").asText()).isEqualTo(id);
            assertThat(message.at("/data/facts/percent").asText()).isEqualTo(percent);
            assertThat(message.at("/data/facts/used").asText()).isEqualTo("110.00");
            assertThat(new BigDecimal(message.at("/data/facts/expected").asText()))
                    .isBetween(new BigDecimal("300"), new BigDecimal("320"));
            assertThat(message.at("/data/facts/method").asText()).isNotBlank();
        }
        // Counted twice more with another figure each time: the same is still expected, and said.
        for (int more = 1; more <= 2; more++) {
            site.rollups.insert(Row.of("steady", NOW.minusSeconds(900L * more), Map.of("input_tokens", 400_000L)));
            String now = 110 + more + ".00";
            eventually(
                    gateway,
                    "/v1/budgets/check?tenant=steady",
                    check -> check.at("/budgets/0/used").asText().equals(now));
        }
        assertThat(finance.json("/v1/alerts?tenant=steady").get("alerts")).hasSize(2);
        assertThat(receiver.all()).hasSize(2);
    }

    @Test
    void aBudgetThatIsChangedToCountSomethingElseTellsAnewAndChangedBackDoesNot() {
        site.rollups.insert(
                Row.of("shift", EARLIER, Map.of("input_tokens", 4_000_000L)).project("a"),
                Row.of("shift", EARLIER, Map.of("input_tokens", 4_000_000L)).project("b"));
        String a = dollars("shift", ",'project':'a','thresholds':['80']");
        String id = made(finance, a);
        told(1);
        assertThat(finance.put("/v1/budgets/" + id, a.replace("\"a\"", "\"b\"")).statusCode())
                .isEqualTo(200);
        told(2);
        assertThat(finance.put("/v1/budgets/" + id, a.replace("\"10\"", "\"11\""))
                        .statusCode())
                .isEqualTo(200);
        told(3);
        assertThat(finance.put("/v1/budgets/" + id, a).statusCode()).isEqualTo(200);
        assertThat(finance.put("/v1/budgets/" + id, a.replace("\"10\"", "\"12\""))
                        .statusCode())
                .isEqualTo(200);
        told(4);
    }

    private void told(int times) {
        eventually(
                finance, "/v1/alerts?tenant=shift", page -> page.get("alerts").size() >= times);
        assertThat(finance.json("/v1/alerts?tenant=shift").get("alerts")).hasSize(times);
    }

    @Test
    void aTenantSeesItsOwnBudgetsAndChangesThoseItMade() {
        String finances = made(finance, dollars("mine", ""));
        String others = made(finance, dollars("other", ""));
        site.rollups.insert(
                Row.of("mine", EARLIER, Map.of("input_tokens", 4_000_000L)),
                Row.of("other", EARLIER, Map.of("input_tokens", 4_000_000L)));
        eventually(
                finance, "/v1/alerts?tenant=other", page -> page.get("alerts").size() == 2);
        eventually(finance, "/v1/alerts?tenant=mine", page -> page.get("alerts").size() == 2);
        Finance tenant = new Finance(
                service.port(),
                Finance.read(finance.post("/v1/tenants/mine/tokens", "{\"label\":\"budgets\"}"))
                        .get("token")
                        .asText());

        String own = made(tenant, dollars("mine", ",'project':'search'"));
        assertThat(tenant.json("/v1/budgets").findValuesAsText("id")).containsExactlyInAnyOrder(finances, own);
        assertThat(tenant.json("/v1/budgets/" + finances).get("managedBy").asText())
                .isEqualTo("finance");
        assertThat(tenant.put("/v1/budgets/" + own, dollars("mine", ",'project':'chat'"))
                        .statusCode())
                .isEqualTo(200);

        assertProblem(tenant.put("/v1/budgets/" + finances, dollars("mine", "")), 403, "kept_by_finance");
        assertProblem(tenant.delete("/v1/budgets/" + finances), 403, "kept_by_finance");
        assertProblem(tenant.get("/v1/budgets/" + others), 404, "no_budget");
        assertProblem(tenant.put("/v1/budgets/" + others, dollars("mine", "")), 404, "no_budget");
        assertProblem(tenant.delete("/v1/budgets/" + others), 404, "no_budget");
        assertProblem(tenant.get("/v1/budgets?tenant=other"), 403, "not_yours");
        assertProblem(tenant.post("/v1/budgets", dollars("other", "")), 403, "not_yours");
        assertProblem(tenant.put("/v1/budgets/" + own, dollars("other", "")), 403, "not_yours");
        assertProblem(tenant.get("/v1/alerts?tenant=other"), 403, "not_yours");
        assertThat(tenant.json("/v1/alerts").get("alerts").findValuesAsText("tenant"))
                .containsExactly("mine", "mine");
        assertThat(tenant.json("/v1/alerts?subject=" + others).get("alerts")).isEmpty();
        // Checks and leases are the gateways', of whomever.
        assertThat(tenant.get("/v1/budgets/check?tenant=mine").statusCode()).isEqualTo(403);
        assertThat(tenant.get("/v1/budgets/check?tenant=other").statusCode()).isEqualTo(403);
        assertThat(tenant.post("/v1/budgets/leases", "{\"id\":\"x\",\"tenant\":\"mine\",\"money\":\"1\"}")
                        .statusCode())
                .isEqualTo(403);
        assertThat(gateway.get("/v1/budgets").statusCode()).isEqualTo(403);
        assertThat(gateway.post("/v1/budgets", dollars("mine", "")).statusCode())
                .isEqualTo(403);

        assertThat(finance.delete("/v1/budgets/" + own).statusCode()).isEqualTo(200);
        assertThat(tenant.json("/v1/budgets").findValuesAsText("id")).containsExactly(finances);
    }
}
