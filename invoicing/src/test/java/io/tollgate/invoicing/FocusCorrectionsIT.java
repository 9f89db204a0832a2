package io.tollgate.invoicing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tollgate.invoicing.RollupsTable.Row;
import io.tollgate.invoicing.focus.CorrectedModel;
import io.tollgate.invoicing.focus.FocusModel;
import io.tollgate.invoicing.focus.FocusTable;
import io.tollgate.invoicing.invoice.BillingTerms;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What was billed is taken back, billed again, and corrected by notes. Who imports each month's export once it is over has
 * what is owed: what was told of a month that is past stays, and what corrects it stands in the month of the correction.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FocusCorrectionsIT {

    private static final long SEED = Long.getLong("focus.seed", new Random().nextInt(1_000_000));
    private static final YearMonth NOVEMBER = YearMonth.of(2023, 11);

    private final MovingClock clock = new MovingClock();
    private RollupsTable table;
    private RunningService running;
    private Finance finance;

    private static final class MovingClock extends Clock {
        private volatile Instant now = Instant.parse("2023-12-02T08:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @BeforeAll
    void start() {
        System.out.println("seed " + SEED);
        table = RollupsTable.create();
        running = new RunningService(table.url(), BillingTerms.USUAL, clock);
        finance = running.finance;
        running.publishListPrices();
    }

    @AfterAll
    void stop() {
        running.close();
    }

    @Test
    void aMonthThatIsBilledAgainIsCorrectedInTheMonthInWhichThatIsDone() {
        table.insert(Row.of("again", Instant.parse("2023-11-16T18:15:00Z"), Map.of("input_tokens", 4_000_000L)));
        clock.now = Instant.parse("2023-12-10T00:00:00Z");
        JsonNode first = posted("/v1/invoices/again.2023-11.1:finalize", "");

        clock.now = Instant.parse("2024-01-05T00:00:00Z");
        posted("/v1/invoices/again.2023-11.1:void", "{\"by\":\"Ada\",\"reason\":\"a wrong price\"}");
        agree("again", "UTC", "\"discounts\":[{\"id\":\"d\",\"percent\":\"40\"}]");
        FocusTable january = export("again", YearMonth.of(2024, 1));
        assertThat(january.rows())
                .filteredOn(row -> !row.containsKey("InvoiceId"))
                .isNotEmpty();
        assertThat(sum(january.rows())).isEqualByComparingTo("-4.00");
        assertThat(january.rows()).allSatisfy(FocusCorrectionsIT::correctsNovemberInJanuary);
        JsonNode again = posted("/v1/invoices/again.2023-11.3:finalize", "");

        assertThat(export("again", NOVEMBER).rows())
                .allSatisfy(row -> assertThat(row)
                        .containsEntry("InvoiceId", first.get("number").asText())
                        .doesNotContainKeys("ChargeClass", "x_CorrectedDocumentId"));
        assertThat(sum(export("again", NOVEMBER).rows())).isEqualByComparingTo("10.00");
        assertThat(export("again", YearMonth.of(2023, 12)).rows()).isEmpty();
        january = export("again", YearMonth.of(2024, 1));
        assertThat(january.rows())
                .allSatisfy(FocusCorrectionsIT::correctsNovemberInJanuary)
                .anySatisfy(row -> assertThat(row)
                        .containsEntry("InvoiceId", again.get("number").asText())
                        .containsEntry("ChargeCategory", "Usage")
                        .containsEntry("ConsumedQuantity", "4000000"));
        assertThat(sum(january.rows())).isEqualByComparingTo("-4.00");
        assertThat(FocusDownload.of(finance, "/v1/invoices/again.2023-11.3/focus")
                        .rows())
                .allSatisfy(FocusCorrectionsIT::correctsNovemberInJanuary);
        assumeThat(FocusModel.FILE).as("the shared data is not here").exists();
        assertThat(CorrectedModel.broken(january)).isEmpty();
    }

    private static void correctsNovemberInJanuary(Map<String, String> row) {
        assertThat(row)
                .containsEntry("ChargeClass", "Correction")
                .containsEntry("BillingPeriodStart", "2024-01-01T00:00:00Z")
                .containsEntry("BillingPeriodEnd", "2024-02-01T00:00:00Z")
                .containsEntry("x_CorrectedDocumentId", "again.2023-11.1");
        assertThat(row.get("ChargePeriodStart")).startsWith("2023-11-");
    }

    @Test
    void whatIsToldOfAMonthThatIsPastIsTheSameBytesAfterItsInvoiceIsVoid() {
        table.insert(Row.of("stays", Instant.parse("2023-11-16T18:15:00Z"), Map.of("input_tokens", 4_000_000L)));
        clock.now = Instant.parse("2023-12-10T00:00:00Z");
        posted("/v1/invoices/stays.2023-11.1:finalize", "");
        String before = finance.get(month("stays", NOVEMBER)).body();
        posted("/v1/invoices/stays.2023-11.1:void", "{\"by\":\"Ada\",\"reason\":\"a wrong address\"}");
        assertThat(finance.get(month("stays", NOVEMBER)).body()).isEqualTo(before);
        posted("/v1/invoices/stays.2023-11.3:finalize", "");
        assertThat(finance.get(month("stays", NOVEMBER)).body()).isEqualTo(before);
        assertThat(sum(export("stays", YearMonth.of(2023, 12)).rows())).isZero();
    }

    /** Whatever is done, in whatever order. */
    @ParameterizedTest
    @CsvSource({"one, UTC", "two, Pacific/Chatham", "three, America/New_York"})
    void theExportsOfAllMonthsAddUpToWhatIsOwed(String tenant, String zone) {
        Random random = new Random(SEED + tenant.hashCode());
        clock.now = Instant.parse("2023-12-02T08:00:00Z");
        agree(tenant, zone, "\"minimumSpend\":\"3.33\",\"discounts\":[{\"id\":\"d\",\"percent\":\"7.5\"}]");
        for (int i = 0; i < 20; i++) {
            late(tenant, random);
        }
        int corrections = 0;
        for (int step = 0; step < 40; step++) {
            clock.now = clock.now.plus(Duration.ofHours(random.nextInt(150)));
            corrections += act(tenant, random) ? 1 : 0;
        }

        Map<String, BigDecimal> due = new TreeMap<>();
        BigDecimal owed = BigDecimal.ZERO;
        for (JsonNode document : documents(tenant)) {
            JsonNode whole = finance.json("/v1/invoices/" + document.get("id").asText());
            due.put(
                    whole.get("number").asText(),
                    new BigDecimal(whole.at("/contract/amountDue").asText()));
            if (isInvoice(whole)) {
                owed = owed.add(new BigDecimal(
                        finance.json("/v1/invoices/" + whole.get("id").asText() + "/account")
                                .get("balance")
                                .asText()));
            }
        }
        Map<String, BigDecimal> exported = new TreeMap<>();
        List<Map<String, String>> rows = new ArrayList<>();
        for (YearMonth month = NOVEMBER; month.isBefore(YearMonth.of(2025, 1)); month = month.plusMonths(1)) {
            FocusTable export = export(tenant, month);
            Map<String, BigDecimal> ofMonth = new TreeMap<>();
            for (Map<String, String> row : export.rows()) {
                assertThat(Instant.parse(row.get("BillingPeriodStart")).atZone(ZoneId.of(zone)))
                        .isEqualTo(month.atDay(1).atStartOfDay(ZoneId.of(zone)));
                if (row.containsKey("InvoiceId")) {
                    rows.add(row);
                    ofMonth.merge(row.get("InvoiceId"), new BigDecimal(row.get("BilledCost")), BigDecimal::add);
                }
            }
            assertThat(exported).doesNotContainKeys(ofMonth.keySet().toArray(String[]::new));
            exported.putAll(ofMonth);
        }
        // What comes to nothing at all may have no rows.
        due.forEach((number, amount) -> assertThat(exported.getOrDefault(number, BigDecimal.ZERO))
                .as(number)
                .isEqualByComparingTo(amount));
        assertThat(due.keySet()).containsAll(exported.keySet());
        assertThat(sum(rows)).isEqualByComparingTo(owed);
        assertThat(corrections).isPositive();
        System.out.printf("%s: %d documents, %d corrections, %s owed%n", tenant, due.size(), corrections, owed);
        assumeThat(FocusModel.FILE).as("the shared data is not here").exists();
        assertThat(CorrectedModel.broken(new FocusTable(export(tenant, NOVEMBER).types(), rows)))
                .isEmpty();
    }

    /** @return whether it corrected something that was final */
    private boolean act(String tenant, Random random) {
        List<JsonNode> invoices = documents(tenant).stream()
                .filter(document -> isInvoice(document))
                .toList();
        int what = random.nextInt(5);
        if (what < 2 || invoices.isEmpty()) {
            YearMonth month = NOVEMBER.plusMonths(random.nextInt(4));
            // One of them at most is a draft; what is final stays as it is.
            for (int revision = 1; revision <= 15; revision++) {
                finance.post("/v1/invoices/%s.%s.%d:finalize".formatted(tenant, month, revision), "");
            }
            return false;
        }
        String invoice = "/v1/invoices/"
                + invoices.get(random.nextInt(invoices.size())).get("id").asText();
        if (what == 2) {
            late(tenant, random);
            return false;
        }
        return what == 3
                ? finance.post(invoice + ":void", "{\"by\":\"Ada\",\"reason\":\"mistake\"}")
                                .statusCode()
                        == 200
                : finance.post(invoice + "/notes", "{\"reason\":\"late\"}").statusCode() == 200;
    }

    /** Usage, or some of it taken back, at any time of four months. */
    private void late(String tenant, Random random) {
        long quarters = random.nextInt(120 * 96);
        table.insert(Row.of(
                        tenant,
                        Instant.parse("2023-11-01T12:00:00Z").plusSeconds(900 * quarters),
                        Map.of("input_tokens", 1L + random.nextInt(2_000_000), "output_tokens", (long)
                                random.nextInt(90_000)))
                .project(random.nextBoolean() ? "search" : "")
                .shard(random.nextInt(1_000)));
    }

    private List<JsonNode> documents(String tenant) {
        return StreamSupport.stream(
                        finance.json("/v1/invoices?limit=500&tenant=" + tenant)
                                .get("invoices")
                                .spliterator(),
                        false)
                .filter(document -> !document.get("status").asText().equals("draft"))
                .toList();
    }

    private static boolean isInvoice(JsonNode document) {
        return document.path("kind").asText("invoice").equals("invoice");
    }

    private FocusTable export(String tenant, YearMonth month) {
        return FocusDownload.of(finance, month(tenant, month));
    }

    private static String month(String tenant, YearMonth month) {
        return "/v1/focus?tenant=" + tenant + "&period=" + month;
    }

    private static BigDecimal sum(List<Map<String, String>> rows) {
        return rows.stream().map(row -> new BigDecimal(row.get("BilledCost"))).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private void agree(String tenant, String zone, String terms) {
        HttpResponse<String> response = finance.post(
                "/v1/contracts",
                "{\"tenant\":\"%s\",\"currency\":\"USD\",\"timeZone\":\"%s\",\"effectiveFrom\":\"2023-11-01\",%s}"
                        .formatted(tenant, zone, terms));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    }

    private JsonNode posted(String path, String body) {
        HttpResponse<String> response = finance.post(path, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Finance.read(response);
    }
}
