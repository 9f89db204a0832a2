package io.tollgate.invoicing.http;

import io.swagger.v3.oas.annotations.media.Schema;
import io.tollgate.invoicing.billing.InvoiceList.Entry;
import io.tollgate.invoicing.billing.InvoiceList.Page;
import io.tollgate.invoicing.invoice.Invoice;
import io.tollgate.invoicing.invoice.InvoiceId;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.postgres.FinalInvoice;
import io.tollgate.invoicing.usage.Evidence;
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
     * @param exactSum unrounded, decimal digits
     * @param exceptionCount how many entries its exception list has
     * @param finalisedAt of a final one
     * @param usageSinceFinal of a final one
     */
    @Schema(name = "InvoiceSummary")
    public record Summary(
            String id,
            String tenant,
            String period,
            int revision,
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
            Optional<UsageSinceFinal> usageSinceFinal) {}

    static InvoicePage of(Page page) {
        return new InvoicePage(
                page.entries().stream().map(InvoicePage::summary).toList(),
                page.next().map(Parameters::cursor));
    }

    private static Summary summary(Entry entry) {
        if (entry instanceof Entry.Closed closed) {
            FinalInvoice kept = closed.invoice();
            return summary(
                    kept.id(),
                    "final",
                    kept.exactSum(),
                    kept.total(),
                    kept.lineCount(),
                    kept.evidence(),
                    0,
                    Optional.of(kept.finalisedAt()),
                    Optional.of(UsageSinceFinal.of(closed.since())));
        }
        Invoice draft = ((Entry.Open) entry).draft();
        return summary(
                draft.id(),
                draft.status().label(),
                draft.exactSum(),
                draft.total(),
                draft.lines().size(),
                draft.evidence(),
                draft.exceptions().size(),
                Optional.empty(),
                Optional.empty());
    }

    private static Summary summary(
            InvoiceId id,
            String status,
            Money exactSum,
            Money total,
            int lineCount,
            Evidence evidence,
            int exceptionCount,
            Optional<Instant> finalisedAt,
            Optional<UsageSinceFinal> since) {
        return new Summary(
                id.toString(),
                id.tenant(),
                id.month().toString(),
                id.revision(),
                status,
                exactSum.currency().getCurrencyCode(),
                exactSum.digits(),
                exactSum.rounded().digits(),
                total.digits(),
                lineCount,
                evidence.eventCount(),
                evidence.digest().toString(),
                exceptionCount,
                finalisedAt,
                since);
    }
}
