package io.tollgate.invoicing.http;

import io.swagger.v3.oas.annotations.media.Schema;
import io.tollgate.invoicing.billing.InvoiceList.Entry;
import io.tollgate.invoicing.billing.InvoiceList.Page;
import io.tollgate.invoicing.invoice.DocumentNumber.Series;
import io.tollgate.invoicing.invoice.Invoice;
import io.tollgate.invoicing.postgres.FinalInvoice;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A page of the list of invoices, without their lines.
 *
 * @param nextCursor what asks for the next page; absent on the last
 */
public record InvoicePage(List<Summary> invoices, Optional<String> nextCursor) {

    /**
     * One invoice.
     *
     * @param kind {@code invoice}, {@code credit_note} or {@code debit_note}
     * @param exactSum unrounded, decimal digits
     * @param exceptionCount how many exceptions keep a draft from being closed
     * @param finalisedAt of a final one
     * @param number of a final one
     * @param usageSinceFinal of a final invoice that is not void
     */
    @Schema(name = "InvoiceSummary")
    public record Summary(
            String id,
            String tenant,
            String period,
            int revision,
            String kind,
            String status,
            String currency,
            String exactSum,
            String subtotal,
            String total,
            int lineCount,
            long eventCount,
            String digest,
            int exceptionCount,
            Optional<Instant> finalisedAt,
            Optional<String> number,
            Optional<UsageSinceFinal> usageSinceFinal) {}

    static InvoicePage of(Page page) {
        return new InvoicePage(
                page.entries().stream().map(InvoicePage::summary).toList(),
                page.next().map(Parameters::cursor));
    }

    private static Summary summary(Entry entry) {
        if (entry instanceof Entry.Closed closed) {
            return summary(closed.invoice(), closed.since().map(UsageSinceFinal::of));
        }
        if (entry instanceof Entry.Corrected corrected) {
            return summary(corrected.note(), Optional.empty());
        }
        Invoice draft = ((Entry.Open) entry).draft();
        return new Summary(
                draft.id().toString(),
                draft.id().tenant(),
                draft.id().month().toString(),
                draft.id().revision(),
                Series.INVOICE.label(),
                draft.status().label(),
                draft.currency().getCurrencyCode(),
                draft.exactSum().digits(),
                draft.subtotal().digits(),
                draft.total().digits(),
                draft.lines().size(),
                draft.evidence().eventCount(),
                draft.evidence().digest().toString(),
                draft.exceptions().size(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static Summary summary(FinalInvoice kept, Optional<UsageSinceFinal> since) {
        return new Summary(
                kept.id().toString(),
                kept.id().tenant(),
                kept.id().month().toString(),
                kept.id().revision(),
                kept.issue()
                        .map(issue -> issue.number().series())
                        .orElse(Series.INVOICE)
                        .label(),
                "final",
                kept.exactSum().currency().getCurrencyCode(),
                kept.exactSum().digits(),
                kept.subtotal().digits(),
                kept.total().digits(),
                kept.lineCount(),
                kept.evidence().eventCount(),
                kept.evidence().digest().toString(),
                0,
                Optional.of(kept.finalisedAt()),
                kept.issue().map(issue -> issue.number().toString()),
                since);
    }
}
