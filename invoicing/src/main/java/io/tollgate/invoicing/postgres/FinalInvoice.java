package io.tollgate.invoicing.postgres;

import io.tollgate.invoicing.invoice.InvoiceId;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.usage.Evidence;
import java.time.Instant;

/**
 * A final invoice as it is kept.
 *
 * @param document its canonical JSON, which is what is handed out
 */
public record FinalInvoice(
        InvoiceId id,
        Money exactSum,
        Money subtotal,
        Money total,
        int lineCount,
        Evidence evidence,
        Instant finalisedAt,
        String document) {}
