package io.tollgate.invoicing;

import static io.tollgate.invoicing.BudgetSite.eventually;
import static io.tollgate.invoicing.RunningService.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tollgate.invoicing.RollupsTable.Row;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Budgets while the job is behind: its events are in the archive, and not in the rollups. */
class BudgetLagIT {

    private static final Instant START = Instant.parse("2023-11-16T20:16:00Z");
    private static final Instant WINDOW = Instant.parse("2023-11-16T20:15:00Z");

    private final BudgetSite site = new BudgetSite();
    private final MovingClock clock = new MovingClock(START);

    @Test
    void whatTheJobHasNotCountedForAnHourStaysHeldAndIsNotCountedTwiceWhenItHas() {
        try (InvoicingService service = site.start(clock, Optional.empty())) {
            Finance finance = new Finance(service.port(), "the-finance");
            Finance gateway = new Finance(service.port(), "the-platform");
            String budget = BudgetSite.made(
                    finance,
                    "{\"name\":\"b\",\"tenant\":\"acme\",\"period\":\"month\",\"amount\":\"1000\",\"meter\":\"requests\"}");
            // Another partition's rollups may be ahead of its archive: that says nothing of this one.
            site.rollups.insert(
                    Row.of("acme", WINDOW, Map.of("input_tokens", 1L)).shard(1).events(50, BigInteger.TEN, 1));
            assertThat(through(finance, budget)).isEqualTo("2023-11-16T20:14:00Z");

            spend(gateway, "one", 400);
            clock.pass(Duration.ofMinutes(5));
            JsonNode behind = eventually(gateway, check(600), BudgetLagIT::isBehind);
            assertThat(behind.get("allowed").asBoolean()).isTrue();
            assertThat(behind.at("/budgets/0/held").asText()).isEqualTo("400");
            assertThat(gateway.json(check(601)).get("allowed").asBoolean()).isFalse();

            spend(gateway, "two", 600);
            clock.pass(Duration.ofHours(1));
            assertProblem(gateway.post("/v1/budgets/leases", lease("three", 1)), 409, "budget_exhausted");
            JsonNode late = gateway.json(check(1));
            assertThat(late.get("allowed").asBoolean()).isFalse();
            assertThat(late.at("/budgets/0/held").asText()).isEqualTo("1000");
            assertThat(through(finance, budget)).isEqualTo("2023-11-16T20:15:00Z");

            // A process that begins now learns all of this anew.
            try (InvoicingService other = site.start(clock, Optional.empty())) {
                Finance another = new Finance(other.port(), "the-platform");
                assertProblem(another.post("/v1/budgets/leases", lease("four", 1)), 409, "budget_exhausted");
            }

            site.rollups.insert(
                    Row.of("acme", WINDOW, Map.of("requests", 1_000L)).events(2, BigInteger.TWO, 2));
            JsonNode caughtUp = eventually(
                    gateway,
                    check(1),
                    check -> check.at("/budgets/0/used").asText().equals("1000")
                            && check.at("/budgets/0/held").asText().equals("0"));
            assertThat(caughtUp.at("/budgets/0/remaining").asText()).isEqualTo("0");
            assertThat(through(finance, budget)).isEqualTo("2023-11-16T21:19:00Z");
        }
    }

    private static boolean isBehind(JsonNode check) {
        return check.at("/budgets/0/countedThrough").asText().equals("2023-11-16T20:15:00Z");
    }

    private static String through(Finance finance, String budget) {
        return finance.json("/v1/budgets/" + budget).at("/use/countedThrough").asText();
    }

    /** Under a lease, honestly settled; the events of it reach the archive alone. */
    private void spend(Finance gateway, String id, long requests) {
        assertThat(gateway.post("/v1/budgets/leases", lease(id, requests)).statusCode())
                .isEqualTo(201);
        site.archive("acme", clock.instant(), 0);
        assertThat(gateway.post(
                                "/v1/budgets/leases/" + id + ":settle",
                                "{\"meters\":{\"requests\":\"" + requests + "\"}}")
                        .statusCode())
                .isEqualTo(200);
    }

    private static String lease(String id, long requests) {
        return "{\"id\":\"" + id + "\",\"tenant\":\"acme\",\"meters\":{\"requests\":\"" + requests + "\"}}";
    }

    private static String check(long requests) {
        return "/v1/budgets/check?tenant=acme&estimate=requests:" + requests;
    }
}
