package io.tollgate.invoicing;

import static io.tollgate.invoicing.RunningService.WINDOW;
import static io.tollgate.invoicing.RunningService.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tollgate.invoicing.RollupsTable.Row;
import io.tollgate.invoicing.access.TokenSecret;
import io.tollgate.invoicing.connection.ConnectionUrl;
import io.tollgate.invoicing.postgres.Database;
import io.tollgate.invoicing.postgres.TenantTokenStore;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nobody sees what is not theirs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TenantTokensIT {

    private static final String ACME = "/v1/tenants/acme/tokens";

    private final AtomicInteger labels = new AtomicInteger();
    private RunningService running;
    private Finance finance;
    private Finance acme;

    @BeforeAll
    void start() {
        RollupsTable table = RollupsTable.create();
        running = new RunningService(table.url());
        finance = running.finance;
        running.publishListPrices();
        table.insert(
                Row.of("acme", WINDOW, Map.of("input_tokens", 1_000_000L)),
                Row.of("beta", WINDOW, Map.of("input_tokens", 2_000_000L)));
        acme = running.as(made("acme").get("token").asText());
    }

    @AfterAll
    void stop() {
        running.close();
    }

    private JsonNode made(String tenant) {
        HttpResponse<String> made = finance.post(
                "/v1/tenants/" + tenant + "/tokens", "{\"label\":\"label " + labels.incrementAndGet() + "\"}");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        return Finance.read(made);
    }

    @Test
    void aTokenIsShownOnceAndItsSecretIsNotKept() {
        JsonNode made = made("shown");
        String token = made.get("token").asText();
        assertThat(token).matches("tgt_[0-9a-f]{48}");

        String list = finance.get("/v1/tenants/shown/tokens").body();
        assertThat(list).contains(made.get("id").asText(), made.get("label").asText());
        assertThat(list).doesNotContain(token);
        assertThat(list).doesNotContain("\"token\"");
    }

    @Test
    void aTenantSeesItsOwnInvoicesOnly() {
        assertThat(acme.json("/v1/invoices").get("invoices").findValuesAsText("tenant"))
                .containsExactly("acme");
        assertThat(acme.json("/v1/invoices?tenant=acme").get("invoices")).hasSize(1);
        assertProblem(acme.get("/v1/invoices?tenant=beta"), 403, "not_yours");
        assertProblem(acme.get("/v1/invoices?tenant=acme,beta"), 403, "not_yours");
        for (String path : List.of(
                "/v1/invoices/%s.2023-11.1",
                "/v1/invoices/%s.2023-11.1/document?format=csv", "/v1/invoices/%s.2023-11.1/lines/1/explain")) {
            assertThat(acme.get(path.formatted("acme")).statusCode()).as(path).isEqualTo(200);
            assertThat(finance.get(path.formatted("beta")).statusCode())
                    .as(path)
                    .isEqualTo(200);
            assertProblem(acme.get(path.formatted("beta")), 404, "no_invoice");
        }
    }

    /** Whether others exist is not told either. */
    @Test
    void othersInvoicesLookLikeThoseThatThereAreNot() {
        assertThat(withoutId(acme.get("/v1/invoices/beta.2023-11.1").body(), "beta"))
                .isEqualTo(withoutId(acme.get("/v1/invoices/ghost.2023-11.1").body(), "ghost"));
    }

    private static String withoutId(String problem, String tenant) {
        return problem.replace(tenant, "*").replaceAll("\"requestId\":\"[^\"]*\"", "");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/price-books",
                "/v1/contracts",
                "/v1/issuers",
                "/v1/bill-runs",
                "/v1/webhook-endpoints",
                "/v1/invoices/acme.2023-11.1/account",
                "/v1/invoices/acme.2023-11.1/usage-since-final",
                ACME
            })
    void aTenantGetsNowhereElse(String path) {
        assertProblem(acme.get(path), 403, "forbidden");
    }

    @Test
    void aTenantChangesNothing() {
        assertProblem(acme.post("/v1/invoices/acme.2023-11.1:finalize", ""), 403, "forbidden");
        assertProblem(acme.post(ACME, "{\"label\":\"mine\"}"), 403, "forbidden");
        assertProblem(running.as("the-platform").post(ACME, "{\"label\":\"mine\"}"), 403, "forbidden");
    }

    /** A token that nobody used yet is in no memory, so its revocation counts at once. */
    @Test
    void aRevokedTokenIsRefused() {
        JsonNode made = made("acme");
        String path = ACME + "/" + made.get("id").asText();
        assertProblem(finance.delete(path.replace("acme", "beta")), 404, "no_tenant_token");

        JsonNode revoked = Finance.read(finance.delete(path));
        assertThat(revoked.get("revokedAt").asText()).isEqualTo("2023-12-02T08:00:00Z");
        assertThat(revoked.has("token")).isFalse();
        assertThat(Finance.read(finance.delete(path))).isEqualTo(revoked);
        assertThat(finance.get(ACME).body()).doesNotContain(made.get("id").asText());
        assertProblem(running.as(made.get("token").asText()).get("/v1/invoices"), 401, "unauthorized");
    }

    @Test
    void aTokenThatCannotBeIsRefused() {
        assertProblem(finance.post(ACME, "{\"label\":\" \"}"), 422, "invalid_tenant_token");
        assertProblem(finance.post(ACME, "{\"label\":\"" + "a".repeat(129) + "\"}"), 422, "invalid_tenant_token");
        assertProblem(finance.post(ACME, ""), 422, "invalid_tenant_token");
        assertProblem(
                finance.post(ACME, "{\"label\":\"a\",\"expiresAt\":\"2023-12-02T08:00:00Z\"}"),
                422,
                "invalid_tenant_token");
        assertProblem(
                finance.post(ACME, "{\"label\":\"a\",\"expiresAt\":\"+999999999-01-01T00:00:00Z\"}"),
                422,
                "invalid_tenant_token");
        assertProblem(finance.post("/v1/tenants/a%20b/tokens", "{\"label\":\"a\"}"), 422, "invalid_tenant");
        assertProblem(finance.delete(ACME + "/nonsense"), 404, "no_tenant_token");
        assertProblem(running.as("tgt_" + "0".repeat(48)).get("/v1/invoices"), 401, "unauthorized");
    }

    @Test
    void aTokenExpires() {
        Instant then = Instant.parse("2023-12-02T09:00:00Z");
        JsonNode made = Finance.read(finance.post(ACME, "{\"label\":\"short\",\"expiresAt\":\"" + then + "\"}"));
        TokenSecret secret = new TokenSecret(made.get("token").asText());
        try (Database database = Database.open(ConnectionUrl.postgres(running.postgres))) {
            TenantTokenStore store = new TenantTokenStore(database);
            assertThat(store.tenantOf(secret, then.minusMillis(1))).hasValue("acme");
            assertThat(store.tenantOf(secret, then)).isEmpty();
        }
    }

    @Test
    void aTenantHasAHundredTokensAtMost() {
        for (int i = 0; i < 100; i++) {
            made("many");
        }
        assertProblem(finance.post("/v1/tenants/many/tokens", "{\"label\":\"more\"}"), 409, "too_many_tokens");
        String id = finance.json("/v1/tenants/many/tokens").at("/tokens/0/id").asText();
        finance.delete("/v1/tenants/many/tokens/" + id);
        made("many");
    }
}
