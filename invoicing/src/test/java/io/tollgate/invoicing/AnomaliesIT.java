package io.tollgate.invoicing;

import static io.tollgate.invoicing.RunningService.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tollgate.invoicing.RollupsTable.Row;
import io.tollgate.invoicing.connection.ConnectionUrl;
import io.tollgate.invoicing.postgres.Alerts;
import io.tollgate.invoicing.postgres.Database;
import io.tollgate.service.Tokens;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Forecasts, explanations, and days that are out of the ordinary, on real databases. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AnomaliesIT {

    /** Four weeks and December 11 come after it. */
    private static final Instant FIRST = Instant.parse("2023-11-13T12:00:00Z");

    private static final Instant MORNING = Instant.parse("2023-12-12T08:00:00Z");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private RollupsTable table;
    private RunningService running;
    private InvoicingService watching;
    private Finance finance;

    @BeforeAll
    void start() {
        table = RollupsTable.create();
        // Every day 100 dollars, but the last: twice the input, and for once output.
        table.insert(IntStream.range(0, 28)
                .mapToObj(day -> Row.of("odd", FIRST.plus(Duration.ofDays(day)), Map.of("input_tokens", 40_000_000L)))
                .toArray(Row[]::new));
        table.insert(
                Row.of(
                        "odd",
                        Instant.parse("2023-12-11T12:00:00Z"),
                        Map.of("input_tokens", 80_000_000L, "output_tokens", 8_000_000L)),
                Row.of("odd", Instant.parse("2023-12-12T07:00:00Z"), Map.of("input_tokens", 4_000_000L)),
                Row.of("fresh", Instant.parse("2023-12-12T07:00:00Z"), Map.of("input_tokens", 4_000_000L)));
        running = new RunningService(table.url());
        running.publishListPrices();
        watching = watch(MORNING);
        finance = new Finance(watching.port(), "the-finance");
    }

    /** Another one on the same databases: one that finds list prices when it looks at days for the first time. */
    private InvoicingService watch(Instant now) {
        return InvoicingService.start(
                new InvoicingConfig(
                        "127.0.0.1",
                        0,
                        0,
                        table.url(),
                        running.postgres,
                        new Tokens("the-admin", "the-platform", "the-finance")),
                Clock.fixed(now, ZoneOffset.UTC));
    }

    @AfterAll
    void stop() {
        watching.close();
        running.close();
    }

    private JsonNode eventually(String query, Predicate<JsonNode> wanted) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        JsonNode found = finance.json("/v1/anomalies?" + query).get("anomalies");
        while (!wanted.test(found) && System.nanoTime() < deadline) {
            found = finance.json("/v1/anomalies?" + query).get("anomalies");
        }
        return found;
    }

    @Test
    void aDayThatIsOutOfTheOrdinaryIsListedWithItsExplanationAndJudgedAgainWhenUsageComesLate() {
        JsonNode found = eventually("tenant=odd", list -> list.size() == 2);
        assertThat(found).extracting(each -> each.get("scope").asText()).containsExactlyInAnyOrder("tenant", "model");
        JsonNode whole = each(found, "tenant");
        assertThat(whole.get("day").asText()).isEqualTo("2023-12-11");
        assertThat(whole.get("expected").asText()).isEqualTo("100.00");
        assertThat(whole.get("actual").asText()).isEqualTo("280.00");
        assertThat(whole.get("difference").asText()).isEqualTo("180.00");
        // 88 instead of 40 million tokens at 2.50 are 120 more; that 8 of them are output makes 60.
        assertThat(whole.at("/change/parts").toString())
                .isEqualTo("{\"volume\":\"120\",\"mix\":\"60\",\"cacheHit\":\"0\",\"price\":\"0\"}");

        String path = "/v1/anomalies/" + whole.get("id").asText();
        assertThat(finance.json(path).at("/change/products")).hasSize(1);
        assertThat(Finance.read(finance.post(path + ":acknowledge", "{\"by\":\"ann\",\"note\":\"load test\"}"))
                        .get("acknowledgedBy")
                        .asText())
                .isEqualTo("ann");
        assertThat(Finance.read(finance.post(path + ":acknowledge", "{\"by\":\"bob\"}"))
                        .get("acknowledgedBy")
                        .asText())
                .isEqualTo("ann");

        table.insert(Row.of("odd", Instant.parse("2023-12-11T12:00:00Z"), Map.of("input_tokens", 120_000_000L))
                .events(2, BigInteger.TWO, 2));
        try (InvoicingService later = watch(MORNING.plus(Duration.ofHours(7)))) {
            JsonNode changed = each(
                    eventually(
                            "tenant=odd",
                            list -> each(list, "tenant").get("actual").asText().equals("300.00")),
                    "tenant");
            assertThat(later.port()).isPositive();
            assertThat(changed.get("actual").asText()).isEqualTo("300.00");
            assertThat(changed.get("id")).isEqualTo(whole.get("id"));
            assertThat(changed.get("foundAt")).isEqualTo(whole.get("foundAt"));
            assertThat(changed.get("acknowledgedBy").asText()).isEqualTo("ann");
            assertThat(changed.at("/change/parts/volume").asText()).isEqualTo("200");
        }
        // What was counted wrongly is taken back: an ordinary day.
        table.insert(Row.of("odd", Instant.parse("2023-12-11T12:00:00Z"), Map.of("input_tokens", 40_000_000L))
                .events(1, BigInteger.ONE, 3));
        try (InvoicingService later = watch(MORNING.plus(Duration.ofHours(14)))) {
            JsonNode withdrawn = eventually(
                    "tenant=odd", list -> list.findValues("withdrawnAt").size() == 2);
            assertThat(withdrawn).allMatch(each -> each.has("withdrawnAt"));
            assertThat(later.port()).isPositive();
        }
        assertThat(told()).containsExactly("Usage of odd on 2023-12-11 cost 280.00 USD, 180.00 USD more than usual");
    }

    private List<String> told() {
        try (Database database = Database.open(ConnectionUrl.postgres(running.postgres))) {
            return new Alerts(database, "example.com")
                            .list(
                                    new Alerts.Wanted(Optional.of("odd"), Optional.of("anomaly"), Optional.empty()),
                                    10,
                                    Optional.empty())
                            .stream()
                            .map(raised -> raised.head().headline())
                            .toList();
        }
    }

    private static JsonNode each(JsonNode list, String scope) {
        for (JsonNode anomaly : list) {
            if (anomaly.get("scope").asText().equals(scope)) {
                return anomaly;
            }
        }
        throw new AssertionError("no anomaly of a " + scope + " in " + list);
    }

    @Test
    void anyTwoDaysAreExplained() {
        table.insert(
                Row.of("change", Instant.parse("2023-11-29T12:00:00Z"), Map.of("input_tokens", 4_000_000L)),
                Row.of("change", Instant.parse("2023-11-30T12:00:00Z"), Map.of("input_tokens", 6_000_000L))
                        .project("blue"));
        JsonNode answer = finance.json("/v1/spend/explain?tenant=change&day=2023-11-30");
        assertThat(answer.get("against").asText()).isEqualTo("2023-11-29");
        assertThat(answer.at("/change/difference").asText()).isEqualTo("5");
        assertThat(answer.at("/change/parts/volume").asText()).isEqualTo("5");
        assertThat(answer.at("/change/products/0/presence").asText()).isEqualTo("both");
        JsonNode kathmandu = finance.json("/v1/spend/explain?tenant=change&day=2023-11-30&against=2023-11-01"
                + "&zone=Asia/Kathmandu&filter=project=blue");
        assertThat(kathmandu.at("/change/before").asText()).isEqualTo("0");
        assertThat(kathmandu.at("/change/after").asText()).isEqualTo("15");
        BigDecimal sum = BigDecimal.ZERO;
        for (JsonNode part : kathmandu.at("/change/parts")) {
            sum = sum.add(new BigDecimal(part.asText()));
        }
        assertThat(sum).isEqualByComparingTo(kathmandu.at("/change/difference").asText());
    }

    @Test
    void theMonthsEndIsForecastFromItsDaysAndThoseBeforeIt() {
        JsonNode forecast = finance.json("/v1/spend/forecast?tenant=odd&filter=model=gpt-4o");
        assertThat(forecast.get("period").asText()).isEqualTo("2023-12");
        assertThat(forecast.get("daysLeft").asInt()).isEqualTo(20);
        assertThat(new BigDecimal(forecast.get("expected").asText())).isGreaterThan(new BigDecimal("3000"));
        assertThat(new BigDecimal(forecast.get("low").asText()))
                .isLessThanOrEqualTo(new BigDecimal(forecast.get("expected").asText()));
        assertThat(new BigDecimal(forecast.get("high").asText()))
                .isGreaterThanOrEqualTo(new BigDecimal(forecast.get("expected").asText()));
        assertThat(forecast.get("method").asText()).isNotBlank();
        assertThat(forecast.get("basedOnDays").asInt()).isEqualTo(29);

        JsonNode fresh = finance.json("/v1/spend/forecast?tenant=fresh");
        assertThat(fresh.get("spent").asText()).isEqualTo("10.00");
        assertThat(fresh.has("expected")).isFalse();
    }

    @Test
    void aTenantSeesItsOwnAndSaysWhatIsOrdinary() {
        String token = Finance.read(finance.post("/v1/tenants/quiet/tokens", "{\"label\":\"all\"}"))
                .get("token")
                .asText();
        Finance quiet = new Finance(watching.port(), token);
        eventually("tenant=odd", list -> list.size() == 2);

        assertThat(quiet.json("/v1/anomalies").get("anomalies")).isEmpty();
        assertProblem(quiet.get("/v1/anomalies?tenant=odd"), 403, "not_yours");
        String odd =
                finance.json("/v1/anomalies").get("anomalies").get(0).get("id").asText();
        assertProblem(quiet.get("/v1/anomalies/" + odd), 404, "no_anomaly");
        assertProblem(quiet.get("/v1/spend/explain?tenant=odd&day=2023-12-11"), 403, "not_yours");
        assertProblem(quiet.get("/v1/spend/forecast?tenant=odd"), 403, "not_yours");
        assertThat(quiet.json("/v1/spend/forecast").get("spent").asText()).isEqualTo("0.00");

        String settings = "/v1/tenants/quiet/anomaly-settings";
        assertThat(quiet.json(settings).toString())
                .isEqualTo("{\"leastAmount\":\"10\",\"leastShare\":\"0.25\",\"leastScore\":\"3.5\",\"recipients\":[]}");
        assertThat(quiet.put(settings, "{\"leastAmount\":\"250\"}").statusCode())
                .isEqualTo(200);
        assertThat(quiet.json(settings).get("leastAmount").asText()).isEqualTo("250");
        // The service sends no mail.
        assertProblem(quiet.put(settings, "{\"recipients\":[\"ops@example.com\"]}"), 422, "mail_not_configured");
        for (String wrong :
                List.of("{\"leastAmount\":\"0\"}", "{\"leastShare\":\"x\"}", "{\"recipients\":[\"ops\"]}")) {
            assertProblem(quiet.put(settings, wrong), 422, "invalid_anomaly_settings");
        }
        assertProblem(quiet.get("/v1/tenants/odd/anomaly-settings"), 403, "not_yours");
    }

    @Test
    void theListHasPages() {
        eventually("tenant=odd", list -> list.size() == 2);
        JsonNode first = finance.json("/v1/anomalies?tenant=odd&limit=1&from=2023-12-11&to=2023-12-12");
        JsonNode second = finance.json("/v1/anomalies?tenant=odd&limit=1&cursor="
                + first.get("nextCursor").asText());
        assertThat(first.get("anomalies")).hasSize(1);
        assertThat(second.get("anomalies")).hasSize(1);
        assertThat(second.get("anomalies").get(0).get("id"))
                .isNotEqualTo(first.get("anomalies").get(0).get("id"));
        assertThat(second.has("nextCursor")).isFalse();
        assertThat(finance.json("/v1/anomalies?to=2023-12-11").get("anomalies")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/anomalies?limit=0, 400, invalid_parameter",
        "/v1/anomalies?from=soon, 400, invalid_parameter",
        "/v1/anomalies?from=2023-02-30, 400, invalid_parameter",
        "/v1/anomalies?cursor=x, 400, invalid_parameter",
        "/v1/anomalies?tenant=%00, 422, invalid_tenant",
        "/v1/anomalies/nonsense, 404, no_anomaly",
        "/v1/spend/explain?day=2023-11-30, 400, invalid_parameter",
        "/v1/spend/explain?tenant=odd, 400, invalid_parameter",
        "/v1/spend/explain?tenant=odd&day=1971-06-01&zone=Africa/Monrovia, 422, not_on_window_boundary",
        "/v1/spend/explain?tenant=odd&day=0001-06-01, 400, invalid_parameter",
        "/v1/spend/forecast, 400, invalid_parameter",
        "/v1/spend/forecast?tenant=a/b, 422, invalid_tenant",
        "/v1/spend/forecast?tenant=odd&zone=Mars, 400, invalid_parameter"
    })
    void aQuestionThatMakesNoSenseIsNamed(String path, int status, String code) {
        assertProblem(finance.get(path), status, code);
    }
}
