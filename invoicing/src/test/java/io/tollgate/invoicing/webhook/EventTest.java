package io.tollgate.invoicing.webhook;

import static io.tollgate.invoicing.Fixtures.AFTER;
import static io.tollgate.invoicing.Fixtures.NOVEMBER;
import static io.tollgate.invoicing.Fixtures.book;
import static io.tollgate.invoicing.Fixtures.gpt4o;
import static io.tollgate.invoicing.Fixtures.gpt4oCard;
import static io.tollgate.invoicing.Fixtures.history;
import static io.tollgate.invoicing.Fixtures.usage;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.invoicing.document.CanonicalJson;
import io.tollgate.invoicing.invoice.BillingPeriod;
import io.tollgate.invoicing.invoice.DocumentNumber;
import io.tollgate.invoicing.invoice.DocumentNumber.Series;
import io.tollgate.invoicing.invoice.Invoice;
import io.tollgate.invoicing.invoice.InvoiceCalculator;
import io.tollgate.invoicing.invoice.InvoiceStatus;
import io.tollgate.invoicing.invoice.InvoiceStatus.Issue;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EventTest {

    private static final Invoice INVOICE = InvoiceCalculator.draft(
                    "acme",
                    BillingPeriod.of(YearMonth.of(2023, 11)),
                    List.of(usage(NOVEMBER, "acme", gpt4o(), Map.of("input_tokens", 4_000_000L))),
                    history(book(gpt4oCard())),
                    AFTER)
            .as(new InvoiceStatus.Final(AFTER)
                    .issuedAs(new Issue(new DocumentNumber(Series.INVOICE, 42), LocalDate.of(2024, 1, 1))));

    @Test
    void aFinalInvoiceIsToldAsACloudEventOfItsHead() {
        Event event = Event.of(EventType.INVOICE_FINALISED, INVOICE, AFTER);

        assertThat(CanonicalJson.write(event.document())).isEqualTo("""
                {"specversion":"1.0","id":"f9ae7fa2-48b0-3d05-b739-268d89a79af5","source":"urn:tollgate:invoicing",\
                "type":"io.tollgate.invoice.finalised.v1","subject":"acme.2023-11.1","time":"2023-12-02T08:00:00Z",\
                "datacontenttype":"application/json","data":{"id":"acme.2023-11.1","tenant":"acme","period":"2023-11",\
                "revision":1,"status":"final","currency":"USD","subtotal":"10.00","total":"10.00","eventCount":1,\
                "digest":"00000000000000000000000000000001","link":"/v1/invoices/acme.2023-11.1",\
                "number":"INV-000042","dueOn":"2024-01-01"}}""");
        assertThat(event.tenant()).contains("acme");
    }

    @Test
    void aPublishedBookIsToldAsItsVersion() {
        Event event = Event.of(EventType.PRICE_BOOK_PUBLISHED, book(gpt4oCard()).published(3), AFTER);

        assertThat(CanonicalJson.write(event.document()))
                .contains("\"type\":\"io.tollgate.price_book.published.v1\",\"subject\":\"list\"")
                .endsWith("\"data\":{\"name\":\"list\",\"version\":3,\"currency\":\"USD\","
                        + "\"effectiveFrom\":\"2020-01-01T00:00:00Z\",\"link\":\"/v1/price-books/list?version=3\"}}");
        assertThat(event.tenant()).isEmpty();
    }

    @Test
    void anIdFollowsFromWhatHappenedToWhatAndWhen() {
        Event event = Event.of(EventType.INVOICE_FINALISED, INVOICE, AFTER);

        assertThat(event.id())
                .isEqualTo(Event.of(EventType.INVOICE_FINALISED, INVOICE, AFTER).id())
                .doesNotContain(".")
                .isNotEqualTo(Event.of(EventType.INVOICE_FINALISED, INVOICE, AFTER.plusMillis(1))
                        .id())
                .isNotEqualTo(Event.of(EventType.PING, INVOICE, AFTER).id())
                .isNotEqualTo(new Event(EventType.INVOICE_FINALISED, Optional.empty(), "other", AFTER, "").id());
    }
}
