package io.tollgate.invoicing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.tollgate.invoicing.focus.FocusModel;
import io.tollgate.invoicing.focus.FocusModel.Verdict;
import io.tollgate.invoicing.focus.FocusTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Real exports of generated months with every pricing feature in play, held to the official model of FOCUS 1.2. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FocusIT {

    private static final long SEED = new Random().nextInt(1_000_000);
    private static final String PARQUET = "application/vnd.apache.parquet";

    /** What Tollgate has, in the words of the model. */
    private static final Set<String> SUPPORTED = Set.of(
            "ACCOUNT_NAMING_SUPPORTED",
            "CAPACITY_RESERVATION_SUPPORTED",
            "COMMITMENT_DISCOUNT_SUPPORTED",
            "MULTIPLE_PRICING_CATEGORIES_SUPPORTED",
            "NEGOTIATED_PRICING_SUPPORTED",
            "PRICING_BILLING_CURRENCY_DIFFERENCES_SUPPORTED",
            "PUBLIC_PRICE_LIST_SUPPORTED",
            "REGION_SUPPORTED",
            "SUB_ACCOUNT_SUPPORTED",
            "TAGGING_SUPPORTED",
            "UNIT_PRICING_SUPPORTED",
            "USAGE_MEASUREMENT_SUPPORTED");

    /**
     * Rules of the model whose check contradicts their own sentence. The specification wins; what the sentence says is
     * checked instead, below.
     */
    private static final Map<String, String> FAULTS = Map.of(
            "CommitmentDiscountStatus-C-005-M",
            "checks for Active, Expired and Pending; the specification allows Used and Unused",
            "CommitmentDiscountStatus-C-003-C",
            "says MUST be null when CommitmentDiscountId is null, and checks that it is not null",
            "CommitmentDiscountStatus-C-004-C",
            "says MUST NOT be null when CommitmentDiscountId is not null and ChargeCategory is Usage, and checks where"
                    + " CommitmentDiscountId is null");

    private RollupsTable table;
    private RunningService running;
    private Finance finance;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path directory;

    private final Map<String, BigDecimal> due = new TreeMap<>();
    private FocusTable exported = new FocusTable(Map.of(), List.of());
    private FocusTable draft = exported;

    @BeforeAll
    void start() throws IOException {
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
        for (String currency : List.of("'currency':'USD'", "'currency':'SEK','priceCurrency':'USD'")) {
            rows.addAll(billed(currency).rows());
        }
        exported = new FocusTable(types("/v1/invoices/focus1.2023-11.1/focus"), rows);
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
        assertThat(failing(corrected().evaluate(draft, SUPPORTED))).isEmpty();
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
        FocusTable month = csv("/v1/focus?tenant=focus1&period=2023-12");
        assertThat(month.rows()).isNotEmpty().anyMatch(row -> "Correction".equals(row.get("ChargeClass")));
        FocusTable billed = csv("/v1/focus?tenant=focus1&period=2023-11");
        assertThat(billed.rows()).isNotEmpty().noneMatch(row -> "Correction".equals(row.get("ChargeClass")));
    }

    @Test
    void noStaticRuleOfTheModelFailsButThoseThatContradictThemselves() {
        assumeThat(FocusModel.FILE).as("the shared data is not here").exists();
        Map<String, Verdict> verdicts = new FocusModel(FocusModel.read()).evaluate(exported, SUPPORTED);
        assertThat(verdicts).hasSize(420);
        // Composites of a rule that fails do so, too.
        assertThat(failing(verdicts).stream()
                        .filter(id -> !id.matches(".*-(000|001|002)-."))
                        .toList())
                .containsExactlyInAnyOrderElementsOf(FAULTS.keySet());

        Map<String, Verdict> right = corrected().evaluate(exported, SUPPORTED);
        System.out.println("FOCUS 1.2, " + right.size() + " static rules on "
                + exported.rows().size() + " rows: "
                + right.values().stream()
                        .collect(Collectors.groupingBy(each -> each, TreeMap::new, Collectors.counting())));
        assertThat(failing(right)).isEmpty();
        assertThat(right).containsEntry("CommitmentDiscountStatus-C-005-M", Verdict.HOLDS);
        assertThat(right.values().stream().filter(Verdict.HOLDS::equals).count())
                .isGreaterThan(300);
    }

    @Test
    void whatIsBrokenBreaksTheRightRule() {
        assumeThat(FocusModel.FILE).as("the shared data is not here").exists();
        Predicate<Map<String, String>> usage = row -> "Usage".equals(row.get("ChargeCategory"));
        Map<String, FocusTable> broken = new LinkedHashMap<>();
        broken.put("CostAndUsage-D-006-M", exported.without("BilledCost"));
        broken.put("BilledCost-C-001-M", exported.typed("BilledCost", "String"));
        broken.put("BilledCost-C-002-M", exported.with(usage, "BilledCost", Optional.of("1,000.00")));
        broken.put("BilledCost-C-003-M", exported.with(usage, "BilledCost", Optional.empty()));
        broken.put("BillingPeriodStart-C-002-M", exported.with(usage, "BillingPeriodStart", Optional.of("2023-11-01")));
        broken.put("ChargeCategory-C-003-M", exported.with(usage, "ChargeCategory", Optional.of("Use")));
        broken.put("BillingCurrency-C-006-M", exported.with(usage, "BillingCurrency", Optional.of("XQQ")));
        broken.put("PricingUnit-C-003-O", exported.with(usage, "PricingUnit", Optional.of("tokens of ours")));
        broken.put("Tags-C-001-M", exported.with(usage, "Tags", Optional.of("{\"a\":{\"b\":1}}")));
        broken.put("ListUnitPrice-C-005-C", exported.with(usage, "ListUnitPrice", Optional.empty()));
        broken.put("ListUnitPrice-C-008-M", exported.with(usage, "ListUnitPrice", Optional.of("-1")));
        broken.put("ContractedUnitPrice-C-011-C", exported.with(usage, "ContractedCost", Optional.of("0.000001")));
        broken.put("ServiceName-C-005-C", exported.with(usage, "ServiceName", Optional.of("Agreement")));
        broken.put("BilledCost-C-005-C", exported.with(usage, "ProviderName", Optional.of("Somebody else")));
        broken.put(
                "CommitmentDiscountStatus-C-005-M",
                exported.with(
                        row -> row.containsKey("CommitmentDiscountStatus"),
                        "CommitmentDiscountStatus",
                        Optional.of("Active")));
        broken.put(
                "EffectiveCost-C-005-C",
                exported.with(row -> "Purchase".equals(row.get("ChargeCategory")), "EffectiveCost", Optional.of("1")));
        broken.forEach((rule, changed) -> assertThat(failing(corrected().evaluate(changed, SUPPORTED)))
                .as(rule)
                .contains(rule));
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

    /** A tenant's month that is closed, and corrected by a note. */
    private FocusTable billed(String currency) throws IOException {
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
        draft = csv("/v1/invoices/" + id + "/focus");
        JsonNode invoice = finalised(id);
        table.insert(
                RollupsTable.Row.of(tenant, Instant.parse("2023-11-16T18:15:00Z"), Map.of("output_tokens", 123_457L))
                        .model("anthropic", "claude")
                        .project("search"));
        HttpResponse<String> note = finance.post("/v1/invoices/" + id + "/notes", json("{'reason':'usage came late'}"));
        assertThat(note.statusCode()).as(note.body()).isEqualTo(200);
        List<Map<String, String>> rows = new ArrayList<>();
        for (JsonNode document : List.of(invoice, Finance.read(note))) {
            due.put(
                    document.get("number").asText(),
                    new BigDecimal(document.at("/contract/amountDue").asText()));
            FocusTable each = csv("/v1/invoices/" + document.get("id").asText() + "/focus");
            assertThat(parquetRows("/v1/invoices/" + document.get("id").asText() + "/focus"))
                    .isEqualTo(each.rows().size());
            rows.addAll(each.rows());
        }
        return new FocusTable(Map.of(), rows);
    }

    private FocusTable csv(String path) {
        HttpResponse<String> answer = finance.get(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/csv");
        List<Map<String, String>> rows = new ArrayList<>();
        Map<String, String> types = new LinkedHashMap<>();
        for (NamedCsvRecord line : CsvReader.builder().ofNamedCsvRecord(answer.body())) {
            Map<String, String> row = new LinkedHashMap<>(line.getFieldsAsMap());
            row.values().removeIf(String::isEmpty);
            rows.add(row);
        }
        try {
            types.putAll(types(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new FocusTable(types, rows);
    }

    private Map<String, String> types(String path) throws IOException {
        try (ParquetFileReader reader = parquet(path)) {
            Map<String, String> types = new LinkedHashMap<>();
            reader.getFileMetaData().getSchema().getFields().forEach(field -> {
                LogicalTypeAnnotation type = field.getLogicalTypeAnnotation();
                types.put(
                        field.getName(),
                        type instanceof LogicalTypeAnnotation.DecimalLogicalTypeAnnotation
                                ? "Decimal"
                                : type instanceof LogicalTypeAnnotation.TimestampLogicalTypeAnnotation
                                        ? "DateTime"
                                        : "String");
            });
            return types;
        }
    }

    private long parquetRows(String path) throws IOException {
        try (ParquetFileReader reader = parquet(path)) {
            return reader.getRecordCount();
        }
    }

    private ParquetFileReader parquet(String path) throws IOException {
        Path file = Files.createTempFile(directory, "focus", ".parquet");
        Files.write(file, finance.bytes(path, PARQUET));
        return ParquetFileReader.open(
                new LocalInputFile(file),
                ParquetReadOptions.builder(new PlainParquetConfiguration()).build());
    }

    /** The model, with what its own sentences say where its checks contradict them. */
    private static FocusModel corrected() {
        JsonNode model = FocusModel.read();
        JsonNode rules = model.get("ModelRules");
        change(
                rules,
                "CommitmentDiscountStatus-C-003-C",
                "Requirement",
                "{'CheckFunction':'CheckValue'," + "'ColumnName':'CommitmentDiscountStatus','Value':null}");
        change(
                rules,
                "CommitmentDiscountStatus-C-004-C",
                "Condition",
                "{'CheckFunction':'AND','Items':["
                        + "{'CheckFunction':'CheckNotValue','ColumnName':'CommitmentDiscountId','Value':null},"
                        + "{'CheckFunction':'CheckValue','ColumnName':'ChargeCategory','Value':'Usage'}]}");
        change(
                rules,
                "CommitmentDiscountStatus-C-005-M",
                "Requirement",
                "{'CheckFunction':'OR','Items':["
                        + "{'CheckFunction':'CheckValue','ColumnName':'CommitmentDiscountStatus','Value':'Used'},"
                        + "{'CheckFunction':'CheckValue','ColumnName':'CommitmentDiscountStatus','Value':'Unused'}]}");
        return new FocusModel(model);
    }

    private static void change(JsonNode rules, String rule, String part, String with) {
        try {
            ((ObjectNode) rules.get(rule).get("ValidationCriteria"))
                    .set(part, JsonMapper.builder().build().readTree(json(with)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> failing(Map<String, Verdict> verdicts) {
        return verdicts.entrySet().stream()
                .filter(each -> each.getValue() == Verdict.FAILS)
                .map(Map.Entry::getKey)
                .toList();
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
