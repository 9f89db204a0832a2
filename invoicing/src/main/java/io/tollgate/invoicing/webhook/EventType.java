package io.tollgate.invoicing.webhook;

import java.util.Arrays;
import java.util.Optional;

/**
 * What may happen, the only place that names it. A new kind needs a line here and a call of {@code Outbox.append} where
 * it happens. A name ends in the version of its data: members may be added to these, anything else is a new version.
 */
public enum EventType {
    /** An invoice was closed; the data are an {@link Event.InvoiceHead}. */
    INVOICE_FINALISED("io.tollgate.invoice.finalised.v1"),
    /** A version of a price book was published; the data are an {@link Event.PriceBookHead}. */
    PRICE_BOOK_PUBLISHED("io.tollgate.price_book.published.v1"),
    /** It was said when a version of a price book ends; the data are an {@link Event.RetirementHead}. */
    PRICE_BOOK_RETIRED("io.tollgate.price_book.retired.v1"),
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
