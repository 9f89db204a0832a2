package io.tollgate.invoicing;

import static io.tollgate.invoicing.RunningService.WINDOW;
import static io.tollgate.invoicing.RunningService.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tollgate.invoicing.RollupsTable.Row;
import java.math.BigInteger;
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

/** Invoices as finance meets them, on real databases. Each law uses tenants of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InvoicesIT {

    private RollupsTable table;
    private RunningService running;
    private Finance finance;

    @BeforeAll
    void start() {
        table = RollupsTable.create();
        running = new RunningService(table.url());
        finance = running.finance;
        running.publishListPrices();
    }

    @AfterAll
    void stop() {
        running.close();
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
    void whatBillingDoesIsCountedAndTimed() {
        try (RunningService counted = new RunningService(table.url())) {
            table.insert(Row.of("counted", WINDOW, Map.of("input_tokens", 1L)));
            table.insert(Row.of("counted.not", WINDOW, Map.of("input_tokens", 1L, "images", 1L, "audio_ms", 1L)));
            counted.publishListPrices();
            counted.publishAgain();
            counted.finance.post("/v1/price-books", RunningService.BOOK.replace("USD", "EUR"));
            counted.finance.json("/v1/invoices/counted.2023-11.1");
            counted.finance.post("/v1/invoices/counted.2023-11.1%3Afinalize", "");
            counted.finance.post("/v1/invoices/counted.2023-11.1:finalize", "");
            counted.finance.post("/v1/invoices/counted.not.2023-11.1:finalize", "");

            String metrics =
                    new Finance(counted.service.adminPort(), "").get("/metrics").body();

            assertThat(metrics.lines())
                    .contains(
                            "invoicing_books_published_total 1.0",
                            "invoicing_books_refused_currency_change_total 1.0",
                            "invoicing_drafts_computed_total 3.0",
                            "invoicing_invoices_finalised_total 1.0",
                            "invoicing_finalisations_refused_unpriced_usage_total 1.0");
            // The watches of budgets and anomalies read and rate, too.
            assertThat(metrics).containsPattern("(?m)^invoicing_rating_count ([5-9]|[0-9]{2,})$");
            assertThat(metrics).containsPattern("(?m)^invoicing_usage_reading_count ([5-9]|[0-9]{2,})$");
        }
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
    void aReversalOfWhatNeverWasStandsInTheDraftAndBlocksTheClose() {
        table.insert(Row.of("backwards", WINDOW, Map.of("input_tokens", -100_000_000L)));

        JsonNode draft = finance.json("/v1/invoices/backwards.2023-11.1");
        assertThat(draft.get("total").asText()).isEqualTo("-250.00");
        assertThat(draft.get("lines")).hasSize(1);
        assertThat(draft.get("exceptions").findValuesAsText("code")).containsExactly("negative_usage");
        assertThat(finance.json("/v1/invoices?tenant=backwards")
                        .at("/invoices/0/exceptionCount")
                        .asInt())
                .isEqualTo(1);
        HttpResponse<String> refused = finance.post("/v1/invoices/backwards.2023-11.1:finalize", "");
        assertProblem(refused, 409, "negative_usage");
        assertThat(Finance.read(refused).at("/errors/0/detail").asText()).contains("more was taken back than was used");
    }

    @Test
    void usageThatNamesNobodyBlocksTheCloseOfItsMonth() {
        table.insert(
                Row.of("no/name", Instant.parse("2023-10-05T00:00:00Z"), Map.of("input_tokens", 7L)),
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
}
