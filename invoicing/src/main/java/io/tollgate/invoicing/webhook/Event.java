package io.tollgate.invoicing.webhook;

import io.tollgate.invoicing.invoice.Invoice;
import io.tollgate.invoicing.invoice.InvoiceStatus;
import io.tollgate.invoicing.invoice.InvoiceStatus.Issue;
import io.tollgate.invoicing.pricing.PriceBook;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;

/**
 * Something that happened.
 *
 * @param tenant whom it concerns, if only one
 * @param subject what it happened to; events of one subject are told in their order
 * @param time to the millisecond
 * @param data the particulars; a record whose members are those of its JSON
 */
public record Event(EventType type, Optional<String> tenant, String subject, Instant time, Object data) {

    private static final String SOURCE = "urn:tollgate:invoicing";

    /**
     * An event as it is told: CloudEvents 1.0 in its JSON format, structured mode.
     *
     * @param id of the event; its deliveries and their repetitions all bear it
     */
    public record CloudEvent(
            String specversion,
            String id,
            String source,
            String type,
            String subject,
            Instant time,
            String datacontenttype,
            Object data) {}

    /**
     * An invoice without its lines.
     *
     * @param period {@code yyyy-MM}
     * @param total what is owed, decimal digits in major units of the currency
     * @param digest sum of the digests of the events that it was made from
     * @param link path of the whole invoice in the API
     * @param number of a final one
     * @param dueOn of a final one: the last day on which it is paid in time
     */
    public record InvoiceHead(
            String id,
            String tenant,
            String period,
            int revision,
            String status,
            String currency,
            String subtotal,
            String total,
            long eventCount,
            String digest,
            String link,
            Optional<String> number,
            Optional<LocalDate> dueOn) {}

    /**
     * How a final invoice stands after something happened to it.
     *
     * @param standing {@code open}, {@code overdue}, {@code paid} or {@code void}
     * @param balance what is left to pay, decimal digits; negative if too much was paid
     * @param note number of the note that was issued, if one was
     * @param link path of the whole account in the API
     */
    public record AccountHead(
            String id,
            String tenant,
            String period,
            String number,
            String standing,
            String currency,
            String total,
            String balance,
            Optional<String> note,
            String link) {}

    /**
     * How a bill run ended.
     *
     * @param period {@code yyyy-MM}
     * @param state {@code finished} or {@code blocked}
     * @param invoiced how many tenants have their invoice
     * @param blocked how many must wait for a decision
     * @param link path of the whole run in the API
     */
    public record BillRunHead(
            String id, String period, String issuer, String state, long invoiced, long blocked, String link) {}

    /**
     * A version of a price book without its cards.
     *
     * @param link path of the whole version in the API
     */
    public record PriceBookHead(String name, int version, String currency, Instant effectiveFrom, String link) {}

    /**
     * The end of a version of a price book.
     *
     * @param retiredFrom first instant at which it no longer applies
     * @param link path of the whole version in the API
     */
    public record RetirementHead(String name, int version, Instant retiredFrom, String link) {}

    /**
     * An alert.
     *
     * @param subject what it is about: the id of a budget or an anomaly
     * @param headline for people
     * @param facts the particulars
     * @param link path of the subject in the API
     */
    public record AlertHead(
            String id,
            String kind,
            String tenant,
            String subject,
            String headline,
            SortedMap<String, String> facts,
            String link) {}

    /** The data of a ping. */
    public record Ping(String message) {}

    /** Something that happened to an invoice, as it stands after it. */
    public static Event of(EventType type, Invoice invoice, Instant time) {
        String id = invoice.id().toString();
        InvoiceHead head = new InvoiceHead(
                id,
                invoice.id().tenant(),
                invoice.period().toString(),
                invoice.id().revision(),
                invoice.status().label(),
                invoice.currency().getCurrencyCode(),
                invoice.subtotal().digits(),
                invoice.total().digits(),
                invoice.evidence().eventCount(),
                invoice.evidence().digest().toString(),
                "/v1/invoices/" + id,
                issue(invoice).map(issue -> issue.number().toString()),
                issue(invoice).map(Issue::dueOn));
        return new Event(type, Optional.of(invoice.id().tenant()), id, time, head);
    }

    private static Optional<Issue> issue(Invoice invoice) {
        return invoice.status() instanceof InvoiceStatus.Final closed ? closed.issue() : Optional.empty();
    }

    /** Something that happened to a final invoice. */
    public static Event of(EventType type, AccountHead head, Instant time) {
        return new Event(type, Optional.of(head.tenant()), head.id(), time, head);
    }

    /** Something that happened to a bill run. */
    public static Event of(EventType type, BillRunHead head, Instant time) {
        return new Event(type, Optional.empty(), head.id(), time, head);
    }

    /** Something that happened to a version of a price book. */
    public static Event of(EventType type, PriceBook book, Instant time) {
        String link = "/v1/price-books/" + book.name() + "?version=" + book.version();
        Object head = book.retiredFrom()
                .<Object>map(from -> new RetirementHead(book.name(), book.version(), from, link))
                .orElseGet(() -> new PriceBookHead(
                        book.name(), book.version(), book.currency().getCurrencyCode(), book.effectiveFrom(), link));
        return new Event(type, Optional.empty(), book.name(), time, head);
    }

    /** Something that a tenant is to be told. */
    public static Event of(EventType type, AlertHead head, Instant time) {
        return new Event(type, Optional.of(head.tenant()), head.subject(), time, head);
    }

    /** A test of the endpoint. */
    public static Event ping(String endpoint, Instant time) {
        return new Event(EventType.PING, Optional.empty(), endpoint, time, new Ping("this is a test"));
    }

    /**
     * Follows from what happened, to what, when and how. It has no full stop, which separates the parts of what is signed.
     */
    public String id() {
        String identity = type.label() + ' ' + subject + ' ' + time + ' ' + data;
        return UUID.nameUUIDFromBytes(identity.getBytes(StandardCharsets.UTF_8)).toString();
    }

    public CloudEvent document() {
        return new CloudEvent("1.0", id(), SOURCE, type.label(), subject, time, "application/json", data);
    }
}
