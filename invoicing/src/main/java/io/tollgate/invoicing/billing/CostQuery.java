package io.tollgate.invoicing.billing;

import io.tollgate.invoicing.billing.Drafts.Drafted;
import io.tollgate.invoicing.billing.Drafts.Fineness;
import io.tollgate.invoicing.cost.CostItem;
import io.tollgate.invoicing.cost.CostReport;
import io.tollgate.invoicing.document.BilledDocuments;
import io.tollgate.invoicing.invoice.Adjustment;
import io.tollgate.invoicing.invoice.InvoiceId;
import io.tollgate.invoicing.postgres.FinalInvoice;
import io.tollgate.invoicing.postgres.InvoiceStore;
import io.tollgate.invoicing.usage.Detail;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the documents of a tenant's month are made of, as finely as somebody asks. */
public final class CostQuery {

    private final Drafts drafts;
    private final InvoiceStore invoices;

    public CostQuery(Drafts drafts, InvoiceStore invoices) {
        this.drafts = drafts;
        this.invoices = invoices;
    }

    /**
     * Of all invoices and notes of the month, in order; if none is in force, of the draft, last. What an invoice that is
     * final says stays; how it divides is told by what is known of its usage now.
     *
     * @param cuts instants at which usage is told apart
     * @return empty if no list prices are published, or if another tenant pays for this one in that month
     */
    public Optional<List<CostReport>> of(
            String tenant, YearMonth month, Detail detail, Collection<Instant> cuts, Instant now) {
        return drafts.prices().flatMap(prices -> {
            List<Drafted> found = new ArrayList<>();
            drafts.each(
                    month,
                    Set.of(tenant),
                    prices,
                    new Fineness(detail, cuts, Optional.empty(), true),
                    OpenBalances.of(prices),
                    now,
                    found::add);
            return found.stream().findFirst().map(draft -> reports(draft, tenant, month));
        });
    }

    private List<CostReport> reports(Drafted draft, String tenant, YearMonth month) {
        List<CostReport> reports = new ArrayList<>();
        for (FinalInvoice document : invoices.list(month, Set.of(tenant))) {
            reports.add(report(draft, document));
        }
        invoices.next(tenant, month)
                .filter(next -> reports.isEmpty() || !draft.invoice().isOfNothing())
                .ifPresent(next -> reports.add(report(draft, next)));
        return reports;
    }

    private static CostReport report(Drafted draft, InvoiceId id) {
        return new CostReport(
                id,
                CostReport.Kind.DRAFT,
                Optional.empty(),
                draft.invoice().period(),
                Optional.empty(),
                draft.invoice().subtotal(),
                draft.invoice().total(),
                draft.invoice().due(),
                draft.itemising().items(draft.invoice(), draft.rating()),
                draft.invoice().unbilled());
    }

    private CostReport report(Drafted draft, FinalInvoice document) {
        Adjustment.Billed billed = BilledDocuments.of(List.of(invoices.document(document.id())
                        .orElseThrow(() -> new IllegalStateException(document.id() + " was there and is no more"))))
                .billed(List.of());
        return new CostReport(
                document.id(),
                kind(document),
                document.issue().map(issue -> issue.number().toString()),
                draft.invoice().period(),
                Optional.of(document.finalisedAt()),
                document.subtotal(),
                document.total(),
                billed.due(),
                items(draft, document, billed),
                document.isNote() ? List.of() : draft.invoice().unbilled());
    }

    private static List<CostItem> items(Drafted draft, FinalInvoice document, Adjustment.Billed billed) {
        // What was billed in another currency than its contract has by now says nothing about usage.
        return document.isNote()
                        || !billed.due().currency().equals(draft.invoice().currency())
                ? draft.itemising().items(billed)
                : draft.itemising()
                        .items(draft.invoice(), draft.rating(), Adjustment.of(billed, draft.invoice()), billed.due());
    }

    private static CostReport.Kind kind(FinalInvoice document) {
        if (!document.isNote()) {
            return CostReport.Kind.INVOICE;
        }
        return document.total().signum() < 0 ? CostReport.Kind.CREDIT_NOTE : CostReport.Kind.DEBIT_NOTE;
    }
}
