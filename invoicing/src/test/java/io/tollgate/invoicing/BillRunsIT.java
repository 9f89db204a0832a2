package io.tollgate.invoicing;

import static io.tollgate.invoicing.RunningService.WINDOW;
import static io.tollgate.invoicing.RunningService.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tollgate.invoicing.RollupsTable.Row;
import io.tollgate.invoicing.connection.ConnectionUrl;
import io.tollgate.invoicing.invoice.BillingTerms;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The close of a month for all tenants, on real databases, with real processes. */
class BillRunsIT {

    private static final YearMonth NOVEMBER = YearMonth.of(2023, 11);
    static final String RUN = "/v1/bill-runs/2023-11.tollgate";
    private static final int TENANTS = 3000;

    @Test
    void whatIsInTheWayBlocksItsTenantUntilANamedPersonLetsItPass() {
        RollupsTable table = RollupsTable.create();
        table.fill("t", 30);
        table.insert(
                Row.of("odd", WINDOW, Map.of("input_tokens", 4_000_000L, "images", 12L)),
                Row.of("back", WINDOW, Map.of("input_tokens", -5_000_000L)));
        try (RunningService running = new RunningService(table.url())) {
            Finance finance = running.finance;
            assertProblem(close(finance, "2023-11"), 409, "no_price_book");
            running.publishListPrices();
            assertProblem(close(finance, "2023-12"), 409, "period_open");
            assertProblem(close(finance, "November"), 400, "invalid_parameter");
            assertProblem(finance.get(RUN), 404, "no_bill_run");

            JsonNode run = closed(finance);
            assertThat(run.get("state").asText()).isEqualTo("blocked");
            assertThat(run.at("/tenants/invoiced").asInt()).isEqualTo(30);
            assertThat(run.at("/tenants/blocked").asInt()).isEqualTo(2);
            JsonNode exceptions = finance.json(RUN + "/exceptions").get("exceptions");
            assertThat(exceptions.findValuesAsText("code")).containsExactly("negative_usage", "unpriced_usage");
            assertThat(exceptions.findValuesAsText("tenant")).containsExactly("back", "odd");
            assertThat(finance.get("/v1/invoices/odd.2023-11.1").body()).contains("\"status\":\"draft\"");

            assertProblem(waive(finance, "unpriced_usage", "", "promo"), 422, "invalid_waiver");
            assertProblem(waive(finance, "no_such", "Ada", "promo"), 404, "no_exception");
            assertProblem(waive(finance, "no\\u0000such", "Ada", "promo"), 422, "cannot_be_waived");
            assertProblem(finance.get("/v1/bill-runs/2023-11.Toll"), 404, "no_bill_run");
            for (String body : List.of("{}", "null", "{\"period\":null}")) {
                assertThat(finance.post("/v1/bill-runs", body).statusCode()).isBetween(400, 422);
            }
            assertThat(finance.post(RUN + "/waivers", "{\"code\":null,\"by\":\"Ada\",\"reason\":\"promo\"}")
                            .statusCode())
                    .isBetween(400, 422);
            assertThat(waive(finance, "unpriced_usage", "Ada Lovelace", "promotion")
                            .body())
                    .isEqualTo("{\"waived\":1}");
            assertThat(closed(finance).at("/tenants/blocked").asInt()).isEqualTo(1);

            JsonNode odd = finance.json("/v1/invoices/odd.2023-11.1");
            assertThat(odd.get("status").asText()).isEqualTo("final");
            assertThat(odd.get("total").asText()).isEqualTo("10.00");
            assertThat(odd.get("exceptions").findValuesAsText("meter")).containsExactly("images");
            JsonNode waived = finance.json(RUN + "/exceptions?limit=2").at("/exceptions/1/waiver");
            assertThat(waived.get("by").asText()).isEqualTo("Ada Lovelace");
            assertThat(waived.get("reason").asText()).isEqualTo("promotion");

            waive(finance, "negative_usage", "Ada Lovelace", "known");
            assertThat(closed(finance).get("state").asText()).isEqualTo("blocked");
            assertThat(finance.json(RUN + "/exceptions").findValuesAsText("code"))
                    .containsExactly("negative_usage", "negative_total", "unpriced_usage");
            assertProblem(waive(finance, "negative_total", "Ada", "pay them"), 422, "cannot_be_waived");
        }
    }

