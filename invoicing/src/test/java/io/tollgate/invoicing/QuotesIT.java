package io.tollgate.invoicing;

import static io.tollgate.invoicing.RunningService.BOOK;
import static io.tollgate.invoicing.RunningService.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Quotes by the service on PostgreSQL alone: nothing is asked of ClickHouse, and nothing listens where it should be. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QuotesIT {

    private static final String TIERS =
            "{'model':'graduated','tiers':[{'upTo':'5','amount':'1.00','per':1}," + "{'amount':'0.333','per':1}]}";

    private RunningService running;
    private Finance finance;

    @BeforeAll
    void start() {
        running = new RunningService("http://127.0.0.1:1/nowhere");
        finance = running.finance;
        running.publishListPrices();
        assertThat(finance.post("/v1/price-books", BOOK.replace("2.50", "3.00").replace("2020-01-01T", "2024-01-01T"))
                        .statusCode())
                .isEqualTo(201);
    }

    @AfterAll
    void stop() {
        running.close();
    }

    @Test
    void aPriceIsQuotedWithItsArithmetic() {
        JsonNode quote = ask("{'currency':'USD','price':" + TIERS + ",'usage':[{'quantities':{'images':'6'}}]}");

        assertThat(quote.get("exactSum").asText()).isEqualTo("5.333");
        assertThat(quote.get("total").asText()).isEqualTo("5.33");
        assertThat(quote.get("at").asText()).isEqualTo("2023-12-02T08:00:00Z");
        assertThat(quote.get("lines")).hasSize(1);
        JsonNode line = quote.get("lines").get(0);
        assertThat(line.get("amount").asText()).isEqualTo("5.33");
        assertThat(line.get("charges").toString())
                .isEqualTo(
                        "[{\"kind\":\"tier\",\"from\":\"0\",\"upTo\":\"5\",\"quantity\":\"5\",\"unitAmount\":\"1.00\","
                                + "\"per\":1,\"amount\":\"5.00\"},{\"kind\":\"tier\",\"from\":\"5\",\"quantity\":\"1\","
                                + "\"unitAmount\":\"0.333\",\"per\":1,\"amount\":\"0.333\"}]");
        assertThat(line.has("unitPrice")).isFalse();
        assertThat(line.has("price")).isFalse();
    }

    @Test
    void aFeeAtZeroUsageIsQuotedWhereThePriceSaysSo() {
        String asked =
                "{'currency':'USD','price':{'model':'graduated','tiers':[{'amount':'1','per':1,'flatFee':'7.00'}]"
                        + "FLAG},'usage':[{'quantities':{'images':'0'}}]}";

        assertThat(ask(asked.replace("FLAG", "")).get("total").asText()).isEqualTo("0.00");
        assertThat(ask(asked.replace("FLAG", ",'chargeFlatFeeAtZero':true"))
                        .get("total")
                        .asText())
                .isEqualTo("7.00");
    }

    @Test
    void aBookIsQuotedAsItStandsNowAtAnInstantOrByVersion() {
        String usage = "'usage':[{'provider':'openai','model':'gpt-4o','quantities':{'input_tokens':'1000000'}}]}";

        assertThat(ask("{'book':'list'," + usage).get("total").asText()).isEqualTo("2.50");
        assertThat(ask("{'book':'list','at':'2024-01-01'," + usage).get("total").asText())
                .isEqualTo("3.00");
        JsonNode coming = ask("{'book':'list','version':2," + usage);
        assertThat(coming.get("total").asText()).isEqualTo("3.00");
        assertThat(coming.get("at").asText()).isEqualTo("2024-01-01T00:00:00Z");
        assertThat(coming.get("lines").get(0).get("price").toString())
                .isEqualTo("{\"book\":\"list\",\"version\":2,\"card\":\"provider=openai model=gpt-4o\"}");
        assertThat(coming.get("lines").get(0).get("unitPrice").toString())
                .isEqualTo("{\"amount\":\"3.00\",\"per\":1000000}");
    }

    @Test
    void whatTheBookDoesNotPriceIsToldAndNotLeftOut() {
        HttpResponse<String> response = post("{'book':'list','usage':[{'provider':'xai','model':'grok','quantities':"
                + "{'images':'3'}},{'provider':'openai','model':'gpt-4o','quantities':{'input_tokens':'1'}}]}");

        assertProblem(response, 422, "unpriced_usage");
        assertThat(Finance.read(response).get("errors").get(0).get("detail").asText())
                .isEqualTo("3 images on xai grok: no price in force applies to it");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'usage':[]} | 422 | invalid_quote",
                "{} | 422 | invalid_body",
                "{'currency':'USD','usage':[]} | 422 | invalid_quote",
                "{'price':{'amount':'1','per':1},'usage':[]} | 422 | invalid_quote",
                "{'price':{'amount':'1','per':1},'currency':'USD','usage':[]} | 422 | invalid_quote",
                "{'price':{'amount':'1','per':1},'currency':'XYZ','usage':[{'quantities':{'a':'1'}}]} | 422 | invalid_quote",
                "{'price':{'amount':'1','per':3},'currency':'USD','usage':[{'quantities':{'a':'1'}}]} | 422 | invalid_quote",
                "{'price':{'amount':'1','per':1},'currency':'USD','version':1,'usage':[{'quantities':{'a':'1'}}]}"
                        + " | 422 | invalid_quote",
                "{'book':'list','currency':'USD','usage':[{'quantities':{'a':'1'}}]} | 422 | invalid_quote",
                "{'book':'list','usage':[null]} | 422 | invalid_quote",
                "{'book':'list','usage':[{}]} | 422 | invalid_body",
                "{'book':'list','usage':[{'quantities':{'a':'-1'}}]} | 422 | invalid_quote",
                "{'book':'list','usage':[{'quantities':{'a':null}}]} | 422 | invalid_quote",
                "{'book':'list','usage':[{'contextBand':-1,'quantities':{'a':'1'}}]} | 422 | invalid_quote",
                "{'book':'list','at':'soon','usage':[{'quantities':{'a':'1'}}]} | 400 | invalid_parameter",
                "{'book':'unheard-of','usage':[{'quantities':{'a':'1'}}]} | 404 | no_price_book",
                "{'book':'a b','usage':[{'quantities':{'a':'1'}}]} | 404 | no_price_book",
                "{'book':'list','version':9,'usage':[{'quantities':{'a':'1'}}]} | 404 | no_price_book",
                "{'book':'list','at':'2019-01-01','usage':[{'quantities':{'a':'1'}}]} | 404 | no_price_book",
                "{'book':'list','usage':[{'quantity':{'a':'1'}}]} | 422 | invalid_body",
                "{ | 400 | malformed_json"
            })
    void aQuestionThatMakesNoSenseIsNamed(String body, int status, String code) {
        assertProblem(post(body), status, code);
    }

    @Test
    void onlyFinanceAndAdminAsk() {
        assertThat(running.as("the-platform").post("/v1/quotes", "{}").statusCode())
                .isEqualTo(403);
        assertThat(running.as("a-stranger").post("/v1/quotes", "{}").statusCode())
                .isEqualTo(401);
        assertProblem(running.as("the-admin").post("/v1/quotes", "{}"), 422, "invalid_body");
    }

    private JsonNode ask(String body) {
        HttpResponse<String> response = post(body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Finance.read(response);
    }

    private HttpResponse<String> post(String body) {
        return finance.post("/v1/quotes", body.replace('\'', '"'));
    }
}
