package io.tollgate.invoicing.webhook;

import java.util.Arrays;
import java.util.Optional;

/**
 * What may happen, the only place that names it. A new kind needs a line here and a call of {@code Outbox.append} where
 * it happens. A name ends in the version of its data: members may be added to these, anything else is a new version.
 */
public enum EventType {
    /** An invoice was closed, numbered and so issued; the data are an {@link Event.InvoiceHead}. */
    INVOICE_FINALISED("io.tollgate.invoice.finalised.v1"),
    /** Nothing is left to pay of an invoice; the data are an {@link Event.AccountHead}, as of the next three. */
    INVOICE_PAID("io.tollgate.invoice.paid.v1"),
    /** The due date of an invoice has passed, and something is left to pay. */
    INVOICE_OVERDUE("io.tollgate.invoice.overdue.v1"),
    /** An invoice was voided: a credit note over all of it was issued. */
    INVOICE_VOIDED("io.tollgate.invoice.voided.v1"),
    /** A credit or debit note to an invoice was issued. */
    NOTE_ISSUED("io.tollgate.invoice.note_issued.v1"),
    /** A bill run came to its end, or cannot go on without a decision; the data are an {@link Event.BillRunHead}. */
    BILL_RUN_ENDED("io.tollgate.bill_run.ended.v1"),
    /** A version of a price book was published; the data are an {@link Event.PriceBookHead}. */
    PRICE_BOOK_PUBLISHED("io.tollgate.price_book.published.v1"),
    /** It was said when a version of a price book ends; the data are an {@link Event.RetirementHead}. */
    PRICE_BOOK_RETIRED("io.tollgate.price_book.retired.v1"),
    /** So much of a budget is used; the data are an {@link Event.AlertHead}, as of the next three. */
    BUDGET_THRESHOLD_CROSSED("io.tollgate.budget.threshold_crossed.v1"),
    /** So much of a budget is expected to be used by the end of its period. */
    BUDGET_BREACH_FORECAST("io.tollgate.budget.breach_forecast.v1"),
    /** Usage is billed in another currency than the budget's, and is not counted by it. */
    BUDGET_CURRENCY_DIFFERS("io.tollgate.budget.currency_differs.v1"),
    /** Spend is not as usual. */
    ANOMALY_DETECTED("io.tollgate.anomaly.detected.v1"),
    /** Nothing happened: somebody tests an endpoint. Sent when asked for only. */
    PING("io.tollgate.webhook.ping.v1");

    private final String label;

    EventType(String label) {
        this.label = label;
    }

    /** The {@code type} of CloudEvents. */
    public String label() {
        return label;
    }

    public static Optional<EventType> labelled(String label) {
        return Arrays.stream(values()).filter(type -> type.label.equals(label)).findFirst();
    }
}
