package io.tollgate.invoicing;

import static io.tollgate.invoicing.RunningService.BOOK;
import static io.tollgate.invoicing.RunningService.WINDOW;
import static io.tollgate.invoicing.RunningService.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tollgate.invoicing.RollupsTable.Row;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From draft to retired, and what is asked before a book is published, on real databases. It is 2 December 2023, 8:00. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PriceBookLifeIT {

    private static final Instant OCTOBER = Instant.parse("2023-10-05T00:00:00Z");
    private static final String LATER = "2024-01-01T00:00:00Z";

    private RollupsTable table;
    private RunningService running;
    private Finance finance;

    @BeforeAll
    void start() {
        table = RollupsTable.create();
        running = new RunningService(table.url());
        finance = running.finance;
        running.publishListPrices();
        table.insert(
                Row.of("acme", WINDOW, Map.of("input_tokens", 2_000_000L, "output_tokens", 1_000_000L)),
                Row.of("bolt", WINDOW, Map.of("input_tokens", 4_000_000L, "images", 3L)));
    }

    @AfterAll
    void stop() {
        running.close();
    }

    @Test
    void aDraftIsKeptCheckedReplacedAndPublishedOnce() {
        String book = named("draft-life");
        String tie = book.replace(
                "{\"match\"",
                "{\"name\":\"a\",\"match\":{\"model\":\"gpt-4o\",\"provider\":\"openai\"},"
                        + "\"prices\":{\"input_tokens\":{\"amount\":\"1\",\"per\":1}}},{\"match\"");
        assertProblem(finance.get("/v1/price-books/draft-life/draft"), 404, "no_draft");

        JsonNode first = Finance.read(finance.put("/v1/price-books/draft-life/draft", tie));
        assertThat(first.get("refusals")).singleElement().satisfies(refusal -> {
            assertThat(refusal.get("code").asText()).isEqualTo("price_tie");
            assertThat(refusal.get("detail").asText()).contains("\"a\"", "provider=openai model=gpt-4o");
        });
        assertProblem(finance.post("/v1/price-books/draft-life/draft:publish", ""), 422, "price_tie");
        assertProblem(finance.get("/v1/price-books/draft-life"), 404, "no_price_book");

        long revision = Finance.read(finance.put("/v1/price-books/draft-life/draft", book))
                .get("revision")
                .asLong();
        assertThat(revision).isGreaterThan(first.get("revision").asLong());
        assertThat(finance.json("/v1/price-books").get("drafts").findValuesAsText("name"))
                .contains("draft-life");
        assertProblem(
                finance.post("/v1/price-books/draft-life/draft:publish?revision=" + (revision - 1), ""),
                409,
                "draft_changed");
        assertThat(finance.post("/v1/price-books/draft-life/draft:publish?revision=" + revision, "")
                        .statusCode())
                .isEqualTo(201);
        assertProblem(finance.post("/v1/price-books/draft-life/draft:publish", ""), 404, "no_draft");
        assertThat(finance.json("/v1/price-books/draft-life").get("version").asInt())
                .isEqualTo(1);

        finance.put("/v1/price-books/draft-life/draft", book);
        assertThat(finance.delete("/v1/price-books/draft-life/draft").statusCode())
                .isEqualTo(200);
        assertProblem(finance.get("/v1/price-books/draft-life/draft"), 404, "no_draft");
        assertProblem(finance.put("/v1/price-books/other/draft", book), 422, "invalid_price_book");
    }

    @Test
    void aRetiredVersionLeavesItToTheOneBeforeItFromThenOn() {
        finance.post("/v1/price-books", named("promo"));
        finance.post(
                "/v1/price-books", named("promo").replace("2020-01", "2023-06").replace("2.50", "2.00"));
        String retire = "/v1/price-books/promo:retire";

        JsonNode retired = Finance.read(finance.post(retire, end(2, LATER)));
        assertThat(retired.get("retiredFrom").asText()).isEqualTo(LATER);
        assertThat(Finance.read(finance.post(retire, end(2, LATER)))).isEqualTo(retired);

        assertThat(version("promo", "2023-12-31")).isEqualTo(2);
        assertThat(version("promo", "2024-01-01")).isEqualTo(1);
        assertProblem(finance.post(retire, end(2, "2024-02-01T00:00:00Z")), 409, "already_retired");
        assertProblem(finance.post(retire, end(7, LATER)), 404, "no_price_book");
        // What is past may have been billed, and stays.
        assertProblem(finance.post(retire, end(1, "2023-11-20T00:00:00Z")), 422, "retirement_in_past");
        assertProblem(finance.post(retire, end(1, "2024-01-01T00:01:00Z")), 422, "not_on_window_boundary");
        assertProblem(finance.post(retire, ""), 422, "invalid_body");

        // The same prices again are a version of their own, since the one that had them ends.
        assertThat(finance.post(
                                "/v1/price-books",
                                named("promo").replace("2020-01", "2023-06").replace("2.50", "2.00"))
                        .statusCode())
                .isEqualTo(201);
        assertThat(version("promo", "2024-01-01")).isEqualTo(3);
    }

    @Test
    void retiringTakesEffectAtTheNextWindowUnlessSaidOtherwise() {
        finance.post("/v1/price-books", named("now"));

        assertThat(Finance.read(finance.post("/v1/price-books/now:retire", "{\"version\":1}"))
                        .get("retiredFrom")
                        .asText())
                .isEqualTo("2023-12-02T08:00:00Z");
        assertThat(finance.json("/v1/price-books").get("priceBooks")).anySatisfy(book -> {
            assertThat(book.get("name").asText()).isEqualTo("now");
            assertThat(book.get("status").asText()).isEqualTo("retired");
        });
        assertProblem(finance.get("/v1/price-books/now"), 404, "no_price_book");
    }

    @Test
    void twoVersionsAreComparedPriceByPrice() {
        finance.post("/v1/price-books", named("compared"));
        String later = named("compared")
                .replace("2020-01", "2024-01")
                .replace("2.50", "2.00")
                .replace("\"output_tokens\"", "\"requests\"");
        finance.put("/v1/price-books/compared/draft", later);

        JsonNode diff = finance.json("/v1/price-books/compared/diff?from=1");
        assertThat(diff.get("added")).isEmpty();
        assertThat(diff.get("removed")).isEmpty();
        assertThat(diff.get("changed").toString())
                .isEqualTo("[{\"name\":\"provider=openai model=gpt-4o\",\"prices\":["
                        + "{\"meter\":\"input_tokens\",\"before\":{\"amount\":\"2.50\",\"per\":1000000},"
                        + "\"after\":{\"amount\":\"2.00\",\"per\":1000000},\"percent\":\"-20.0000\"},"
                        + "{\"meter\":\"output_tokens\",\"before\":{\"amount\":\"10.00\",\"per\":1000000}},"
                        + "{\"meter\":\"requests\",\"after\":{\"amount\":\"10.00\",\"per\":1000000}}]}]");
        assertProblem(finance.get("/v1/price-books/compared/diff?from=1&to=2"), 404, "no_price_book");
        assertProblem(finance.get("/v1/price-books/compared/diff"), 400, "invalid_parameter");
    }

    @Test
    void coverageTellsWhatOfAMonthHasNoPriceAndWhatOfADraftTies() {
        JsonNode inForce = finance.json("/v1/price-books/list/coverage?period=2023-11");
        assertThat(inForce.get("priced").asInt()).isEqualTo(2);
        assertThat(inForce.get("unpriced")).singleElement().satisfies(gap -> {
            assertThat(gap.get("meter").asText()).isEqualTo("images");
            assertThat(gap.get("quantity").asText()).isEqualTo("3");
            assertThat(gap.get("tenants").asInt()).isEqualTo(1);
        });

        // It takes effect in January, and is asked about November.
        finance.put(
                "/v1/price-books/covers/draft",
                "{'name':'covers','currency':'USD','effectiveFrom':'2024-01-01T00:00:00Z','cards':[".replace('\'', '"')
                        + card("a", "'provider':'openai'", "input_tokens") + ","
                        + card("b", "'model':'gpt-4o'", "input_tokens") + "]}");
        JsonNode draft = finance.json("/v1/price-books/covers/coverage?period=2023-11&draft=true");
        assertThat(draft.get("ties")).singleElement().satisfies(tie -> {
            assertThat(tie.get("cards").toString()).isEqualTo("[\"a\",\"b\"]");
            assertThat(tie.get("quantity").asText()).isEqualTo("6000000");
            assertThat(tie.get("tenants").asInt()).isEqualTo(2);
        });
        assertThat(draft.get("unpriced"))
                .extracting(gap -> gap.get("meter").asText())
                .containsExactly("images", "output_tokens");
        finance.put(
                "/v1/price-books/off-grid/draft",
                named("off-grid").replace("\"prices\"", "\"effectiveFrom\":\"2023-11-05T00:01:00Z\",\"prices\""));
        assertProblem(
                finance.get("/v1/price-books/off-grid/coverage?period=2023-11&draft=true"),
                422,
                "not_on_window_boundary");
        assertProblem(finance.get("/v1/price-books/covers/coverage?period=2023-11"), 404, "no_price_book");
        assertProblem(
                finance.post("/v1/simulations", "{\"period\":\"2023-11\",\"book\":\"covers\",\"draft\":true}"),
                422,
                "price_tie");
    }

    @Test
    void aSimulationShowsWhatADerivedBookWouldHaveCostEachTenant() {
        JsonNode derived = Finance.read(finance.post(
                "/v1/price-books/cheaper/draft:derive",
                "{\"book\":\"list\",\"version\":1,\"multiplier\":\"0.9\",\"effectiveFrom\":\"" + LATER + "\"}"));
        assertThat(derived.at("/cards/0/prices/input_tokens/amount").asText()).isEqualTo("2.25");
        assertThat(derived.at("/cards/0/effectiveFrom").asText()).isEqualTo(LATER);

        HttpResponse<String> answer =
                finance.post("/v1/simulations", "{\"period\":\"2023-11\",\"book\":\"cheaper\",\"draft\":true}");
        assertThat(answer.statusCode()).isEqualTo(200);
        JsonNode simulation = Finance.read(answer);
        assertThat(simulation.get("tenants").toString())
                .isEqualTo("[{\"tenant\":\"acme\",\"before\":\"15.00\",\"after\":\"13.50\",\"difference\":\"-1.50\","
                        + "\"unbilledBefore\":0,\"unbilledAfter\":0},"
                        + "{\"tenant\":\"bolt\",\"before\":\"10.00\",\"after\":\"9.00\",\"difference\":\"-1.00\","
                        + "\"unbilledBefore\":1,\"unbilledAfter\":1}]");
        assertThat(simulation.get("totals").toString())
                .isEqualTo("{\"before\":\"25.00\",\"after\":\"22.50\",\"difference\":\"-2.50\",\"tenants\":2,"
                        + "\"changed\":2}");
        assertProblem(
                finance.post("/v1/simulations", "{\"period\":\"2023-11\",\"book\":\"unheard-of\"}"),
                404,
                "no_price_book");
    }

    @Test
    void aSimulationOfMoreTenantsThanAreReadAtOnceTellsEachOnceInOrder() {
        List<Row> rows = IntStream.range(0, 1_100)
                .mapToObj(i -> Row.of("t%04d".formatted(i), OCTOBER, Map.of("input_tokens", 400_000L)))
                .toList();
        table.insert(rows.toArray(new Row[0]));

        JsonNode simulation = Finance.read(
                finance.post("/v1/simulations", "{\"period\":\"2023-10\",\"book\":\"list\",\"version\":1}"));

        assertThat(simulation.get("tenants"))
                .extracting(row -> row.get("tenant").asText())
                .containsExactlyElementsOf(
                        IntStream.range(0, 1_100).mapToObj("t%04d"::formatted).toList());
        assertThat(simulation.get("totals").toString())
                .isEqualTo("{\"before\":\"1100.00\",\"after\":\"1100.00\",\"difference\":\"0.00\",\"tenants\":1100,"
                        + "\"changed\":0}");
        assertThat(finance.json("/v1/price-books/list/coverage?period=2023-10&version=1")
                        .get("priced")
                        .asInt())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "unheard-of, 1, 0.9, 404, no_price_book",
        "list, 9, 0.9, 404, no_price_book",
        "list, 1, -1, 422, invalid_price_book",
        "list, 1, 1e3, 422, invalid_price_book"
    })
    void whatCannotBeDerivedIsRefused(String book, int version, String multiplier, int status, String code) {
        String body = "{\"book\":\"%s\",\"version\":%d,\"multiplier\":\"%s\"}".formatted(book, version, multiplier);

        assertProblem(finance.post("/v1/price-books/underived/draft:derive", body), status, code);
    }

    private int version(String name, String at) {
        return finance.json("/v1/price-books/" + name + "?at=" + at)
                .get("version")
                .asInt();
    }

    private static String named(String name) {
        return BOOK.replace("\"list\"", "\"" + name + "\"");
    }

    private static String end(int version, String from) {
        return "{\"version\":%d,\"from\":\"%s\"}".formatted(version, from);
    }

    private static String card(String name, String match, String meter) {
        return "{'name':'%s','match':{%s},'prices':{'%s':{'amount':'1','per':1}}}"
                .formatted(name, match, meter)
                .replace('\'', '"');
    }
}