    @Test
    void whatIsNobodysBlocksEverybodyUntilItIsWaivedAsItStands() {
        RollupsTable table = RollupsTable.create();
        table.fill("t", 3);
        table.insert(Row.of("", WINDOW, Map.of("input_tokens", 7L)));
        table.execute(
                "INSERT INTO rejected_events (rejected_shard, rejected_offset, rejected_at, stage, reason, detail,"
                        + " origin, source, id, original) VALUES (0, 1, toDateTime64('2023-11-03 10:00:00', 3, 'UTC'), 'edge',"
                        + " 'missing_dimension', '', '', 's', 'x', ''), (0, 2, toDateTime64('2023-12-01 10:00:00', 3, 'UTC'),"
                        + " 'edge', 'missing_dimension', '', '', 's', 'y', '')");
        // The archive has what the rollups do not have yet.
        table.execute("INSERT INTO events (shard, offset, arrived, window_start, source, id, time, tenant, digest)"
                + " SELECT 0, number, toDateTime64('2023-11-16 18:20:00', 3, 'UTC'), toDateTime('2023-11-16 18:15:00',"
                + " 'UTC'), 's', toString(number), toDateTime64('2023-11-16 18:16:00', 6, 'UTC'), 't0000002', 1"
                + " FROM numbers(5)");
        try (RunningService running = new RunningService(table.url())) {
            running.publishListPrices();
            Finance finance = running.finance;

            assertThat(closed(finance).at("/tenants/total").asInt()).isZero();
            JsonNode exceptions = finance.json(RUN + "/exceptions").get("exceptions");
            assertThat(exceptions.findValuesAsText("code"))
                    .containsExactlyInAnyOrder("usage_without_tenant", "unsettled_rejected_events");
            assertThat(exceptions.toString()).contains("1 events were kept out because of missing_dimension");

            waive(finance, "usage_without_tenant", "Ada", "a test");
            waive(finance, "unsettled_rejected_events", "Ada", "a test");
            table.insert(Row.of("", WINDOW.plusSeconds(900), Map.of("input_tokens", 1L)));
            assertThat(closed(finance).at("/tenants/total").asInt()).isZero();
            waive(finance, "usage_without_tenant", "Ada", "a test, too");
            JsonNode run = closed(finance);
            assertThat(run.at("/tenants/invoiced").asInt()).isEqualTo(2);
            assertThat(run.at("/tenants/blocked").asInt()).isEqualTo(1);
            assertThat(finance.json(RUN + "/exceptions").findValuesAsText("code"))
                    .contains("rollup_lag");

            // A single close is stopped by the same, and somebody may let the same pass.
            String single = "/v1/invoices/t0000002.2023-11.1:finalize";
            HttpResponse<String> refused = finance.post(single, "");
            assertThat(refused.statusCode()).isEqualTo(409);
            assertThat(Finance.read(refused).get("errors").findValuesAsText("code"))
                    .contains("rollup_lag", "unsettled_rejected_events", "usage_without_tenant");
            String waiver = "{\"code\":\"%s\",\"by\":\"Ada\",\"reason\":\"a test\"}";
            String wish = "{\"waivers\":[" + waiver.formatted("rollup_lag") + ","
                    + waiver.formatted("unsettled_rejected_events") + "]}";
            assertThat(Finance.read(finance.post(single, wish)).get("errors").findValuesAsText("code"))
                    .containsOnly("usage_without_tenant");
            assertProblem(
                    finance.post(single, "{\"waivers\":[" + waiver.formatted("period_open") + "]}"),
                    422,
                    "cannot_be_waived");
            HttpResponse<String> kept =
                    finance.post(single, wish.replace("]}", "," + waiver.formatted("usage_without_tenant") + "]}"));
            assertThat(kept.statusCode()).as(kept.body()).isEqualTo(200);
            assertThat(finance.json("/v1/invoices/t0000002.2023-11.1/account")
                            .get("waivers")
                            .findValuesAsText("code"))
                    .contains("rollup_lag", "unsettled_rejected_events");
        }
    }

