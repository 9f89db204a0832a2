package io.tollgate.invoicing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tollgate.invoicing.RollupsTable.Row;
import io.tollgate.parts.TestParts;
import io.tollgate.service.Tokens;
import java.math.BigInteger;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The service as finance meets it, on real databases. Each law uses tenants of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InvoicingServiceIT {

    private static final Instant WINDOW = Instant.parse("2023-11-16T18:15:00Z");
    private static final Clock DECEMBER = Clock.fixed(Instant.parse("2023-12-02T08:00:00Z"), ZoneOffset.UTC);
    private static final String BOOK = """
            {"name":"list","currency":"USD","effectiveFrom":"2020-01-01T00:00:00Z","cards":[
              {"match":{"provider":"openai","model":"gpt-4o"},
               "prices":{"input_tokens":{"amount":"2.50","per":1000000},"output_tokens":{"amount":"10.00","per":1000000}}}]}
            """;

    private RollupsTable table;
    private InvoicingService service;
    private Finance finance;

    @BeforeAll
    void start() {
        table = RollupsTable.create();
        Tokens tokens = new Tokens("the-admin", "the-platform", "the-finance");
        service = InvoicingService.start(
                new InvoicingConfig("127.0.0.1", 0, 0, table.url(), TestParts.freshPostgresDatabase(), tokens),
                DECEMBER);
        finance = new Finance(service.port(), "the-finance");
        table.insert(Row.of("first", WINDOW, Map.of("input_tokens", 1L)));
        assertProblem(finance.get("/v1/invoices/first.2023-11.1"), 409, "no_price_book");
        assertProblem(finance.get("/v1/spend?from=2023-11-01&to=2023-12-01"), 409, "no_price_book");
        assertProblem(finance.get("/v1/invoices"), 409, "no_price_book");
        assertProblem(finance.post("/v1/invoices/first.2023-11.1:finalize", ""), 409, "no_price_book");
        assertThat(finance.post("/v1/price-books", BOOK).statusCode()).isEqualTo(201);
    }

    @AfterAll
    void stop() {
        service.close();
    }

    @Test
    void theReferenceMonthIsClosedAt47Dollars61AndStaysSo() {
        table.insert(
                Row.of("acme", WINDOW, Map.of("input_tokens", 18_000_000L)).project("blue"),
                Row.of("acme", WINDOW, Map.of("input_tokens", 59_974L, "output_tokens", 245_896L)));

        JsonNode draft = finance.json("/v1/invoices/acme.2023-11.1");
        assertThat(draft.get("status").asText()).isEqualTo("draft");
        assertThat(draft.get("exactSum").asText()).isEqualTo("47.608895");
        assertThat(draft.get("total").asText()).isEqualTo("47.61");
        assertThat(draft.get("lines").findValuesAsText("amount")).contains("45.15", "2.46");

        HttpResponse<String> closed = finance.post("/v1/invoices/acme.2023-11.1:finalize", "");
        assertThat(closed.statusCode()).isEqualTo(200);
        assertThat(closed.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/json");
        assertThat(finance.post("/v1/invoices/acme.2023-11.1:finalize", "").body())
                .isEqualTo(closed.body());
        assertThat(finance.json("/v1/invoices/acme.2023-11.1/usage-since-final")
                        .get("changed")
                        .asBoolean())
                .isFalse();

        table.insert(Row.of("acme", WINDOW.plusSeconds(900), Map.of("output_tokens", 100L))
                .events(3, BigInteger.TEN, 1));

        assertThat(finance.get("/v1/invoices/acme.2023-11.1").body()).isEqualTo(closed.body());
        assertThat(finance.post("/v1/invoices/acme.2023-11.1:finalize", "").body())
                .isEqualTo(closed.body());
        JsonNode since = finance.json("/v1/invoices/acme.2023-11.1/usage-since-final");
        assertThat(since.get("changed").asBoolean()).isTrue();
        assertThat(since.get("eventCount").asLong()).isEqualTo(3);
        assertThat(since.get("amount").asText()).isEqualTo("0.001");
        JsonNode listed = finance.json("/v1/invoices?tenant=acme&period=2023-11&status=final")
                .get("invoices")
                .get(0);
        assertThat(listed.get("total").asText()).isEqualTo("47.61");
        assertThat(listed.get("usageSinceFinal").get("amount").asText()).isEqualTo("0.001");
    }

    @Test
    void finalisationsAtOnceGiveOneInvoice() {
        table.insert(Row.of("racer", WINDOW, Map.of("input_tokens", 4_000_000L)));

        List<String> bodies = IntStream.range(0, 8)
                .parallel()
                .mapToObj(turn -> finance.post("/v1/invoices/racer.2023-11.1:finalize", "")
                        .body())
                .distinct()
                .toList();

        assertThat(bodies).singleElement().asString().contains("\"total\":\"10.00\"");
    }

    @Test
    void unpricedUsageStandsInTheDraftAndBlocksTheClose() {
        table.insert(
                Row.of("odd", WINDOW, Map.of("input_tokens", 4_000_000L, "images", 12L)),
                Row.of("odd", WINDOW, Map.of("input_tokens", 5L)).model("xai", "grok"));

        JsonNode exceptions = finance.json("/v1/invoices/odd.2023-11.1").get("exceptions");
        assertThat(exceptions.findValuesAsText("quantity")).containsExactly("12", "5");
        HttpResponse<String> refused = finance.post("/v1/invoices/odd.2023-11.1:finalize", "");

        assertProblem(refused, 409, "unpriced_usage");
        assertThat(Finance.read(refused).get("errors")).hasSize(2);
        assertThat(finance.json("/v1/spend?from=2023-11-01&to=2023-12-01&tenant=odd")
                        .get("exceptions"))
                .hasSize(2);
    }

    @Test
    void usageThatNamesNobodyBlocksTheCloseOfItsMonth() {
        table.insert(
                Row.of("", Instant.parse("2023-10-05T00:00:00Z"), Map.of("input_tokens", 7L)),
                Row.of("october", Instant.parse("2023-10-05T00:00:00Z"), Map.of("input_tokens", 7L)));

        assertProblem(finance.post("/v1/invoices/october.2023-10.1:finalize", ""), 409, "usage_without_tenant");
        assertThat(finance.json("/v1/spend?from=2023-10-01&to=2023-11-01")
                        .get("exceptions")
                        .get(0)
                        .get("code")
                        .asText())
                .isEqualTo("usage_without_tenant");
    }

    @Test
    void anOpenPeriodIsNotClosed() {
        table.insert(Row.of("eager", Instant.parse("2023-12-01T00:00:00Z"), Map.of("input_tokens", 7L)));

        assertProblem(finance.post("/v1/invoices/eager.2023-12.1:finalize", ""), 409, "period_open");
    }

    @Test
    void whoUsedNothingHasNoInvoice() {
        assertProblem(finance.get("/v1/invoices/nobody.2023-11.1"), 404, "no_usage");
        assertProblem(finance.post("/v1/invoices/nobody.2023-11.1:finalize", ""), 404, "no_usage");
        assertProblem(finance.get("/v1/invoices/nobody.2023-11.2"), 404, "no_invoice");
        assertProblem(finance.get("/v1/invoices/nonsense"), 404, "no_invoice");
        assertProblem(finance.get("/v1/invoices/nobody.2023-11.1/usage-since-final"), 409, "not_final");
    }

    @Test
    void spendIsGroupedAndAddsUpToTheInvoice() {
        table.insert(
                Row.of("spender", WINDOW, Map.of("input_tokens", 1_000_000L)).project("blue"),
                Row.of("spender", WINDOW.plusSeconds(86_400), Map.of("input_tokens", 3_000_000L, "output_tokens", 1L)));

        JsonNode byProject = finance.json(
                "/v1/spend?from=2023-11-01&to=2023-12-01T00:00:00Z&groupBy=project,meter&groupBy=day&tenant=spender");

        assertThat(byProject.get("rows").toString())
                .isEqualTo("[{\"group\":{\"day\":\"2023-11-17\",\"meter\":\"input_tokens\",\"project\":\"\"},"
                        + "\"quantity\":\"3000000\",\"cost\":\"7.50\"},"
                        + "{\"group\":{\"day\":\"2023-11-17\",\"meter\":\"output_tokens\",\"project\":\"\"},"
                        + "\"quantity\":\"1\",\"cost\":\"0.00001\"},"
                        + "{\"group\":{\"day\":\"2023-11-16\",\"meter\":\"input_tokens\",\"project\":\"blue\"},"
                        + "\"quantity\":\"1000000\",\"cost\":\"2.50\"}]");
        assertThat(byProject.get("total").asText())
                .isEqualTo("10.00001")
                .isEqualTo(finance.json("/v1/invoices/spender.2023-11.1")
                        .get("exactSum")
                        .asText());
        assertThat(byProject.get("currency").asText()).isEqualTo("USD");
        assertThat(finance.json("/v1/spend?from=2023-11-16T18:15:00Z&to=2023-11-16T18:30:00Z&tenant=spender"
                                + "&groupBy=accelerator,tier")
                        .get("rows")
                        .toString())
                .isEqualTo("[{\"group\":{\"acceleratorType\":\"nvidia-h100\",\"serviceTier\":\"standard\"},"
                        + "\"cost\":\"2.50\"}]");
    }

    @ParameterizedTest
    @CsvSource({
        "from=2023-11-01T00:01:00Z&to=2023-12-01, 422, not_on_window_boundary",
        "from=2023-12-01&to=2023-11-01, 422, empty_range",
        "from=2023-12-01, 400, invalid_parameter",
        "from=november&to=2023-12-01, 400, invalid_parameter",
        "from=2023-11-01&to=2023-12-01&groupBy=shard, 400, invalid_parameter",
        "from=2000-11-01&to=2023-12-01&groupBy=day, 422, range_too_long"
    })
    void aQuestionThatMakesNoSenseIsNamed(String query, int status, String code) {
        assertProblem(finance.get("/v1/spend?" + query), status, code);
    }

    @Test
    void theListIsPagedByMonthAndTenant() {
        Instant january = Instant.parse("2021-01-05T00:00:00Z");
        for (String tenant : List.of("page.a", "page.b", "page.c")) {
            table.insert(Row.of(tenant, january, Map.of("input_tokens", 1L)));
        }
        finance.post("/v1/invoices/page.b.2021-01.1:finalize", "");

        List<String> ids = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = finance.json("/v1/invoices?period=2021-01&limit=2" + cursor);
            ids.addAll(page.get("invoices").findValuesAsText("id"));
            cursor =
                    page.has("nextCursor") ? "&cursor=" + page.get("nextCursor").asText() : "";
        } while (!cursor.isEmpty());

        assertThat(ids).containsExactly("page.a.2021-01.1", "page.b.2021-01.1", "page.c.2021-01.1");
        assertThat(finance.json("/v1/invoices?period=2021-01&status=draft")
                        .get("invoices")
                        .findValuesAsText("id"))
                .containsExactly("page.a.2021-01.1", "page.c.2021-01.1");
        assertProblem(finance.get("/v1/invoices?limit=0"), 400, "invalid_parameter");
        assertProblem(finance.get("/v1/invoices?cursor=nonsense"), 400, "invalid_parameter");
        assertProblem(finance.get("/v1/invoices?period=2021-13"), 400, "invalid_parameter");
        assertProblem(finance.get("/v1/invoices?status=open"), 400, "invalid_parameter");
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/invoices",
                "/v1/invoices/acme.2023-11.1",
                "/v1/spend?from=2023-11-01&to=2023-12-01",
                "/v1/price-books"
            })
    void onlyFinanceSeesMoney(String path) {
        assertThat(new Finance(service.port(), "the-platform").get(path).statusCode())
                .isEqualTo(403);
        assertThat(new Finance(service.port(), "a-stranger").get(path).statusCode())
                .isEqualTo(401);
        assertThat(new Finance(service.port(), "the-admin").get(path).statusCode())
                .isNotIn(401, 403);
    }

    @Test
    void theServiceIsHealthyWhenItsDatabasesAre() {
        HttpResponse<String> health = new Finance(service.adminPort(), "").get("/health");

        assertThat(health.statusCode()).isEqualTo(200);
        assertThat(health.body()).contains("postgres", "clickhouse");
        assertThat(finance.json("/openapi.json").get("paths").fieldNames())
                .toIterable()
                .contains("/v1/invoices/{id}:finalize", "/v1/spend", "/v1/price-books");
    }

    private static void assertProblem(HttpResponse<String> response, int status, String code) {
        assertThat(response.body()).contains("\"code\":\"" + code + "\"");
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/problem+json");
    }
}
