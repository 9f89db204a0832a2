package io.tollgate.invoicing.postgres;

import io.tollgate.invoicing.invoice.InvoiceId;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.usage.Evidence;
import java.time.Instant;

/** What a final invoice came to; its text is {@link InvoiceStore#document}. */
public record FinalInvoice(
        InvoiceId id,
        Money exactSum,
        Money subtotal,
        Money total,
        int lineCount,
        Evidence evidence,
        Instant finalisedAt) {}
