package io.tollgate.invoicing;

import static io.tollgate.invoicing.RunningService.BOOK;
import static io.tollgate.invoicing.RunningService.WINDOW;
import static io.tollgate.invoicing.RunningService.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tollgate.invoicing.RollupsTable.Row;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Price books, spend, and who may see them, on real databases. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PricesAndSpendIT {

    private RollupsTable table;
    private RunningService running;
    private Finance finance;

    @BeforeAll
    void start() {
        table = RollupsTable.create();
        running = new RunningService(table.url());
        finance = running.finance;
        running.publishListPrices();
    }

    @AfterAll
    void stop() {
        running.close();
    }

    @Test
    void priceBooksArePublishedInVersions() {
        String book = BOOK.replace("\"list\"", "\"partner\"");
        String later = book.replace("2020-01-01", "2023-01-01").replace("2.50", "2.00");

        assertThat(finance.post("/v1/price-books", book).statusCode()).isEqualTo(201);
        assertThat(finance.post("/v1/price-books", book).statusCode()).isEqualTo(200);
        assertThat(Finance.read(finance.post("/v1/price-books", later))
                        .get("version")
                        .asInt())
                .isEqualTo(2);

        assertThat(finance.json("/v1/price-books/partner").get("version").asInt())
                .isEqualTo(2);
        assertThat(finance.json("/v1/price-books/partner?at=2022-12-31")
                        .get("version")
                        .asInt())
                .isEqualTo(1);
        assertThat(finance.json("/v1/price-books/partner?version=1")
                        .get("cards")
                        .get(0)
                        .get("prices")
                        .get("input_tokens")
                        .get("amount")
                        .asText())
                .isEqualTo("2.50");
        assertThat(finance.json("/v1/price-books").get("priceBooks").findValuesAsText("name"))
                .contains("list", "partner");
        assertProblem(finance.get("/v1/price-books/partner?at=2019-01-01"), 404, "no_price_book");
        assertProblem(finance.get("/v1/price-books/unheard-of"), 404, "no_price_book");
    }

    @Test
    void aPriceBookThatCannotBillIsRefused() {
        String card = BOOK.substring(BOOK.indexOf("{\"match\""), BOOK.lastIndexOf("]}"));

        assertProblem(finance.post("/v1/price-books", BOOK.replace(card, card + "," + card)), 422, "price_tie");
        assertProblem(
                finance.post("/v1/price-books", BOOK.replace("T00:00:00Z", "T00:07:00Z")),
                422,
                "not_on_window_boundary");
        assertProblem(finance.post("/v1/price-books", BOOK.replace("USD", "EUR")), 422, "currency_change");
        assertProblem(finance.post("/v1/price-books", BOOK.replace("2.50", "cheap")), 422, "invalid_price_book");
        assertProblem(finance.post("/v1/price-books", BOOK.replace("amount", "price")), 422, "invalid_body");
        assertProblem(finance.post("/v1/price-books", "{"), 400, "malformed_json");
        assertProblem(finance.post("/v1/price-books", ""), 422, "invalid_price_book");
    }

    @Test
    void spendIsGroupedAndAddsUpToTheInvoice() {
        table.insert(
                Row.of("spender", WINDOW, Map.of("input_tokens", 1_000_000L)).project("blue"),
                Row.of("spender", WINDOW.plusSeconds(86_400), Map.of("input_tokens", 3_000_000L, "output_tokens", 1L)));

        JsonNode byProject = finance.json(
                "/v1/spend?from=2023-11-01&to=2023-12-01T00:00:00Z&groupBy=project,meter&granularity=day&tenant=spender");

        assertThat(byProject.get("rows")).extracting(JsonNode::toString).containsExactly("""
                {"from":"2023-11-16T00:00:00Z","to":"2023-11-17T00:00:00Z",\
                "group":{"meter":"input_tokens","project":"blue"},"quantity":"1000000",\
                "listCost":"2.50","contractedCost":"2.50","effectiveCost":"2.50"}""", """
                {"from":"2023-11-17T00:00:00Z","to":"2023-11-18T00:00:00Z",\
                "group":{"meter":"input_tokens","project":""},"quantity":"3000000",\
                "listCost":"7.50","contractedCost":"7.50","effectiveCost":"7.50"}""", """
                {"from":"2023-11-17T00:00:00Z","to":"2023-11-18T00:00:00Z",\
                "group":{"meter":"output_tokens","project":""},"quantity":"1",\
                "listCost":"0.00001","contractedCost":"0.00001","effectiveCost":"0.00001"}""");
        assertThat(byProject.at("/total/effectiveCost").asText())
                .isEqualTo("10.00001")
                .isEqualTo(finance.json("/v1/invoices/spender.2023-11.1")
                        .get("exactSum")
                        .asText());
        assertThat(byProject.get("currency").asText()).isEqualTo("USD");
        assertThat(finance.json("/v1/spend?from=2023-11-16T18:15:00Z&to=2023-11-16T18:30:00Z&tenant=spender"
                                + "&groupBy=accelerator,tier")
                        .get("rows")
                        .toString())
                .contains("\"group\":{\"acceleratorType\":\"nvidia-h100\",\"serviceTier\":\"standard\"}")
                .contains("\"effectiveCost\":\"2.50\"");
    }

    @Test
    void spendByTiersIsWhatEachDayAddsToItsMonthAndAddsUpToTheInvoice() {
        String images = "'images':{'model':'graduated','tiers':[{'upTo':'10','amount':'1.00','per':1},"
                + "{'amount':'0.50','per':1}]}";
        String tiers =
                BOOK.replace("\"input_tokens\":{\"amount\":\"2.50\",\"per\":1000000}", images.replace('\'', '"'));
        try (RunningService tiered = new RunningService(table.url())) {
            assertThat(tiered.finance.post("/v1/price-books", tiers).statusCode())
                    .isEqualTo(201);
            table.insert(
                    Row.of("climber", WINDOW, Map.of("images", 8L)).project("blue"),
                    Row.of("climber", WINDOW.plusSeconds(900), Map.of("images", 4L)),
                    Row.of("climber", WINDOW.plusSeconds(86_400), Map.of("images", 6L)),
                    Row.of("climber", WINDOW.plusSeconds(30 * 86_400), Map.of("images", 10L)));
            String all = "/v1/spend?tenant=climber&granularity=day&from=2023-11-01&to=";

            assertThat(tiered.finance.json(all + "2024-01-01").get("rows"))
                    .extracting(row -> row.get("effectiveCost").asText())
                    .containsExactly("11.00", "3.00", "10.00");
            assertThat(tiered.finance
                            .json("/v1/spend?tenant=climber&groupBy=project&from=2023-11-16T18:15:00Z"
                                    + "&to=2023-11-17")
                            .get("rows"))
                    .extracting(row -> row.get("effectiveCost").asText())
                    .containsExactly("4.00", "7.00");
            assertThat(tiered.finance
                            .json("/v1/spend?tenant=climber&from=2023-11-17&to=2023-11-18")
                            .at("/total/effectiveCost")
                            .asText())
                    .isEqualTo("3.00");
            assertThat(tiered.finance
                            .json("/v1/invoices/climber.2023-11.1")
                            .get("exactSum")
                            .asText())
                    .isEqualTo("14.00");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "from=2023-11-01T00:01:00Z&to=2023-12-01, 422, not_on_window_boundary",
        "from=2023-12-01&to=2023-11-01, 422, empty_range",
        "from=2023-12-01, 400, invalid_parameter",
        "from=november&to=2023-12-01, 400, invalid_parameter",
        "from=2023-11-01&to=2023-12-01&groupBy=shard, 400, invalid_parameter",
        "from=2000-11-01&to=2023-12-01&granularity=day, 422, range_too_long",
        "from=1900-11-01&to=2023-12-01, 422, range_too_long",
        "from=2023-11-01&to=2023-12-01&granularity=15min, 422, range_too_long",
        "from=2023-11-01&to=2023-12-10&granularity=hour, 422, range_too_long",
        "from=1971-01-01T01:00:00Z&to=1971-01-03T00:00:00Z&granularity=day&zone=Africa/Monrovia, 422, not_on_window_boundary",
        "from=2023-11-01&to=2023-12-01&granularity=week, 400, invalid_parameter",
        "from=2023-11-01&to=2023-12-01&zone=Mars, 400, invalid_parameter",
        "from=2023-11-01&to=2023-12-01&filter=gpt-4o, 400, invalid_parameter",
        "from=2023-11-01&to=2023-12-01&format=pdf, 400, invalid_parameter",
        "from=2023-11-01&to=2023-12-01&cursor=x, 400, invalid_parameter",
        "from=2023-11-01&to=2023-12-01&limit=0, 400, invalid_parameter",
        "from=2023-11-01&to=2023-12-01&tenant=%00, 422, invalid_tenant",
        "from=2023-11-01&to=2023-12-01&tenant=a/b, 422, invalid_tenant"
    })
    void aQuestionThatMakesNoSenseIsNamed(String query, int status, String code) {
        assertProblem(finance.get("/v1/spend?" + query), status, code);
        assertProblem(finance.get("/v1/usage?" + query), status, code);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/invoices",
                "/v1/invoices/acme.2023-11.1",
                "/v1/spend?from=2023-11-01&to=2023-12-01",
                "/v1/price-books"
            })
    void onlyFinanceSeesMoney(String path) {
        assertThat(running.as("the-platform").get(path).statusCode()).isEqualTo(403);
        assertThat(running.as("a-stranger").get(path).statusCode()).isEqualTo(401);
        assertThat(running.as("the-admin").get(path).statusCode()).isNotIn(401, 403);
    }

    /** PostgreSQL has no text with a NUL, and no time in the year 999999999; neither may get there. */
    @Test
    void whatNoDatabaseTakesIsRefusedBefore() {
        String overlong = "a".repeat(129);
        for (String tenant : List.of("%00", "acme%00", "a%20b", overlong, "%C3%A4", "%E2%80%AE")) {
            assertProblem(finance.get("/v1/invoices?tenant=" + tenant), 422, "invalid_tenant");
        }
        for (String tenant : List.of("a%20b", overlong, "%C3%A4")) {
            assertProblem(finance.get("/v1/invoices/" + tenant + ".2023-11.1"), 404, "no_invoice");
        }
        assertProblem(finance.get("/v1/price-books/" + overlong), 404, "no_price_book");
        assertProblem(finance.get("/v1/invoices/a%2Fb%20c.2023-11.1"), 400, "bad_request");
        for (String path : List.of(
                "/v1/invoices/%00", "/v1/price-books/list%00", "/v1/invoices?period=%00", "/v1/invoices?cursor=%00")) {
            assertThat(finance.get(path).statusCode()).as(path).isIn(400, 404, 422);
        }
        assertProblem(
                finance.post("/v1/price-books", BOOK.replace("2020-01-01", "+999999999-01-01")),
                422,
                "invalid_price_book");
        assertProblem(
                finance.post("/v1/price-books", BOOK.replace("input_tokens", "input\\u0000tokens")),
                422,
                "invalid_price_book");
        assertProblem(finance.post("/v1/price-books", BOOK.replace("gpt-4o", "\\u0000")), 422, "invalid_price_book");
    }

    @Test
    void theServiceIsHealthyWhenItsDatabasesAre() {
        HttpResponse<String> health = new Finance(running.service.adminPort(), "").get("/health");

        assertThat(health.statusCode()).isEqualTo(200);
        assertThat(health.body()).contains("postgres", "clickhouse");
        assertThat(finance.json("/openapi.json").get("paths").fieldNames())
                .toIterable()
                .contains("/v1/invoices/{id}:finalize", "/v1/spend", "/v1/price-books");
    }

    @Test
    void withoutListPricesNothingIsBilledAndThatIsSaid() {
        table.insert(Row.of("first", WINDOW, Map.of("input_tokens", 1L)));
        try (RunningService unpriced = new RunningService(table.url())) {
            assertProblem(unpriced.finance.get("/v1/invoices/first.2023-11.1"), 409, "no_price_book");
            assertProblem(unpriced.finance.get("/v1/spend?from=2023-11-01&to=2023-12-01"), 409, "no_price_book");
            assertProblem(unpriced.finance.get("/v1/invoices"), 409, "no_price_book");
            assertProblem(unpriced.finance.post("/v1/invoices/first.2023-11.1:finalize", ""), 409, "no_price_book");
        }
    }

    @Test
    void withoutUsageBooksAreServedAndTheRestIsUnavailable() {
        try (RunningService blind = new RunningService(table.url() + "_missing")) {
            blind.publishListPrices();

            assertThat(blind.finance.get("/v1/price-books/list").statusCode()).isEqualTo(200);
            assertProblem(blind.finance.get("/v1/spend?from=2023-11-01&to=2023-12-01"), 503, "usage_unavailable");
            assertProblem(blind.finance.get("/v1/invoices"), 503, "usage_unavailable");
            assertThat(new Finance(blind.service.adminPort(), "").get("/health").statusCode())
                    .isEqualTo(503);
        }
    }
}
