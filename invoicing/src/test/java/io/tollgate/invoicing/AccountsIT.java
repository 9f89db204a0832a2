package io.tollgate.invoicing;

import static io.tollgate.invoicing.RunningService.WINDOW;
import static io.tollgate.invoicing.RunningService.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tollgate.invoicing.RollupsTable.Row;
import io.tollgate.invoicing.connection.ConnectionUrl;
import io.tollgate.invoicing.postgres.Database;
import io.tollgate.invoicing.postgres.Outbox;
import io.tollgate.invoicing.postgres.Outbox.Delivery;
import io.tollgate.invoicing.postgres.ReceivableStore;
import java.math.BigInteger;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What happens to invoices after they are final, on real databases. Each law uses tenants of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccountsIT {

    private RollupsTable table;
    private RunningService running;
    private Finance finance;
    private Database database;
    private ReceivableStore receivables;

    @BeforeAll
    void start() {
        table = RollupsTable.create();
        running = new RunningService(table.url());
        finance = running.finance;
        running.publishListPrices();
        finance.post("/v1/webhook-endpoints", "{\"url\":\"http://127.0.0.1:1/\"}");
        database = Database.open(ConnectionUrl.postgres(running.postgres));
        receivables = new ReceivableStore(database);
    }

    @AfterAll
    void stop() {
        database.close();
        running.close();
    }

    @Test
    void anInvoiceIsPaidWhenPaymentsReachItsTotal() {
        String invoice = closed("payer", 4_000_000);
        String document = finance.get(invoice).body();
        assertThat(finance.json(invoice + "/account").get("standing").asText()).isEqualTo("open");

        assertThat(pay(invoice, "4.00", "bank-1")).isEqualTo("open 6.00");
        assertThat(pay(invoice, "4.00", "bank-1")).isEqualTo("open 6.00");
        assertProblem(payment(invoice, "4.01", "bank-1"), 409, "payment_differs");
        assertProblem(payment(invoice, "0.001", "bank-2"), 422, "invalid_payment");
        assertProblem(payment(invoice, "-1.00", "bank-2"), 422, "invalid_payment");
        assertProblem(payment(invoice, "1.00", "bank\\u0000"), 422, "invalid_payment");
        assertThat(finance.post(invoice + "/payments", "{\"amount\":null,\"reference\":null}")
                        .statusCode())
                .isBetween(400, 422);
        assertThat(finance.post(invoice + "/notes", "{\"reason\":null}").statusCode())
                .isBetween(400, 422);
        assertThat(pay(invoice, "6", "bank-2")).isEqualTo("paid 0.00");
        assertThat(pay(invoice, "1.00", "bank-3")).isEqualTo("paid -1.00");

        assertProblem(take(invoice), 409, "has_payments");
        assertThat(finance.get(invoice).body()).isEqualTo(document);
        assertThat(told(invoice)).containsExactly("finalised", "paid");
        assertProblem(finance.get("/v1/invoices/nobody.2023-11.1/account"), 409, "not_final");
    }

    @Test
    void paymentsAtOnceWithOneReferenceAreOne() {
        String invoice = closed("impatient", 4_000_000);

        IntStream.range(0, 8).parallel().forEach(turn -> payment(invoice, "10.00", "bank-1"));

        assertThat(finance.json(invoice + "/account").get("payments")).hasSize(1);
        assertThat(told(invoice)).containsExactly("finalised", "paid");
    }

    @Test
    void aVoidInvoiceIsCreditedInFullAndTakesNothingMore() {
        String invoice = closed("mistaken", 4_000_000);
        assertProblem(finance.post(invoice + ":void", "{\"by\":\"Ada\",\"reason\":\" \"}"), 422, "invalid_reason");

        JsonNode account = Finance.read(take(invoice));
        assertThat(account.get("standing").asText()).isEqualTo("void");
        assertThat(account.get("balance").asText()).isEqualTo("0.00");
        assertThat(account.at("/notes/0/kind").asText()).isEqualTo("credit_note");
        assertThat(Finance.read(take(invoice))).isEqualTo(account);
        assertThat(finance.json(invoice.replace(".1", ".2")).get("total").asText())
                .isEqualTo("-10.00");

        assertProblem(payment(invoice, "1.00", "bank-1"), 409, "invoice_void");
        assertProblem(note(invoice, "late", ""), 409, "invoice_void");
        assertThat(told(invoice)).containsExactly("finalised", "note_issued", "voided");
    }

    @Test
    void aLateEventInAFinalPeriodBecomesADebitNoteAndAReversalACreditNote() {
        String invoice = closed("late", 4_000_000);
        String document = finance.get(invoice).body();
        assertProblem(note(invoice, "nothing", ""), 409, "nothing_to_adjust");
        table.insert(Row.of("late", WINDOW.plusSeconds(900), Map.of("output_tokens", 500_000L))
                .events(3, BigInteger.TEN, 1));

        JsonNode since = finance.json(invoice + "/usage-since-final");
        assertThat(since.get("total").asText()).isEqualTo("5.00");
        assertThat(since.at("/lines/0/meter").asText()).isEqualTo("output_tokens");
        assertProblem(note(invoice, "late usage", "4.99"), 409, "amount_changed");
        JsonNode debit = Finance.read(note(invoice, "late usage", "5.00"));
        assertThat(debit.get("id").asText()).isEqualTo("late.2023-11.2");
        assertThat(debit.get("kind").asText()).isEqualTo("debit_note");
        assertThat(debit.get("number").asText()).startsWith("DBN-");
        assertThat(debit.get("invoice").asText()).isEqualTo("late.2023-11.1");
        assertThat(debit.get("eventCount").asInt()).isEqualTo(3);
        assertThat(finance.json(invoice + "/usage-since-final").get("changed").asBoolean())
                .isFalse();

        // The first usage was a mistake: its rollup's newer version is smaller.
        table.insert(Row.of("late", WINDOW, Map.of("input_tokens", 1_000_000L)).events(1, BigInteger.ONE, 2));
        JsonNode credit = Finance.read(note(invoice, "taken back", "-7.50"));
        assertThat(credit.get("kind").asText()).isEqualTo("credit_note");
        assertThat(credit.at("/lines/0/quantity").asText()).isEqualTo("-3000000");
        assertThat(credit.at("/lines/0/billedQuantity").asText()).isEqualTo("4000000");

        assertThat(finance.get(invoice).body()).isEqualTo(document);
        JsonNode account = finance.json(invoice + "/account");
        assertThat(account.get("balance").asText()).isEqualTo("7.50");
        assertThat(account.get("notes").findValuesAsText("total")).containsExactly("5.00", "-7.50");
        JsonNode listed = finance.json("/v1/invoices?tenant=late").get("invoices");
        assertThat(listed.findValuesAsText("kind")).containsExactly("invoice", "debit_note", "credit_note");
        assertThat(listed.at("/0/usageSinceFinal/changed").asBoolean()).isFalse();
    }

    @Test
    void aBookThatIsCorrectedForThePastShowsTheDifferenceBeforeAnythingIsIssued() {
        try (RunningService other = new RunningService(table.url())) {
            other.publishListPrices();
            table.insert(Row.of("reprice", WINDOW, Map.of("input_tokens", 4_000_000L)));
            other.finance.post("/v1/invoices/reprice.2023-11.1:finalize", "");
            other.finance.post("/v1/price-books", RunningService.BOOK.replace("2.50", "2.00"));

            JsonNode since = other.finance.json("/v1/invoices/reprice.2023-11.1/usage-since-final");
            assertThat(since.get("total").asText()).isEqualTo("-2.00");
            assertThat(since.at("/lines/0/quantity").asText()).isEqualTo("0");
            assertThat(other.finance
                            .json("/v1/invoices/reprice.2023-11.1/account")
                            .get("notes"))
                    .isEmpty();
            HttpResponse<String> credit = other.finance.post(
                    "/v1/invoices/reprice.2023-11.1/notes", "{\"reason\":\"wrong price\",\"expectedTotal\":\"-2.00\"}");
            assertThat(Finance.read(credit).get("number").asText()).isEqualTo("CRN-000001");
        }
    }

    @Test
    void notesAtOnceBillTheDifferenceOnce() {
        String invoice = closed("twice", 4_000_000);
        table.insert(Row.of("twice", WINDOW.plusSeconds(900), Map.of("output_tokens", 500_000L)));

        List<Integer> answers = IntStream.range(0, 6)
                .parallel()
                .mapToObj(turn -> note(invoice, "late", "").statusCode())
                .sorted()
                .toList();

        assertThat(answers).containsExactly(200, 409, 409, 409, 409, 409);
        assertThat(finance.json(invoice + "/account").get("notes")).hasSize(1);
    }

    @Test
    void whatWasLetPassIsAskedOnceAndWhatIsNewIsLetPassWithTheNote() {
        String invoice = "/v1/invoices/patient.2023-11.1";
        table.insert(
                Row.of("patient", WINDOW, Map.of("input_tokens", 4_000_000L)),
                Row.of("patient", WINDOW, Map.of("images", 3L)));
        assertProblem(finance.post(invoice + ":finalize", ""), 409, "unpriced_usage");
        String waivers = "\"waivers\":[{\"code\":\"unpriced_usage\",\"by\":\"Ada\",\"reason\":\"free\"}]";
        assertThat(finance.post(invoice + ":finalize", "{" + waivers + "}").statusCode())
                .isEqualTo(200);

        table.insert(Row.of("patient", WINDOW.plusSeconds(900), Map.of("output_tokens", 500_000L)));
        assertThat(finance.json(invoice + "/usage-since-final").get("exceptions"))
                .isEmpty();
        assertThat(Finance.read(note(invoice, "late", "5.00")).has("exceptions"))
                .isFalse();

        table.insert(Row.of("patient", WINDOW.plusSeconds(1800), Map.of("output_tokens", 500_000L, "images", 1L)));
        assertProblem(note(invoice, "late", "5.00"), 409, "unpriced_usage");
        JsonNode second = Finance.read(finance.post(invoice + "/notes", "{\"reason\":\"late\"," + waivers + "}"));
        assertThat(second.at("/exceptions/0/quantity").asText()).isEqualTo("4");
        assertThat(finance.json(invoice + "/account").get("waivers").findValuesAsText("by"))
                .containsExactly("Ada", "Ada");
        assertThat(finance.get(invoice.replace(".1", ".3") + "/document").statusCode())
                .isEqualTo(200);
        assertThat(finance.get(invoice.replace(".1", ".3") + "/document?format=csv")
                        .body())
                .contains("debit_note,patient");
    }

    @Test
    void overdueIsToldOnce() {
        String invoice = closed("slow", 4_000_000);
        String paid = closed("quick", 4_000_000);
        pay(paid, "10.00", "bank-1");
        String taken = closed("corrected", 4_000_000);
        take(taken);
        String again = taken.replace(".1", ".3");
        assertThat(finance.post(again + ":finalize", "").statusCode()).isEqualTo(200);

        receivables.tellOverdue(Instant.parse("2024-01-01T23:59:59Z"));
        assertThat(told(invoice)).containsExactly("finalised");
        while (receivables.tellOverdue(Instant.parse("2024-01-02T00:00:00Z")) > 0) {
            // Others' invoices are overdue, too.
        }

        assertThat(told(invoice)).containsExactly("finalised", "overdue");
        assertThat(told(paid)).containsExactly("finalised", "paid");
        assertThat(told(taken)).containsExactly("finalised", "note_issued", "voided");
        assertThat(told(again)).containsExactly("finalised", "overdue");
    }

    private String closed(String tenant, long tokens) {
        table.insert(Row.of(tenant, WINDOW, Map.of("input_tokens", tokens)));
        String invoice = "/v1/invoices/" + tenant + ".2023-11.1";
        assertThat(finance.post(invoice + ":finalize", "").statusCode()).isEqualTo(200);
        return invoice;
    }

    private String pay(String invoice, String amount, String reference) {
        JsonNode account = Finance.read(payment(invoice, amount, reference));
        return account.get("standing").asText() + " " + account.get("balance").asText();
    }

    private HttpResponse<String> payment(String invoice, String amount, String reference) {
        return finance.post(
                invoice + "/payments",
                "{\"amount\":\"%s\",\"reference\":\"%s\",\"paidOn\":\"2023-12-05\"}".formatted(amount, reference));
    }

    private HttpResponse<String> take(String invoice) {
        return finance.post(invoice + ":void", "{\"by\":\"Ada\",\"reason\":\"a mistake\"}");
    }

    private HttpResponse<String> note(String invoice, String reason, String expected) {
        String more = expected.isEmpty() ? "" : ",\"expectedTotal\":\"" + expected + "\"";
        return finance.post(invoice + "/notes", "{\"reason\":\"" + reason + "\"" + more + "}");
    }

    /** What was told of an invoice, in order. */
    private List<String> told(String invoice) {
        String id = invoice.substring("/v1/invoices/".length());
        String endpoint =
                finance.json("/v1/webhook-endpoints").findValuesAsText("id").get(0);
        List<String> told = new ArrayList<>();
        for (Delivery delivery : new Outbox(database).deliveries(endpoint, Optional.empty(), 1000, Optional.empty())) {
            if (delivery.subject().equals(id)) {
                told.add(0, delivery.type().replaceAll("io.tollgate.invoice.|.v1", ""));
            }
        }
        return told;
    }
}
