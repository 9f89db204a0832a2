package io.tollgate.invoicing.invoice;

import io.tollgate.invoicing.invoice.DocumentNumber.Series;
import io.tollgate.invoicing.invoice.InvoiceStatus.Issue;
import io.tollgate.invoicing.rating.UnbilledUsage;
import java.time.Instant;
import java.util.List;

/**
 * A credit or debit note: corrects a final invoice, which stays as it is.
 *
 * @param id the next revision of the invoice's
 * @param issue its number, in the series of its kind
 * @param invoice what it corrects
 * @param invoiceNumber empty of an invoice that was closed before there were numbers
 * @param invoiceFinalisedAt when that was closed
 * @param waived usage that cannot be billed, and that a named person let pass
 * @param adjustment what it bills, or credits if it is negative
 */
public record Note(
        InvoiceId id,
        Issue issue,
        InvoiceId invoice,
        String invoiceNumber,
        Instant invoiceFinalisedAt,
        List<UnbilledUsage> waived,
        Adjustment adjustment,
        String reason,
        Instant issuedAt) {

    public Note {
        waived = List.copyOf(waived);
    }

    /** Which kind of note an adjustment makes. */
    public static Series kindOf(Adjustment adjustment) {
        return adjustment.total().amount().signum() < 0 ? Series.CREDIT_NOTE : Series.DEBIT_NOTE;
    }
}
