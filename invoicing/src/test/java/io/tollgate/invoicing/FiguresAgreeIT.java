package io.tollgate.invoicing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import de.siegmar.fastcsv.reader.CsvReader;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Generated months with every pricing feature in play, in several time zones: whatever tells what a month costs says the
 * same, while it is open, when it is final, when usage comes late, and when a note has billed that.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FiguresAgreeIT {

    private static final long SEED = new Random().nextInt(1_000_000);

    /** Rates per unit, tiers of both kinds over families, packages, bounds of lines, what is included, flat fees. */
    static final String BOOK = """
            {'name':'list','currency':'USD','effectiveFrom':'2020-01-01T00:00:00Z','cards':[
              {'match':{'provider':'openai'},'prices':{
                 'input_tokens':{'model':'graduated','family':'gpt','tiers':[{'upTo':'5000000','amount':'2.50','per':1000000},
                   {'upTo':'9000000','amount':'2.00','per':1000000,'flatFee':'1.25'},{'amount':'1.10','per':1000000}]},
                 'cache_read_tokens':{'amount':'1.25','per':1000000,'included':'1000000'},
                 'output_tokens':{'model':'volume','tiers':[{'upTo':'1000000','amount':'10.00','per':1000000},
                   {'amount':'8.00','per':1000000}]}}},
              {'match':{'provider':'openai','serviceTier':'batch'},'prices':{'output_tokens':{'amount':'5.00','per':1000000}}},
              {'match':{'provider':'anthropic'},'prices':{
                 'input_tokens':{'amount':'3.00','per':1000000,'minimum':'7.77'},
                 'cache_read_tokens':{'amount':'0.30','per':1000000,'maximum':'1.11'},
                 'output_tokens':{'amount':'15.00','per':1000000}}},
              {'match':{'provider':'anthropic','acceleratorType':'maia-100'},'effectiveFrom':'2023-11-11T06:15:00Z',
                 'prices':{'output_tokens':{'amount':'13.00','per':1000000}}},
              {'match':{'provider':'xai'},'prices':{
                 'input_tokens':{'model':'package','amount':'0.37','size':'250000'},
                 'cache_read_tokens':{'model':'flat','amount':'2.22'},
                 'output_tokens':{'amount':'0.333333','per':1000}}},
              {'match':{},'prices':{'requests':{'amount':'0.000123','per':1}}}]}""";

    private static final String RULES = """
            {'effectiveFrom':'2023-10-01','mode':'showback',
             'costCentres':[{'id':'4000'},{'id':'4100','parent':'4000'},{'id':'9000'}],
             'assignments':[{'id':'search','when':{'project':['search*']},'costCentre':'4100'},
                            {'id':'blue','when':{'tag:team':['blue']},'costCentre':'9000'}],
             'shared':[{'id':'rest','sources':[{'kind':'tax'},{'kind':'unmatched_usage'}],'split':'proportional'},
                       {'id':'fees','sources':[{'kind':'fee'},{'kind':'commitment'}],'split':'even'}]}""";

    static final String ISSUER = """
            {'seller':{'name':'Tollgate Nordic AB','country':'SE','vatId':'SE556703748501'},
             'taxRates':[{'jurisdiction':'SE','percent':'25','effectiveFrom':'2020-01-01'}],
             'exchangeRates':[{'from':'USD','to':'SEK','rate':'10.4321','source':'ECB','effectiveFrom':'2023-01-01'}]}""";

    static final String CONTRACT = """
            {'tenant':'TENANT','effectiveFrom':'2023-10-01','timeZone':'ZONE','issuer':'nordic',
             'billTo':{'name':'Acme AB','country':'SE','vatId':'SE556000000001'},CURRENCY,
             'overrides':[{'match':{'provider':'anthropic'},'prices':{'input_tokens':{'amount':'2.70','per':1000000}}}],
             'bundles':[{'id':'seats','seats':3,'seatPrice':'9.99','included':[{'meter':'requests','quantity':'500'}],
                         'effectiveFrom':'2023-11-10'}],
             'reservations':[{'id':'ptu','units':2,'hourlyPrice':'0.013','hourlyCapacity':'120000',
                              'weights':{'input_tokens':'1','output_tokens':'3.5','cache_read_tokens':'0.1'},
                              'match':{'model':'gpt-4o'},'effectiveTo':'2023-11-21'}],
             'discounts':[{'id':'partner','percent':'7.5','match':{'provider':'anthropic'}},{'id':'goodwill','amount':'3.33'}],
             'minimumSpend':'20.00',
             'commitments':[{'id':'year','effectiveFrom':'2023-10-01','effectiveTo':'2023-12-01','months':2,
                             'schedule':[{'effectiveFrom':'2023-10-01','amount':'900'}],'unused':'true_up'}],
             'credits':[{'id':'welcome','amount':'25.00','grantedOn':'2023-11-01','priority':1},
                        {'id':'claude','amount':'4.44','grantedOn':'2023-11-01','match':{'provider':'anthropic'}}]}""";

    private RollupsTable table;
    private RunningService running;
    private Finance finance;

    @BeforeAll
    void start() {
        System.out.println("seed " + SEED);
        table = RollupsTable.create();
        running = new RunningService(table.url());
        finance = running.finance;
        assertThat(finance.post("/v1/price-books", json(BOOK)).statusCode()).isEqualTo(201);
        assertThat(finance.put("/v1/issuers/nordic", json(ISSUER)).statusCode()).isEqualTo(200);
    }

    @AfterAll
    void stop() {
        running.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "kathmandu; Asia/Kathmandu; 'currency':'USD'; 2023-10-31T18:15:00Z; 2023-11-30T18:15:00Z",
                "newyork; America/New_York; 'currency':'USD'; 2023-11-01T04:00:00Z; 2023-12-01T05:00:00Z",
                "chatham; Pacific/Chatham; 'currency':'SEK','priceCurrency':'USD'; 2023-10-31T10:15:00Z; 2023-11-30T10:15:00Z"
            },
            quoteCharacter = '"')
    void whateverTellsWhatAMonthCostsSaysTheSame(
            String tenant, String zone, String currency, Instant from, Instant to) {
        table.generate(tenant, SEED, 1_500);
        HttpResponse<String> agreed = finance.post(
                "/v1/contracts",
                json(CONTRACT.replace("TENANT", tenant).replace("ZONE", zone).replace("CURRENCY", currency)));
        assertThat(agreed.statusCode()).as(agreed.body()).isEqualTo(201);
        HttpResponse<String> rules = finance.put("/v1/chargeback/" + tenant + "/rules", json(RULES));
        assertThat(rules.statusCode()).as(rules.body()).isLessThan(300);
        // Commitments and credits go month by month.
        finalised(tenant + ".2023-10.1");

        String id = tenant + ".2023-11.1";
        JsonNode draft = finance.json("/v1/invoices/" + id);
        assertThat(draft.at("/contract/entries").findValuesAsText("step"))
                .contains("discount", "fee", "commitment", "tax", "credit");
        assertAgree(tenant, due(draft), from, to);

        JsonNode invoice = finalised(id);
        assertThat(due(invoice)).isEqualTo(due(draft));
        assertAgree(tenant, due(invoice), from, to);

        table.insert(
                RollupsTable.Row.of(tenant, Instant.parse("2023-11-16T18:15:00Z"), Map.of("output_tokens", 123_457L))
                        .model("anthropic", "claude")
                        .project("search"));
        assertAgree(tenant, due(invoice), from, to);
        assertThat(finance.json(spend(tenant, "&from=2023-11-01&to=2023-12-01"))
                        .get("charges")
                        .findValuesAsText("kind"))
                .contains("since_final");

        HttpResponse<String> note = finance.post("/v1/invoices/" + id + "/notes", json("{'reason':'usage came late'}"));
        assertThat(note.statusCode()).as(note.body()).isEqualTo(200);
        assertAgree(tenant, due(invoice).add(due(Finance.read(note))), from, to);
        assertThat(finance.json(spend(tenant, "&from=2023-11-01&to=2023-12-01"))
                        .get("charges")
                        .findValuesAsText("kind"))
                .doesNotContain("since_final");

        HttpResponse<String> voided =
                finance.post("/v1/invoices/" + id + ":void", json("{'reason':'wrong address','by':'Ada'}"));
        assertThat(voided.statusCode()).as(voided.body()).isEqualTo(200);
        String again = tenant + ".2023-11.4";
        assertAgree(tenant, due(finance.json("/v1/invoices/" + again)), from, to);
        // Nobody keeps a part of what was taken back; each document is rounded by itself.
        for (JsonNode centre :
                finance.json("/v1/chargeback/" + tenant + "/2023-11").get("costCentres")) {
            BigDecimal ofAgain = BigDecimal.ZERO;
            for (JsonNode part : centre.get("documents")) {
                if (part.get("document").asText().equals(again)) {
                    ofAgain = new BigDecimal(part.get("amount").asText());
                }
            }
            assertThat(new BigDecimal(centre.get("own").asText()))
                    .as(centre.toString())
                    .isCloseTo(ofAgain, Offset.offset(new BigDecimal("0.03")));
        }
    }

    private void assertAgree(String tenant, BigDecimal due, Instant from, Instant to) {
        String month = "&from=" + from + "&to=" + to;
        for (String how : List.of(
                "&from=2023-11-01&to=2023-12-01",
                month + "&granularity=day",
                month + "&granularity=day&groupBy=project,tag:team,meter",
                month + "&granularity=day&zone=UTC&groupBy=model,acceleratorType,serviceTier",
                month + "&granularity=hour&groupBy=tag:cost_center",
                month + "&granularity=month&groupBy=provider")) {
            JsonNode spend = finance.json(spend(tenant, how));
            assertThat(spend.get("nextCursor")).isNull();
            assertThat(OffsetDateTime.parse(spend.get("from").asText()).toInstant())
                    .isEqualTo(from);
            BigDecimal rows = sum(spend.get("rows"), "effectiveCost");
            assertThat(rows)
                    .as(how)
                    .isEqualByComparingTo(spend.at("/total/effectiveCost").asText());
            assertThat(rows.add(sum(spend.get("charges"), "amount")))
                    .as(tenant + how)
                    .isEqualByComparingTo(due);
            assertThat(new BigDecimal(spend.get("billed").asText())).isEqualByComparingTo(due);
        }
        JsonNode chargeback = finance.json("/v1/chargeback/" + tenant + "/2023-11");
        assertThat(sum(chargeback.get("costCentres"), "own")
                        .add(new BigDecimal(chargeback.at("/unallocated/own").asText())))
                .as(tenant + " chargeback")
                .isEqualByComparingTo(due);
        BigDecimal billed = BigDecimal.ZERO;
        for (JsonNode document : chargeback.get("documents")) {
            billed = billed.add(focus(document.get("id").asText()));
        }
        assertThat(billed).as(tenant + " FOCUS").isEqualByComparingTo(due);
        // The parts of a month add up to the month, whatever terms reckon by the whole of it.
        BigDecimal parts = BigDecimal.ZERO;
        Instant middle = Instant.parse("2023-11-13T07:45:00Z");
        for (String range : List.of("from=" + from + "&to=" + middle, "from=" + middle + "&to=" + to)) {
            parts = parts.add(new BigDecimal(finance.json("/v1/spend?tenant=" + tenant + "&" + range)
                    .at("/total/effectiveCost")
                    .asText()));
        }
        assertThat(parts)
                .isEqualByComparingTo(finance.json(spend(tenant, "&from=2023-11-01&to=2023-12-01"))
                        .at("/total/effectiveCost")
                        .asText());
    }

    /** What the rows of a document's export bill. */
    private BigDecimal focus(String id) {
        HttpResponse<String> csv = finance.get("/v1/invoices/" + id + "/focus?format=csv");
        assertThat(csv.statusCode()).as(csv.body()).isEqualTo(200);
        return CsvReader.builder().ofNamedCsvRecord(csv.body()).stream()
                .map(row -> new BigDecimal(row.getField("BilledCost")))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static String spend(String tenant, String how) {
        return "/v1/spend?limit=10000&tenant=" + tenant + how;
    }

    private JsonNode finalised(String id) {
        HttpResponse<String> response = finance.post("/v1/invoices/" + id + ":finalize", "");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Finance.read(response);
    }

    private static BigDecimal due(JsonNode document) {
        return new BigDecimal(
                document.at("/contract/amountDue").asText(document.get("total").asText()));
    }

    private static BigDecimal sum(JsonNode rows, String member) {
        BigDecimal sum = BigDecimal.ZERO;
        for (JsonNode row : rows) {
            sum = sum.add(new BigDecimal(row.get(member).asText()));
        }
        return sum;
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }
}
