package io.tollgate.invoicing;

import static io.tollgate.invoicing.RunningService.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.invoicing.usage.UsageReader;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A tenant has a tag with a value of its own in each of more rollups than quantities are held. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TooMuchDetailIT {

    private static final String NOVEMBER = "from=2023-11-01&to=2023-12-01&tenant=wide";
    private static final int ROLLUPS = UsageReader.QUANTITIES_MAX + 1;

    private RollupsTable table;
    private RunningService running;
    private Finance finance;

    @BeforeAll
    void start() {
        table = RollupsTable.create();
        fill(table, "wide", "toDateTime('2023-11-01 00:00:00', 'UTC') + 900 * (number % 2880)", "''");
        fill(
                table,
                "busy",
                "toDateTime('2023-12-01 00:00:00', 'UTC') + 900 * (number % 96)",
                "concat('project-', toString(number))");
        running = new RunningService(table.url());
        finance = running.finance;
        running.publishListPrices();
    }

    private static void fill(RollupsTable table, String tenant, String window, String project) {
        table.execute("INSERT INTO rollups (window_start, tenant, project, tags, provider, model, requested_model,"
                + " accelerator_type, region, operation, service_tier, outcome, context_band, shard, quantities,"
                + " event_count, digest, version, observations) SELECT"
                + " " + window + ", '" + tenant + "', " + project + ","
                + " map('api_key_id', concat('key-', toString(number))), 'openai', 'gpt-4o', '', 'nvidia-h100', '', 'chat',"
                + " 'standard', 'success', 0, 0, map('input_tokens', toInt64(4)), 1, toUInt128(number), 1, []"
                + " FROM numbers(" + ROLLUPS + ")");
    }

    @AfterAll
    void stop() {
        running.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/spend?groupBy=tag:api_key_id&" + NOVEMBER,
                "/v1/spend?filter=tag:api_key_id=key-7&format=csv&" + NOVEMBER,
                "/v1/usage?groupBy=tag:api_key_id&" + NOVEMBER,
                "/v1/usage?groupBy=tag:api_key_id&granularity=hour&" + NOVEMBER,
                "/v1/spend/explain?filter=project=project-7&day=2023-12-01&tenant=busy",
                "/v1/focus?period=2023-11&tenant=wide",
                "/v1/invoices/wide.2023-11.1/focus?format=parquet"
            })
    void whatIsMoreThanIsHeldIsRefusedAndSaysWhatToAskInstead(String question) {
        HttpResponse<String> refused = finance.get(question);

        assertProblem(refused, 422, "too_much_detail");
        assertThat(refused.body()).contains("more than " + UsageReader.QUANTITIES_MAX + " quantities");
    }

    @Test
    void soItIsOfChargebackWhoseRulesNeedIt() {
        HttpResponse<String> rules = finance.put(
                "/v1/chargeback/wide/rules",
                "{\"effectiveFrom\":\"2023-01-01\",\"mode\":\"showback\",\"costCentres\":[{\"id\":\"1\"}],"
                        + "\"assignments\":[{\"id\":\"a\",\"costCentreFromTag\":\"api_key_id\"}]}");
        assertThat(rules.statusCode()).as(rules.body()).isEqualTo(201);

        assertProblem(finance.get("/v1/chargeback/wide/2023-11"), 422, "too_much_detail");
    }

    @Test
    void vendorsSayItInTheirOwnWords() {
        String question = "/v1/organization/usage/completions?start_time=1698796800&end_time=1701388800&limit=31";
        String token = Finance.read(finance.post("/v1/tenants/wide/tokens", "{\"label\":\"theirs\"}"))
                .get("token")
                .asText();
        HttpResponse<String> refused = running.as(token).get(question + "&group_by=api_key_id");

        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
        assertThat(refused.body())
                .contains("\"type\":\"invalid_request_error\"")
                .contains("\"code\":\"too_much_detail\"");
    }

    /** Whoever names a project of its own in each request must not be without a budget for that. */
    @Test
    void aBudgetOfTheWholeTenantIsCountedHoweverManyProjectsThereAre() {
        HttpResponse<String> made = finance.post(
                "/v1/budgets",
                "{\"name\":\"all\",\"tenant\":\"busy\",\"period\":\"month\",\"amount\":\"10\",\"currency\":\"USD\"}");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);

        assertThat(finance.json("/v1/budgets/" + Finance.read(made).get("id").asText())
                        .at("/use/used")
                        .asText())
                .startsWith("2.00");
    }

    /** 200,001 times 4 tokens, at 2.50 a million. */
    @ParameterizedTest
    @ValueSource(strings = {"granularity=day", "granularity=hour&groupBy=project,model", "groupBy=tenant,project"})
    void whatIsLessIsAnswered(String question) {
        assertThat(finance.json("/v1/spend?" + question + "&" + NOVEMBER)
                        .at("/total/effectiveCost")
                        .asText())
                .isEqualTo("2.00001");
    }

    @Test
    void aBudgetIsCountedHoweverManyOthersThereAreLikeWhatItIsAbout() {
        String period = "\"tenant\":\"wide\",\"period\":\"fixed\",\"from\":\"2023-11-01\",\"to\":\"2024-01-01\"";
        String whole = BudgetSite.made(
                finance, "{\"name\":\"all\",\"amount\":\"100\",\"meter\":\"input_tokens\"," + period + "}");
        String one = BudgetSite.made(
                finance,
                "{\"name\":\"one\",\"amount\":\"1\",\"currency\":\"USD\",\"tags\":{\"api_key_id\":\"key-7\"}," + period
                        + "}");

        assertThat(finance.json("/v1/budgets/" + whole).at("/use/used").asText())
                .isEqualTo("800004");
        assertThat(finance.json("/v1/budgets/" + one).at("/use/used").asText()).isEqualTo("0.00001");
    }

    /** As an account has many members: nothing is told apart but products, and still it is too much for a month of days. */
    @Test
    void aBudgetIsCountedInPartsWhereAMonthIsTooMuchAtOnce() {
        table.execute("INSERT INTO rollups (window_start, tenant, project, tags, provider, model, requested_model,"
                + " accelerator_type, region, operation, service_tier, outcome, context_band, shard, quantities,"
                + " event_count, digest, version, observations) SELECT"
                + " toDateTime('2023-11-01 00:00:00', 'UTC') + 86400 * intDiv(number, 7000), 'many', '', map(), 'openai',"
                + " concat('gpt-', toString(number % 7000)), '', '', '', 'chat', 'standard', 'success', 0, 0,"
                + " map('requests', toInt64(4)), 1, toUInt128(number), 1, [] FROM numbers(210000)");

        String budget = BudgetSite.made(
                finance,
                "{\"name\":\"all\",\"amount\":\"100\",\"meter\":\"requests\",\"tenant\":\"many\",\"period\":\"fixed\","
                        + "\"from\":\"2023-11-01\",\"to\":\"2024-01-01\"}");

        assertThat(finance.json("/v1/budgets/" + budget).at("/use/used").asText())
                .isEqualTo("840000");
    }

    @Test
    void whatANoteSaysIsToldInFocusHoweverMuchItsMonthUsed() {
        fill(table, "noted", "toDateTime('2023-11-01 00:00:00', 'UTC') + 900 * (number % 2880)", "''");
        assertThat(finance.post("/v1/invoices/noted.2023-11.1:finalize", "").statusCode())
                .isEqualTo(200);
        table.insert(RollupsTable.Row.of("noted", RunningService.WINDOW, Map.of("output_tokens", 1_000_000L)));
        HttpResponse<String> note = finance.post("/v1/invoices/noted.2023-11.1/notes", "{\"reason\":\"late\"}");
        assertThat(note.statusCode()).as(note.body()).isEqualTo(200);

        HttpResponse<String> december = finance.get("/v1/focus?tenant=noted&period=2023-12");
        assertThat(december.statusCode()).as(december.body()).isEqualTo(200);
        assertThat(december.body()).contains("Correction", "noted.2023-11.2");
    }
}
