package io.tollgate.invoicing;

import static io.tollgate.invoicing.RunningService.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tollgate.invoicing.RollupsTable.Row;
import io.tollgate.invoicing.chargeback.ChargebackReport;
import io.tollgate.invoicing.chargeback.Difference;
import io.tollgate.invoicing.connection.ConnectionUrl;
import io.tollgate.invoicing.postgres.ChargebackStore;
import io.tollgate.invoicing.postgres.Database;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Chargeback over HTTP, of real invoices with terms of a contract, in a zone with 45 minutes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChargebackIT {

    private static final String ISSUER = """
            {'seller':{'name':'Tollgate Nordic AB','country':'SE','vatId':'SE556703748501'},
             'taxRates':[{'jurisdiction':'SE','percent':'25','effectiveFrom':'2020-01-01'}]}""";
    private static final String CONTRACT = """
            ,'currency':'USD','effectiveFrom':'2023-10-01','timeZone':'Asia/Kathmandu',
             'issuer':'nordic','billTo':{'name':'Acme AB','country':'SE'},
             'bundles':[{'id':'support','seatPrice':'20','effectiveFrom':'2023-11-01'}],
             'discounts':[{'id':'ten','percent':'10'}],
             'commitments':[{'id':'promise','effectiveFrom':'2023-11-01','effectiveTo':'2023-12-01','months':1,
               'unused':'true_up','schedule':[{'effectiveFrom':'2023-11-01','amount':'500'}]}],
             'credits':[{'id':'gift','amount':'33.33','grantedOn':'2023-11-01'}]}""";
    private static final String BEFORE = """
            {'effectiveFrom':'2023-01-01','mode':'chargeback','costCentres':[{'id':'all'},{'id':'web','parent':'all'}],
             'assignments':[{'id':'web','when':{'project':['web*']},'costCentre':'web'}],
             'accounts':{'payable':'2440','expenses':[{'kinds':['tax'],'account':'2641'},{'account':'5400'}]}}""";
    private static final String FROM_THE_MIDDLE = """
            {'effectiveFrom':'2023-11-15','mode':'chargeback',
             'costCentres':[{'id':'all'},{'id':'web','parent':'all'},{'id':'lab','parent':'all'}],
             'assignments':[{'id':'gpt','when':{'model':['gpt-*'],'project':['lab','web-b']},'costCentre':'lab'},
                            {'id':'web','when':{'project':['web*']},'costCentre':'web'}],
             'shared':[{'id':'rest','sources':[{'kind':'commitment'},{'kind':'tax'},{'kind':'rounding'}],
                        'split':'proportional'},
                       {'id':'support','sources':[{'kind':'fee','id':'support'}],'split':'fixed',
                        'shares':{'web':'50','lab':'33.3'}}],
             'accounts':{'payable':'2440','expenses':[{'kinds':['tax'],'account':'2641'},{'account':'5400'}]}}""";

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

    private void agree(String tenant) {
        HttpResponse<String> response = finance.post("/v1/contracts", json("{'tenant':'" + tenant + "'" + CONTRACT));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    }

    /** So many dollars of input tokens, before discounts. */
    private void use(String tenant, String instant, String project, long dollars) {
        table.insert(Row.of(tenant, Instant.parse(instant), Map.of("input_tokens", dollars * 400_000))
                .project(project));
    }

    private void publish(String tenant, String rules, int status) {
        HttpResponse<String> response = finance.put("/v1/chargeback/" + tenant + "/rules", json(rules));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    }

    private HttpResponse<String> keep(String tenant) {
        return finance.post("/v1/chargeback/" + tenant + "/2023-11/runs", "");
    }

    private static BigDecimal own(JsonNode report) {
        BigDecimal sum = new BigDecimal(report.at("/unallocated/own").asText());
        for (JsonNode centre : report.get("costCentres")) {
            sum = sum.add(new BigDecimal(centre.get("own").asText()));
        }
        return sum;
    }

    private static List<String> owns(JsonNode report) {
        return StreamSupport.stream(report.get("costCentres").spliterator(), false)
                .map(centre -> centre.get("costCentre").asText() + " "
                        + centre.get("own").asText() + " " + centre.get("total").asText())
                .toList();
    }

    @Test
    void aMonthIsDividedByTheRulesOfEachDayAndAgainAfterANote() {
        agree("acme");
        // Midnight in Kathmandu is 18:15 in UTC: of the first two, one is on the 14th and one on the 15th there.
        use("acme", "2023-11-14T18:00:00Z", "web-b", 100);
        use("acme", "2023-11-14T18:15:00Z", "web-b", 70);
        use("acme", "2023-10-31T18:15:00Z", "web", 30);
        use("acme", "2023-11-30T18:15:00Z", "web", 1000);
        use("acme", "2023-11-20T00:00:00Z", "other", 1);
        publish("acme", BEFORE, 201);
        publish("acme", FROM_THE_MIDDLE, 201);
        publish("acme", FROM_THE_MIDDLE, 200);

        JsonNode draft = finance.json("/v1/chargeback/acme/2023-11");
        assertThat(draft.at("/documents/0/kind").asText()).isEqualTo("draft");
        assertProblem(finance.get("/v1/chargeback/acme/2023-11/journal"), 409, "not_final");
        HttpResponse<String> closed = finance.post("/v1/invoices/acme.2023-11.1:finalize", "");
        assertThat(closed.statusCode()).as(closed.body()).isEqualTo(200);

        JsonNode report = finance.json("/v1/chargeback/acme/2023-11");
        BigDecimal due = new BigDecimal(finance.json("/v1/invoices/acme.2023-11.1")
                .at("/contract/amountDue")
                .asText());
        assertThat(own(report)).isEqualByComparingTo(due).isEqualByComparingTo("591.67");
        assertThat(report.get("rules")).extracting(JsonNode::asInt).containsExactly(1, 2);
        // Usage is 117.00 and 63.00; of 299.10 trued up and 125.00 tax each has its part, and of 20.00 what is agreed.
        assertThat(owns(report)).containsExactly("all 0.00 620.76", "lab 218.10 218.10", "web 402.66 402.66");
        HttpResponse<String> first = keep("acme");
        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(first.headers().firstValue("Location").orElseThrow()).endsWith("/v1/chargeback/acme/2023-11/runs/1");
        assertThat(Finance.read(first).get("report")).isEqualTo(report);
        assertThat(keep("acme").statusCode()).isEqualTo(200);
        assertProblem(finance.get("/v1/chargeback/acme/2023-11/runs/1/difference"), 404, "no_earlier_run");

        use("acme", "2023-11-28T00:00:00Z", "lab", 400);
        HttpResponse<String> note = finance.post("/v1/invoices/acme.2023-11.1/notes", "{\"reason\":\"late usage\"}");
        assertThat(note.statusCode()).as(note.body()).isEqualTo(200);
        publish("acme", FROM_THE_MIDDLE.replace("'33.3'", "'50'"), 201);

        JsonNode moved = finance.json("/v1/chargeback/acme/2023-11/difference");
        JsonNode second = Finance.read(keep("acme"));
        assertThat(second.get("number").asInt()).isEqualTo(2);
        assertThat(finance.json("/v1/chargeback/acme/2023-11/runs/2/difference"))
                .isEqualTo(moved);
        assertThat(moved.get("why")).extracting(JsonNode::asText).containsExactly("invoice_changed", "rules_changed");
        assertThat(moved.at("/unallocated/byRules").asText()).isEqualTo("-3.34");
        for (JsonNode centre : moved.get("costCentres")) {
            assertThat(new BigDecimal(centre.get("before").asText())
                            .add(new BigDecimal(centre.get("byInvoice").asText()))
                            .add(new BigDecimal(centre.get("byRules").asText())))
                    .isEqualByComparingTo(centre.get("now").asText());
        }
        assertThat(second.at("/report/documents")).hasSize(2);
        assertThat(own(second.get("report")))
                .isEqualByComparingTo(second.at("/report/total").asText());
        assertThat(finance.json("/v1/chargeback/acme/2023-11/runs/1").get("report"))
                .as("a run stays as it was")
                .isEqualTo(report);
        assertThat(finance.json("/v1/chargeback/acme/2023-11/runs").get("runs"))
                .extracting(run ->
                        run.get("number").asInt() + " " + run.get("total").asText())
                .containsExactly("1 591.67", "2 " + second.at("/report/total").asText());
        assertThat(finance.json("/v1/chargeback/acme/2023-11/runs?limit=1")
                        .get("nextAfter")
                        .asInt())
                .isEqualTo(1);
        assertThat(finance.json("/v1/chargeback/acme/2023-11/runs?limit=2&after=1")
                        .get("runs"))
                .hasSize(1);
        journals();
        ChargebackReport report2 = aRunThatWasComputedBeforeTheLatestIsNotKept();
        assertThat(report2.rulesKnown()).isEqualTo(3);
    }

    private ChargebackReport aRunThatWasComputedBeforeTheLatestIsNotKept() {
        try (Database database = Database.open(ConnectionUrl.postgres(running.postgres))) {
            ChargebackStore store = new ChargebackStore(database);
            YearMonth november = YearMonth.of(2023, 11);
            ChargebackReport first =
                    store.run("acme", november, Optional.of(1)).orElseThrow().report();
            ChargebackReport second =
                    store.run("acme", november, Optional.of(2)).orElseThrow().report();
            assertThat(store.keep(1, first, before -> Difference.of(before, first, first), Instant.EPOCH))
                    .isEmpty();
            assertThat(store.runs("acme", november, 0, 10)).hasSize(2);
            return second;
        }
    }

    private void journals() {
        JsonNode journal = finance.json("/v1/chargeback/acme/2023-11/journal?run=1");
        assertThat(sum(journal, "debit"))
                .isEqualByComparingTo(sum(journal, "credit"))
                .isEqualByComparingTo("620.76");
        assertThat(finance.json("/v1/chargeback/acme/2023-11/journal").get("entries"))
                .as("with the note's")
                .hasSizeGreaterThan(journal.get("entries").size());
        HttpResponse<String> csv = finance.get("/v1/chargeback/acme/2023-11/journal?format=csv");
        assertThat(csv.headers().firstValue("Content-Disposition"))
                .contains("attachment; filename=\"journal-acme-2023-11.csv\"");
        assertThat(csv.body())
                .startsWith("date,account,debit,credit,currency,cost_centre,reference,memo\r\n2023-12-02,");
        assertThat(finance.get("/v1/chargeback/acme/2023-11?format=csv").body()).startsWith("tenant,period,currency,");
        assertThat(finance.get("/v1/chargeback/acme/2023-11/runs/2?format=pdf").body())
                .startsWith("%PDF");
        assertProblem(finance.get("/v1/chargeback/acme/2023-11?format=xml"), 400, "invalid_parameter");
        assertProblem(finance.get("/v1/chargeback/acme/2023-11/runs/3"), 404, "no_run");
    }

    private static BigDecimal sum(JsonNode journal, String column) {
        BigDecimal sum = BigDecimal.ZERO;
        for (JsonNode entry : journal.get("entries")) {
            sum = sum.add(new BigDecimal(entry.get(column).asText()));
        }
        return sum;
    }

    @Test
    void rulesThatMakeNoSenseAreRefusedWithAllReasonsAndTheirPlaces() {
        HttpResponse<String> refused = finance.put(
                "/v1/chargeback/refused/rules",
                json("{'effectiveFrom':'2023-01-01','mode':'showback','costCentres':[{'id':'a','parent':'a'}],"
                        + "'assignments':[{'id':'x','costCentre':'b'}]}"));

        assertProblem(refused, 422, "cost_centre_cycle");
        assertThat(Finance.read(refused).get("errors").findValuesAsText("pointer"))
                .containsExactly("/costCentres/0/parent", "/assignments/0/costCentre");
        assertProblem(finance.put("/v1/chargeback/refused/rules", "{}"), 422, "invalid_body");
        assertProblem(finance.get("/v1/chargeback/refused/rules"), 404, "no_allocation_rules");
        assertProblem(finance.get("/v1/chargeback/refused/2023-13"), 400, "invalid_parameter");
        assertProblem(finance.get("/v1/chargeback/refused/2023-11/difference"), 404, "no_run");
        assertThat(running.as("the-platform")
                        .get("/v1/chargeback/refused/2023-11")
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void aTenantKeepsItsOwnRulesAndSeesNobodyElses() {
        HttpResponse<String> made = finance.post("/v1/tenants/own/tokens", "{\"label\":\"ledger\"}");
        Finance own = running.as(Finance.read(made).get("token").asText());

        assertThat(own.put("/v1/chargeback/own/rules", json(BEFORE)).statusCode())
                .isEqualTo(201);
        assertThat(own.get("/v1/chargeback/own/2023-11").statusCode()).isEqualTo(200);
        assertThat(own.post("/v1/chargeback/own/2023-11/runs", "").statusCode()).isEqualTo(201);
        assertProblem(own.get("/v1/chargeback/other/2023-11"), 403, "not_yours");
        assertProblem(own.get("/v1/chargeback/other/2023-11/runs/1?format=csv"), 403, "not_yours");
        assertProblem(own.put("/v1/chargeback/other/rules", json(BEFORE)), 403, "not_yours");
    }

    @Test
    void whatAnotherTenantPaysForIsDividedThere() {
        HttpResponse<String> account = finance.post(
                "/v1/contracts",
                json("{'tenant':'payer','currency':'USD','effectiveFrom':'2023-01-01','members':['member']}"));
        assertThat(account.statusCode()).as(account.body()).isEqualTo(201);
        use("member", "2023-11-03T00:00:00Z", "x", 7);
        publish(
                "payer",
                "{'effectiveFrom':'2023-01-01','mode':'showback','costCentres':[{'id':'m'}],"
                        + "'assignments':[{'id':'m','when':{'tenant':['member']},'costCentre':'m'}]}",
                201);

        assertProblem(finance.get("/v1/chargeback/member/2023-11"), 409, "billed_by_account");
        assertThat(owns(finance.json("/v1/chargeback/payer/2023-11"))).containsExactly("m 7.00 7.00");
    }

    @Test
    void whoHasNoRulesSeesAllOfItUnallocatedAndPostsNothing() {
        use("plain", "2023-11-03T00:00:00Z", "x", 12);
        JsonNode report = finance.json("/v1/chargeback/plain/2023-11");

        assertThat(report.at("/unallocated/own").asText()).isEqualTo("12.00");
        assertThat(report.get("mode").asText()).isEqualTo("showback");
        assertThat(finance.post("/v1/invoices/plain.2023-11.1:finalize", "").statusCode())
                .isEqualTo(200);
        assertProblem(finance.get("/v1/chargeback/plain/2023-11/journal"), 409, "showback");
    }
}
