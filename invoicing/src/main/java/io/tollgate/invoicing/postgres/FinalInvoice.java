package io.tollgate.invoicing.postgres;

import io.tollgate.invoicing.invoice.InvoiceId;
import io.tollgate.invoicing.invoice.InvoiceStatus.Issue;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.usage.Evidence;
import java.time.Instant;
import java.util.Optional;

/**
 * What a final invoice, or a note to one, came to; its text is {@link InvoiceStore#document}.
 *
 * @param due what was left to pay when it was closed: the total without what credits paid
 * @param ofRevision its own, or of a note that of the invoice that it corrects
 * @param isVoid whether it was taken back whole, by now
 * @param issuer who issued it; absent of invoices that were closed before there were numbers
 * @param issue absent of invoices that were closed before there were numbers
 */
public record FinalInvoice(
        InvoiceId id,
        int ofRevision,
        boolean isVoid,
        Money exactSum,
        Money subtotal,
        Money total,
        Money due,
        int lineCount,
        Evidence evidence,
        Instant finalisedAt,
        Optional<String> issuer,
        Optional<Issue> issue) {

    public boolean isNote() {
        return id.revision() != ofRevision;
    }
}