    @Test
    void lateUsageInGraceIsReRatedAndTheCloseWaitsUnlessSomebodySaysSo() {
        RollupsTable table = RollupsTable.create();
        table.fill("t", 1);
        BillingTerms threeDays = new BillingTerms("acme-cloud", Duration.ofDays(3), 14, false);
        try (RunningService running = new RunningService(table.url(), threeDays, RunningService.DECEMBER)) {
            running.publishListPrices();
            Finance finance = running.finance;

            JsonNode open = finance.json("/v1/invoices/t0000001.2023-11.1");
            assertThat(open.get("status").asText()).isEqualTo("grace");
            assertThat(open.get("graceUntil").asText()).isEqualTo("2023-12-04T00:00:00Z");
            assertThat(open.get("exactSum").asText()).isEqualTo("0.0025");
            table.insert(Row.of("t0000001", WINDOW.plusSeconds(900), Map.of("input_tokens", 1000L)));
            assertThat(finance.json("/v1/invoices/t0000001.2023-11.1")
                            .get("exactSum")
                            .asText())
                    .isEqualTo("0.005");
            assertProblem(close(finance, "2023-11"), 409, "in_grace");
            assertProblem(finance.post("/v1/invoices/t0000001.2023-11.1:finalize", ""), 409, "in_grace");

            HttpResponse<String> told = finance.post("/v1/invoices/t0000001.2023-11.1:finalize?inGrace=true", "");
            assertThat(told.statusCode()).isEqualTo(200);
            assertThat(Finance.read(told).get("number").asText()).isEqualTo("INV-000001");
            assertThat(Finance.read(told).get("dueOn").asText()).isEqualTo("2023-12-16");
            assertThat(finance.post("/v1/bill-runs", "{\"period\":\"2023-11\",\"inGrace\":true}")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(ended(finance, "/v1/bill-runs/2023-11.acme-cloud")
                            .at("/tenants/invoiced")
                            .asInt())
                    .isEqualTo(1);
        }
    }

    @Test
    void twoClosesAtOnceAndOneKilledHalfWayGiveOneSetOfInvoices() throws Exception {
        RollupsTable table = RollupsTable.create();
        table.fill("t", TENANTS);
        Instant now = RunningService.DECEMBER.instant();
        try (RunningService running = new RunningService(table.url())) {
            running.publishListPrices();
            Process victim = BillRunProcess.start(running.postgres, table.url(), NOVEMBER, now);
            Process other = BillRunProcess.start(running.postgres, table.url(), NOVEMBER, now);
            killHalfWay(victim, running.postgres);
            assertThat(other.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(other.exitValue()).isZero();
            assertOneSet(running);
            // Told again, by a third, nothing changes.
            String before = digest(running.postgres);
            assertThat(closed(running.finance).get("state").asText()).isEqualTo("finished");
            assertThat(digest(running.postgres)).isEqualTo(before);
            assertThat(count(running.postgres, "SELECT count(*) FROM event WHERE type LIKE '%bill_run%'"))
                    .isEqualTo(1);
        }
    }

    @Test
    void oneThatIsKilledHalfWayGoesOnWhenItIsStartedAgain() throws Exception {
        RollupsTable table = RollupsTable.create();
        table.fill("t", TENANTS);
        try (RunningService running = new RunningService(table.url())) {
            running.publishListPrices();
            Process victim =
                    BillRunProcess.start(running.postgres, table.url(), NOVEMBER, RunningService.DECEMBER.instant());
            killHalfWay(victim, running.postgres);
            long half = count(running.postgres, "SELECT count(*) FROM invoice");
            assertThat(half).isBetween(1L, TENANTS - 1L);

            JsonNode run = closed(running.finance);

            assertThat(run.get("state").asText()).isEqualTo("finished");
            assertOneSet(running);
        }
    }

    @Test
    void closesOfOneMonthAtOnceInOneProcessAreOneRun() {
        RollupsTable table = RollupsTable.create();
        table.fill("t", 500);
        try (RunningService running = new RunningService(table.url())) {
            running.publishListPrices();
            List<Integer> answers = IntStream.range(0, 6)
                    .parallel()
                    .mapToObj(turn -> close(running.finance, "2023-11").statusCode())
                    .distinct()
                    .toList();

            assertThat(answers).containsExactly(200);
            assertThat(ended(running.finance, RUN).at("/tenants/invoiced").asInt())
                    .isEqualTo(500);
            assertThat(running.finance.json("/v1/bill-runs").get("billRuns")).hasSize(1);
        }
    }

    /** Once it has made some invoices, and before it has made all. */
    private static void killHalfWay(Process victim, String postgres) throws Exception {
        try (Connection connection = connect(postgres);
                PreparedStatement some = connection.prepareStatement("SELECT EXISTS (SELECT 1 FROM invoice)")) {
            boolean made = false;
            while (victim.isAlive() && !made) {
                try (ResultSet row = some.executeQuery()) {
                    row.next();
                    made = row.getBoolean(1);
                }
            }
        }
        victim.destroyForcibly().waitFor();
    }

    /** An invoice for each tenant, numbered without a gap, with the sum of what all used. */
    private static void assertOneSet(RunningService running) throws SQLException {
        String postgres = running.postgres;
        assertThat(count(postgres, "SELECT count(*) FROM invoice")).isEqualTo(TENANTS);
        assertThat(count(postgres, "SELECT count(DISTINCT tenant) FROM invoice"))
                .isEqualTo(TENANTS);
        assertThat(count(postgres, "SELECT min(number) FROM invoice")).isEqualTo(1);
        assertThat(count(postgres, "SELECT max(number) FROM invoice")).isEqualTo(TENANTS);
        assertThat(count(postgres, "SELECT count(*) FROM event WHERE type LIKE '%finalised%'"))
                .isEqualTo(TENANTS);
        long tokens = LongStream.range(0, TENANTS).map(number -> 1000 + number).sum();
        assertThat(count(postgres, "SELECT (sum(exact_sum) * 1000000 / 2.5)::bigint FROM invoice"))
                .isEqualTo(tokens);
        JsonNode run = running.finance.json(RUN);
        assertThat(run.get("state").asText()).isEqualTo("finished");
        assertThat(run.at("/tenants/invoiced").asInt()).isEqualTo(TENANTS);
    }

    private static HttpResponse<String> close(Finance finance, String month) {
        return finance.post("/v1/bill-runs", "{\"period\":\"" + month + "\"}");
    }

    private static HttpResponse<String> waive(Finance finance, String code, String by, String reason) {
        return finance.post(
                RUN + "/waivers", "{\"code\":\"%s\",\"by\":\"%s\",\"reason\":\"%s\"}".formatted(code, by, reason));
    }

    static JsonNode closed(Finance finance) {
        assertThat(close(finance, "2023-11").statusCode()).isEqualTo(200);
        return ended(finance, RUN);
    }

    private static JsonNode ended(Finance finance, String path) {
        Instant deadline = Clock.systemUTC().instant().plusSeconds(60);
        JsonNode run = finance.json(path);
        while (run.get("state").asText().equals("running")
                && Clock.systemUTC().instant().isBefore(deadline)) {
            run = finance.json(path);
        }
        return run;
    }

    private static String digest(String postgres) throws SQLException {
        return text(postgres, "SELECT md5(string_agg(document, '' ORDER BY id)) FROM invoice");
    }

    private static long count(String postgres, String sql) throws SQLException {
        return Long.parseLong(text(postgres, sql));
    }

    private static String text(String postgres, String sql) throws SQLException {
        try (Connection connection = connect(postgres);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private static Connection connect(String postgres) throws SQLException {
        ConnectionUrl url = ConnectionUrl.postgres(postgres);
        Properties properties = new Properties();
        url.user().ifPresent(user -> properties.setProperty("user", user));
        url.password().ifPresent(password -> properties.setProperty("password", password));
        properties.setProperty("currentSchema", "invoicing");
        return DriverManager.getConnection(url.jdbcUrl(), properties);
    }
}
