package io.tollgate.invoicing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tollgate.invoicing.focus.CorrectedModel;
import io.tollgate.invoicing.focus.FocusModel;
import io.tollgate.invoicing.focus.FocusModel.Verdict;
import io.tollgate.invoicing.focus.FocusTable;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Real exports of generated months with every pricing feature in play, held to the official model of FOCUS 1.2. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FocusIT {

    private static final long SEED = Long.getLong("focus.seed", new Random().nextInt(1_000_000));

    private RollupsTable table;
    private RunningService running;
    private Finance finance;

    private final Map<String, BigDecimal> due = new TreeMap<>();
    private final Map<String, FocusTable> documents = new TreeMap<>();
    private FocusTable exported = new FocusTable(Map.of(), List.of());
    private FocusTable draft = exported;

    @BeforeAll
    void start() {
        System.out.println("seed " + SEED);
        table = RollupsTable.create();
        running = new RunningService(table.url());
        finance = running.finance;
        assertThat(finance.post("/v1/price-books", json(FiguresAgreeIT.BOOK)).statusCode())
                .isEqualTo(201);
        assertThat(finance.put("/v1/issuers/nordic", json(FiguresAgreeIT.ISSUER))
                        .statusCode())
                .isEqualTo(200);
        List<Map<String, String>> rows = new ArrayList<>();
        Map<String, String> types = Map.of();
        for (String currency : List.of("'currency':'USD'", "'currency':'SEK','priceCurrency':'USD'")) {
            FocusTable billed = billed(currency);
            types = billed.types();
            rows.addAll(billed.rows());
        }
        exported = new FocusTable(types, rows);
    }

    @AfterAll
    void stop() {
        running.close();
    }

    @Test
    void whatADocumentChargesAddsUpToWhatIsDueExactly() {
        Map<String, BigDecimal> billed = new TreeMap<>();
        Map<String, BigDecimal> effective = new TreeMap<>();
        for (Map<String, String> row : exported.rows()) {
            billed.merge(row.get("InvoiceId"), number(row, "BilledCost"), BigDecimal::add);
            effective.merge(row.get("InvoiceId"), number(row, "EffectiveCost"), BigDecimal::add);
        }
        assertThat(billed.keySet()).isEqualTo(due.keySet());
        due.forEach((invoice, amount) -> {
            assertThat(billed.get(invoice)).as(invoice).isEqualByComparingTo(amount);
            assertThat(effective.get(invoice)).as(invoice).isEqualByComparingTo(amount);
        });
    }

    @Test
    void rowsOfADraftHaveNoInvoiceAndBreakNoRule() {
        assumeThat(FocusModel.FILE).as("the shared data is not here").exists();
        assertThat(draft.rows()).isNotEmpty().allSatisfy(row -> assertThat(row).doesNotContainKey("InvoiceId"));
        assertThat(CorrectedModel.broken(draft)).isEmpty();
    }

    @Test
    void eachDocumentByItselfBreaksNoRule() {
        assumeThat(FocusModel.FILE).as("the shared data is not here").exists();
        assertThat(documents).hasSize(8);
        documents.forEach((document, rows) -> {
            assertThat(rows.rows()).as(document).isNotEmpty();
            assertThat(CorrectedModel.broken(rows)).as(document).isEmpty();
        });
        assertThat(documents.keySet()).anyMatch(document -> document.endsWith("credit_note"));
    }

    @Test
    void aNoteIsACorrectionInTheMonthThatItWasIssuedInForTheTimeThatItIsAbout() {
        List<Map<String, String>> corrections = exported.rows().stream()
                .filter(row -> "Correction".equals(row.get("ChargeClass")))
                .toList();
        assertThat(corrections).isNotEmpty().allSatisfy(row -> {
            assertThat(Instant.parse(row.get("ChargePeriodEnd"))).isBefore(Instant.parse("2023-12-02T00:00:00Z"));
            assertThat(row.get("BillingPeriodStart")).isEqualTo("2023-11-30T18:15:00Z");
            assertThat(row.get("x_CorrectedDocumentId")).endsWith(".2023-11.1");
        });
        FocusTable month = downloaded("/v1/focus?tenant=focus1&period=2023-12");
        assertThat(month.rows()).isNotEmpty().anyMatch(row -> "Correction".equals(row.get("ChargeClass")));
        FocusTable billed = downloaded("/v1/focus?tenant=focus1&period=2023-11");
        assertThat(billed.rows()).isNotEmpty().noneMatch(row -> "Correction".equals(row.get("ChargeClass")));
    }

    @Test
    void whatIsMissingToAPromisedSpendIsAnAdjustmentAndNoCommitmentDiscount() {
        assertThat(exported.rows())
                .filteredOn(row -> row.getOrDefault("ChargeDescription", "").contains("year: "))
                .isNotEmpty()
                .allSatisfy(row -> {
                    assertThat(row).containsEntry("ChargeCategory", "Adjustment");
                    assertThat(row.keySet()).noneMatch(column -> column.startsWith("CommitmentDiscount"));
                    assertThat(number(row, "EffectiveCost")).isEqualTo(number(row, "BilledCost"));
                });
        assertThat(exported.rows())
                .filteredOn(row -> row.containsKey("CommitmentDiscountId"))
                .isNotEmpty()
                .allSatisfy(row -> assertThat(row).containsEntry("CommitmentDiscountCategory", "Usage"));
    }

    @Test
    void noStaticRuleOfTheModelFailsButThoseThatContradictThemselves() {
        assumeThat(FocusModel.FILE).as("the shared data is not here").exists();
        Map<String, Verdict> verdicts = new FocusModel(FocusModel.read()).evaluate(exported, CorrectedModel.SUPPORTED);
        assertThat(verdicts).hasSize(420);
        // Composites of a rule that fails do so, too.
        assertThat(CorrectedModel.failing(verdicts).stream()
                        .filter(id -> !id.matches(".*-(000|001|002)-."))
                        .toList())
                .containsExactlyInAnyOrderElementsOf(CorrectedModel.FAULTS.keySet());

        Map<String, Verdict> right = CorrectedModel.verdicts(exported);
        System.out.println("FOCUS 1.2, " + right.size() + " static rules on "
                + exported.rows().size() + " rows: "
                + right.values().stream()
                        .collect(Collectors.groupingBy(each -> each, TreeMap::new, Collectors.counting())));
        assertThat(CorrectedModel.failing(right)).isEmpty();
        assertThat(right).containsEntry("CommitmentDiscountStatus-C-005-M", Verdict.HOLDS);
        assertThat(right.values().stream().filter(Verdict.HOLDS::equals).count())
                .isGreaterThan(300);
    }

    @Test
    void whatIsBrokenBreaksTheRightRule() {
        assumeThat(FocusModel.FILE).as("the shared data is not here").exists();
        Predicate<Map<String, String>> usage = row -> "Usage".equals(row.get("ChargeCategory"));
        // Each rule is tried on a twentieth of what is used, and on all else.
        List<Map<String, String>> rows = exported.rows();
        FocusTable some = new FocusTable(
                exported.types(),
                IntStream.range(0, rows.size())
                        .filter(i -> i % 20 == 0 || !usage.test(rows.get(i)))
                        .mapToObj(rows::get)
                        .toList());
        Map<String, FocusTable> broken = new LinkedHashMap<>();
        broken.put("CostAndUsage-D-006-M", some.without("BilledCost"));
        broken.put("BilledCost-C-001-M", some.typed("BilledCost", "String"));
        broken.put("BilledCost-C-002-M", some.with(usage, "BilledCost", Optional.of("1,000.00")));
        broken.put("BilledCost-C-003-M", some.with(usage, "BilledCost", Optional.empty()));
        broken.put("BillingPeriodStart-C-002-M", some.with(usage, "BillingPeriodStart", Optional.of("2023-11-01")));
        broken.put("ChargeCategory-C-003-M", some.with(usage, "ChargeCategory", Optional.of("Use")));
        broken.put("BillingCurrency-C-006-M", some.with(usage, "BillingCurrency", Optional.of("XQQ")));
        broken.put("PricingUnit-C-003-O", some.with(usage, "PricingUnit", Optional.of("tokens of ours")));
        broken.put("Tags-C-001-M", some.with(usage, "Tags", Optional.of("{\"a\":{\"b\":1}}")));
        broken.put("ListUnitPrice-C-005-C", some.with(usage, "ListUnitPrice", Optional.empty()));
        broken.put("ListUnitPrice-C-008-M", some.with(usage, "ListUnitPrice", Optional.of("-1")));
        broken.put("ContractedUnitPrice-C-011-C", some.with(usage, "ContractedCost", Optional.of("0.000001")));
        broken.put("ServiceName-C-005-C", some.with(usage, "ServiceName", Optional.of("Agreement")));
        broken.put("BilledCost-C-005-C", some.with(usage, "ProviderName", Optional.of("Somebody else")));
        broken.put(
                "CommitmentDiscountStatus-C-005-M",
                some.with(
                        row -> row.containsKey("CommitmentDiscountStatus"),
                        "CommitmentDiscountStatus",
                        Optional.of("Active")));
        broken.put(
                "EffectiveCost-C-005-C",
                some.with(row -> "Purchase".equals(row.get("ChargeCategory")), "EffectiveCost", Optional.of("1")));
        broken.forEach((rule, changed) ->
                assertThat(CorrectedModel.broken(changed)).as(rule).contains(rule));
    }

    /** An engine that shares no code with what writes the file. */
    @Test
    void clickHouseReadsTheParquetFileAsTheCsvFileSays() throws Exception {
        String path = "/v1/invoices/focus2.2023-11.1/focus";
        FocusTable csv = downloaded(path);
        List<Map<String, Object>> wanted = csv.rows().stream()
                .map(row -> FocusDownload.values(csv.types(), row))
                .toList();
        assertThat(new ParquetInClickHouse().read(csv.types(), finance.bytes(path, "application/vnd.apache.parquet")))
                .containsExactlyInAnyOrderElementsOf(wanted);
    }

    @Test
    void anUnknownFormatOrTenantIsRefused() {
        assertThat(finance.get("/v1/focus?tenant=focus1&period=2023-11&format=xlsx")
                        .statusCode())
                .isEqualTo(400);
        assertThat(finance.get("/v1/focus?period=2023-11").statusCode()).isEqualTo(400);
        assertThat(finance.get("/v1/invoices/nobody.2023-11.1/focus").statusCode())
                .isEqualTo(404);
    }

    /** A tenant's month that is closed, corrected by a note, taken back and billed again. */
    private FocusTable billed(String currency) {
        String tenant = currency.contains("SEK") ? "focus2" : "focus1";
        table.generate(tenant, SEED, 500);
        assertThat(finance.post(
                                "/v1/contracts",
                                json(FiguresAgreeIT.CONTRACT
                                        .replace("TENANT", tenant)
                                        .replace("ZONE", "Asia/Kathmandu")
                                        .replace("CURRENCY", currency)))
                        .statusCode())
                .isEqualTo(201);
        finalised(tenant + ".2023-10.1");
        String id = tenant + ".2023-11.1";
        draft = downloaded("/v1/invoices/" + id + "/focus");
        JsonNode invoice = finalised(id);
        table.insert(
                RollupsTable.Row.of(tenant, Instant.parse("2023-11-16T18:15:00Z"), Map.of("output_tokens", 123_457L))
                        .model("anthropic", "claude")
                        .project("search"));
        HttpResponse<String> note = finance.post("/v1/invoices/" + id + "/notes", json("{'reason':'usage came late'}"));
        assertThat(note.statusCode()).as(note.body()).isEqualTo(200);
        HttpResponse<String> voided =
                finance.post("/v1/invoices/" + id + ":void", json("{'by':'Ada','reason':'a wrong address'}"));
        assertThat(voided.statusCode()).as(voided.body()).isEqualTo(200);
        JsonNode reversal = finance.json("/v1/invoices/" + tenant + ".2023-11.3");
        JsonNode again = finalised(tenant + ".2023-11.4");
        Map<String, String> types = Map.of();
        List<Map<String, String>> rows = new ArrayList<>();
        for (JsonNode document : List.of(invoice, Finance.read(note), reversal, again)) {
            due.put(
                    document.get("number").asText(),
                    new BigDecimal(document.at("/contract/amountDue").asText()));
            FocusTable each = downloaded("/v1/invoices/" + document.get("id").asText() + "/focus");
            documents.put(
                    document.get("id").asText() + " " + document.path("kind").asText(), each);
            types = each.types();
            rows.addAll(each.rows());
        }
        return new FocusTable(types, rows);
    }

    private FocusTable downloaded(String path) {
        return FocusDownload.of(finance, path);
    }

    private JsonNode finalised(String id) {
        HttpResponse<String> response = finance.post("/v1/invoices/" + id + ":finalize", "");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Finance.read(response);
    }

    private static BigDecimal number(Map<String, String> row, String column) {
        return new BigDecimal(row.get(column));
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }
}
