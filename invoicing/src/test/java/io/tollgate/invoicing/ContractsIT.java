package io.tollgate.invoicing;

import static io.tollgate.invoicing.RunningService.WINDOW;
import static io.tollgate.invoicing.RunningService.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tollgate.invoicing.RollupsTable.Row;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Contracts and issuers over HTTP, and the invoices that they make, on real databases in December 2023. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContractsIT {

    private static final String ISSUER = """
            {'seller':{'name':'Tollgate Nordic AB','country':'SE','vatId':'SE556703748501'},
             'taxRates':[{'jurisdiction':'SE','percent':'25','effectiveFrom':'2020-01-01'}]}""";
    private static final String PARTIES = "'issuer':'nordic','billTo':{'name':'Acme AB','country':'SE'}";

    private RollupsTable table;
    private RunningService running;
    private Finance finance;

    @BeforeAll
    void start() {
        table = RollupsTable.create();
        running = new RunningService(table.url());
        finance = running.finance;
        running.publishListPrices();
        assertThat(finance.put("/v1/issuers/nordic", json(ISSUER)).statusCode()).isEqualTo(200);
    }

    @AfterAll
    void stop() {
        running.close();
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }

    private HttpResponse<String> publish(String tenant, String from, String rest) {
        return finance.post(
                "/v1/contracts",
                json("{'tenant':'" + tenant + "','currency':'USD','effectiveFrom':'" + from + "'"
                        + (rest.isEmpty() ? "" : "," + rest) + "}"));
    }

    private void agree(String tenant, String from, String rest) {
        HttpResponse<String> response = publish(tenant, from, rest);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    }

    /** So many dollars of input tokens. */
    private void use(String tenant, String instant, long dollars) {
        table.insert(Row.of(tenant, Instant.parse(instant), Map.of("input_tokens", dollars * 400_000)));
    }

    private JsonNode finalised(String id) {
        HttpResponse<String> response = finance.post("/v1/invoices/" + id + ":finalize", "");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(finance.get("/v1/invoices/" + id).body()).isEqualTo(response.body());
        return Finance.read(response);
    }

    @Test
    void contractsArePublishedInVersions() {
        HttpResponse<String> first = publish("versions", "2023-01-01", PARTIES);
        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(first.headers().firstValue("Location").orElseThrow()).endsWith("/v1/contracts/versions?version=1");
        assertThat(publish("versions", "2023-01-01", PARTIES).statusCode()).isEqualTo(200);
        agree("versions", "2023-06-01", "'minimumSpend':'5.00'");

        assertThat(finance.json("/v1/contracts/versions")
                        .at("/contract/minimumSpend")
                        .asText())
                .isEqualTo("5.00");
        assertThat(finance.json("/v1/contracts/versions?version=1")
                        .at("/contract/billTo/name")
                        .asText())
                .isEqualTo("Acme AB");
        assertThat(finance.json("/v1/contracts").findValuesAsText("tenant")).contains("versions");
        agree("versions2", "2023-01-01", "");
        assertThat(finance.json("/v1/contracts?limit=1&after=version")
                        .get("nextAfter")
                        .asText())
                .isEqualTo("versions");
        assertThat(finance.json("/v1/contracts?limit=2&after=versions").findValuesAsText("tenant"))
                .startsWith("versions2");
        assertProblem(finance.get("/v1/contracts/versions?version=3"), 404, "no_contract");
        assertProblem(finance.get("/v1/contracts/nobody"), 404, "no_contract");
        assertThat(running.as("the-platform").get("/v1/contracts").statusCode()).isEqualTo(403);
    }

    @Test
    void aContractThatCannotBillIsRefusedWithAllReasonsAndTheirPlaces() {
        HttpResponse<String> refused =
                publish("refused", "2023-01-01", "'book':'gone','issuer':'none','billTo':{'name':'A','country':'FR'}");
        assertProblem(refused, 422, "no_price_book");
        assertThat(Finance.read(refused).get("errors").findValuesAsText("pointer"))
                .containsExactly("/book", "/issuer");
        assertProblem(
                publish("refused", "2023-01-01", "'issuer':'nordic','billTo':{'name':'A','country':'FR'}"),
                422,
                "no_tax_rate");
        assertProblem(publish("refused", "2023-01-01", "'priceCurrency':'EUR'," + PARTIES), 422, "currency_differs");
        assertProblem(publish("refused", "2023-13-01", ""), 422, "invalid_value");
        assertProblem(publish("refused", "2023-01-01", "'discount':[]"), 422, "invalid_body");
        agree("refused", "2023-01-01", "");
        assertProblem(publish("refused", "2023-06-15", "'timeZone':'Europe/Stockholm'"), 422, "time_zone_change");
        assertThat(finance.json("/v1/contracts/refused").get("version").asInt()).isEqualTo(1);
    }

    @Test
    void issuersAreSaidAndSaidAgain() {
        String other = json(ISSUER.replace("Nordic AB", "Baltic OÜ"));
        assertThat(finance.put("/v1/issuers/baltic", json(ISSUER)).statusCode()).isEqualTo(200);
        assertThat(finance.put("/v1/issuers/baltic", other).statusCode()).isEqualTo(200);

        assertThat(finance.json("/v1/issuers/baltic").at("/seller/name").asText())
                .isEqualTo("Tollgate Baltic OÜ");
        assertThat(finance.json("/v1/issuers").get("issuers").findValuesAsText("name"))
                .contains("baltic", "nordic");
        String rate =
                "'exchangeRates':[{'from':'USD','to':'SEK','rate':'%s','source':'ECB','effectiveFrom':'2023-01-01'}],";
        for (String value : List.of("10.5", "10.4")) {
            String rated = json("{" + rate.formatted(value) + ISSUER.substring(1));
            assertThat(finance.put("/v1/issuers/rated", rated).statusCode()).isEqualTo(200);
        }
        assertProblem(finance.put("/v1/issuers/rated", json(ISSUER)), 422, "rate_removed");
        String untaxed = json(ISSUER.replace("'jurisdiction':'SE'", "'jurisdiction':'NO'"));
        assertProblem(finance.put("/v1/issuers/baltic", untaxed), 422, "rate_removed");
        String corrected = json(ISSUER.replace("'25'", "'24'"));
        assertThat(finance.put("/v1/issuers/baltic", corrected).statusCode()).isEqualTo(200);
        assertProblem(finance.get("/v1/issuers/nobody"), 404, "no_issuer");
        assertProblem(
                finance.put("/v1/issuers/other", json("{'name':'x'," + ISSUER.substring(1))), 422, "invalid_value");
        assertProblem(
                finance.put("/v1/issuers/other", json("{'seller':{'name':'','country':'SE'}}")), 422, "invalid_value");
    }

    @Test
    void anInvoiceIsHandedOutAsFiles() {
        agree("files", "2023-01-01", PARTIES);
        use("files", "2023-11-10T00:00:00Z", 10);
        String path = "/v1/invoices/files.2023-11.1";
        assertThat(finance.get(path + "/document").headers().firstValue("Content-Disposition"))
                .contains("attachment; filename=\"draft-files.2023-11.1.pdf\"");
        assertProblem(finance.get(path + "/document?format=ubl"), 409, "not_final");
        finalised("files.2023-11.1");

        for (String[] format : new String[][] {
            {"pdf", "application/pdf", "pdf"},
            {"ubl", "application/xml", "xml"},
            {"csv", "text/csv;charset=utf-8", "csv"}
        }) {
            HttpResponse<String> file = finance.get(path + "/document?format=" + format[0]);
            assertThat(file.statusCode()).as(file.body()).isEqualTo(200);
            assertThat(file.headers().firstValue("Content-Type")).contains(format[1]);
            assertThat(file.headers().firstValue("Content-Disposition"))
                    .contains("attachment; filename=\"invoice-files.2023-11.1." + format[2] + "\"");
            assertThat(finance.get(path + "/document?format=" + format[0]).body())
                    .isEqualTo(file.body());
        }
        assertThat(finance.get(path + "/document?format=ubl").body())
                .contains("<cbc:PayableAmount currencyID=\"USD\">12.50</cbc:PayableAmount>");
        assertProblem(finance.get(path + "/document?format=doc"), 400, "invalid_parameter");
        assertProblem(finance.get("/v1/invoices/files.2023-10.1/document"), 404, "no_usage");
        assertThat(running.as("the-platform").get(path + "/document").statusCode())
                .isEqualTo(403);

        agree("sellerless", "2023-01-01", "");
        use("sellerless", "2023-11-10T00:00:00Z", 10);
        finalised("sellerless.2023-11.1");
        assertProblem(finance.get("/v1/invoices/sellerless.2023-11.1/document?format=ubl"), 422, "no_seller");
    }

    @Test
    void anInvoiceByAContractIsClosedWithItsTaxAndDueDateAndCreditsInOneTransaction() {
        agree(
                "acme",
                "2023-10-01",
                PARTIES + ",'timeZone':'Europe/Stockholm','paymentTermDays':14,"
                        + "'discounts':[{'id':'d','percent':'10'}],'credits':[{'id':'c','amount':'150','grantedOn':'2023-10-01'}]");
        // Half an hour before the month of UTC, but in the tenant's.
        use("acme", "2023-10-31T23:30:00Z", 40);
        use("acme", "2023-11-16T18:15:00Z", 60);
        use("acme", "2023-10-10T00:00:00Z", 100);

        assertProblem(finance.post("/v1/invoices/acme.2023-11.1:finalize", ""), 409, "earlier_period_open");
        // As it will be once October is closed.
        assertThat(finance.json("/v1/invoices/acme.2023-11.1")
                        .at("/contract/amountDue")
                        .asText())
                .isEqualTo("75.00");
        JsonNode october = finalised("acme.2023-10.1");
        JsonNode november = finalised("acme.2023-11.1");

        assertThat(october.get("total").asText()).isEqualTo("112.50");
        assertThat(october.at("/contract/amountDue").asText()).isEqualTo("0.00");
        assertThat(october.get("dueOn").asText()).isEqualTo("2023-12-16");
        assertThat(november.get("subtotal").asText()).isEqualTo("100.00");
        assertThat(november.get("total").asText()).isEqualTo("112.50");
        // 150.00 less what October drew.
        assertThat(november.at("/contract/amountDue").asText()).isEqualTo("75.00");
        assertThat(november.at("/contract/seller/name").asText()).isEqualTo("Tollgate Nordic AB");
        assertThat(finance.json("/v1/invoices/acme.2023-11.1/usage-since-final")
                        .get("changed")
                        .asBoolean())
                .isFalse();
    }

    @Test
    void closingAtOnceDrawsCreditsOnce() {
        agree("racer", "2023-11-01", "'credits':[{'id':'c','amount':'70','grantedOn':'2023-10-01'}]");
        use("racer", "2023-11-16T18:15:00Z", 60);

        List<String> bodies = IntStream.range(0, 8)
                .parallel()
                .mapToObj(turn -> finance.post("/v1/invoices/racer.2023-11.1:finalize", "")
                        .body())
                .distinct()
                .toList();

        assertThat(bodies).singleElement().asString().contains("pays 60.00 USD, left 10.00 USD");
        use("racer", "2023-12-01T00:00:00Z", 60);
        assertThat(finance.get("/v1/invoices/racer.2023-12.1").body()).contains("balance 10.00 USD, pays 10.00 USD");
    }

    @Test
    void aContractThatChargesForTheMonthHasAnInvoiceWithoutUsage() {
        agree("idle", "2023-11-16", "'bundles':[{'id':'base','seatPrice':'30.00'}]");

        assertThat(finance.json("/v1/invoices?tenant=idle").get("invoices").findValuesAsText("total"))
                .containsExactly("15.00", "30.00");
        assertThat(finance.json("/v1/invoices?period=2023-11&tenant=idle")
                        .get("invoices")
                        .findValuesAsText("id"))
                .containsExactly("idle.2023-11.1");
        // Usage of December does not make a draft of January, though it may lie there in some zone.
        use("idle", "2023-12-01T12:00:00Z", 1);
        assertThat(finance.json("/v1/invoices?tenant=idle").get("invoices").findValuesAsText("id"))
                .containsExactly("idle.2023-11.1", "idle.2023-12.1");
        assertThat(finalised("idle.2023-11.1").get("total").asText()).isEqualTo("15.00");
    }

    @Test
    void spendIsByTheContractsPricesAndAddsUpToTheInvoicesLines() {
        agree(
                "spender",
                "2023-01-01",
                "'timeZone':'Asia/Kathmandu','bundles':[{'id':'free','included':"
                        + "[{'meter':'input_tokens','quantity':'4000000'}]}],'overrides':[{'match':{'provider':'openai'},"
                        + "'prices':{'input_tokens':{'amount':'2.00','per':1000000}}}]");
        use("spender", "2023-11-01T00:00:00Z", 10);
        use("spender", "2023-11-20T00:00:00Z", 10);
        use("other", "2023-11-20T00:00:00Z", 10);

        // 8,000,000 tokens, of which 4,000,000 are free.
        String month = "from=2023-10-31T18:15:00Z&to=2023-11-30T18:15:00Z";
        assertThat(finance.json("/v1/spend?tenant=spender&" + month)
                        .at("/total/effectiveCost")
                        .asText())
                .isEqualTo("8.00");
        assertThat(finance.json("/v1/invoices/spender.2023-11.1")
                        .get("exactSum")
                        .asText())
                .isEqualTo("8.00");
        assertThat(finance.json("/v1/spend?tenant=spender,other&groupBy=tenant&" + month)
                        .get("rows")
                        .findValuesAsText("effectiveCost"))
                .containsExactly("10.00", "8.00");
        List<String> days = new ArrayList<>();
        finance.json("/v1/spend?tenant=spender&granularity=day&" + month)
                .get("rows")
                .forEach(row -> days.add(row.get("effectiveCost").asText()));
        assertThat(days).containsExactly("0.00", "8.00");
        // The month of Kathmandu that ends in November is not November's.
        assertThat(finance.json("/v1/spend?tenant=spender&from=2023-11-30T18:15:00Z&to=2023-12-01T00:00:00Z")
                        .at("/total/effectiveCost")
                        .asText())
                .isEqualTo("0.00");
    }

    @Test
    void whatAnAccountSpendsIsItsLinesAlsoWhereItsMembersUseUpWhatItReserved() {
        agree(
                "vault",
                "2023-11-01",
                "'members':['atelier'],'reservations':[{'id':'r','units':1,'hourlyPrice':'0.01',"
                        + "'hourlyCapacity':'10000000','weights':{'input_tokens':'1'},'match':{'provider':'openai'}}]");
        use("atelier", "2023-11-20T00:00:00Z", 5);
        use("vault", "2023-11-20T00:00:00Z", 5);

        // Of 2,500,000 in the window, the member takes 2,000,000 first.
        String spend = "/v1/spend?from=2023-11-01&to=2023-12-01&groupBy=tenant&tenant=";
        assertThat(finance.json("/v1/invoices/vault.2023-11.1").get("exactSum").asText())
                .isEqualTo("3.75");
        assertThat(finance.json(spend + "vault").at("/total/effectiveCost").asText())
                .isEqualTo("3.7505");
        assertThat(finance.json(spend + "atelier,vault").get("rows").findValuesAsText("effectiveCost"))
                .containsExactlyInAnyOrder("0.002", "3.7505");
    }

    @Test
    void metersThatDoNotAddUpFollowTheMonthsOfTheBillingZone() {
        assertThat(finance.post(
                                "/v1/price-books",
                                json("{'name':'seats','currency':'USD','effectiveFrom':'2020-01-01T00:00:00Z','cards':["
                                        + "{'prices':{'seats':{'amount':'1.00','per':1}}}]}"))
                        .statusCode())
                .isEqualTo(201);
        agree("zoned", "2023-01-01", "'book':'seats','timeZone':'Europe/Stockholm'");
        table.insert(
                Row.of("zoned", Instant.parse("2023-10-31T23:00:00Z"), Map.of())
                        .observations("[('seats', 'max', toDateTime64('2023-10-31 23:00:00', 6, 'UTC'), 9)]"),
                Row.of("zoned", Instant.parse("2023-11-10T00:00:00Z"), Map.of())
                        .observations("[('seats', 'max', toDateTime64('2023-11-10 00:00:00', 6, 'UTC'), 5)]"));

        assertThat(finance.json("/v1/invoices/zoned.2023-11.1").get("total").asText())
                .isEqualTo("9.00");
        assertProblem(finance.get("/v1/invoices/zoned.2023-10.1"), 404, "no_usage");

        // The last hour of October belongs to November where the zone changes in between.
        agree("moved", "2023-09-01", "'book':'seats'");
        agree("moved", "2023-11-01", "'book':'seats','timeZone':'Europe/Stockholm'");
        table.insert(
                Row.of("moved", Instant.parse("2023-10-10T00:00:00Z"), Map.of())
                        .observations("[('seats', 'max', toDateTime64('2023-10-10 00:00:00', 6, 'UTC'), 5)]"),
                Row.of("moved", Instant.parse("2023-10-31T23:30:00Z"), Map.of())
                        .observations("[('seats', 'max', toDateTime64('2023-10-31 23:30:00', 6, 'UTC'), 9)]"),
                Row.of("moved", Instant.parse("2023-11-10T00:00:00Z"), Map.of())
                        .observations("[('seats', 'max', toDateTime64('2023-11-10 00:00:00', 6, 'UTC'), 7)]"));

        assertThat(finance.json("/v1/invoices/moved.2023-10.1").get("total").asText())
                .isEqualTo("5.00");
        assertThat(finance.json("/v1/invoices/moved.2023-11.1").get("total").asText())
                .isEqualTo("9.00");
        assertThat(finance.json("/v1/spend?tenant=moved&from=2023-10-01&to=2023-12-01")
                        .at("/total/effectiveCost")
                        .asText())
                .isEqualTo("14.00");
    }

    @Test
    void withoutAContractNothingIsSaidOfOne() {
        table.insert(Row.of("plain", WINDOW, Map.of("input_tokens", 400_000L)));

        JsonNode invoice = finalised("plain.2023-11.1");

        assertThat(invoice.has("contract")).isFalse();
        assertThat(invoice.get("total").asText()).isEqualTo("1.00");
        assertProblem(
                finance.post(
                        "/v1/contracts",
                        json("{'tenant':'plain','currency':'SEK','priceCurrency':'USD','effectiveFrom':'2023-11-10',"
                                + PARTIES + "}")),
                422,
                "no_exchange_rate");
        String commitment = "'commitments':[{'id':'c','effectiveFrom':'2023-%s','effectiveTo':'2024-11-01','months':12,"
                + "'schedule':[{'effectiveFrom':'2023-%<s','amount':'100'}]}]";
        assertProblem(publish("plain", "2023-11-01", commitment.formatted("11-01")), 422, "period_closed");
        assertThat(publish("plain", "2023-11-01", commitment.formatted("12-01")).statusCode())
                .isEqualTo(201);
        agree("plain", "2023-11-10", "'discounts':[{'id':'d','percent':'50'}]");
        assertThat(finance.get("/v1/invoices/plain.2023-11.1").body()).isEqualTo(invoice.toString());
    }
}
