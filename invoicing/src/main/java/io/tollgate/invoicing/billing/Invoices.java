package io.tollgate.invoicing.billing;

import io.tollgate.invoicing.invoice.Closing;
import io.tollgate.invoicing.invoice.Closing.Blocker;
import io.tollgate.invoicing.invoice.Invoice;
import io.tollgate.invoicing.invoice.InvoiceId;
import io.tollgate.invoicing.invoice.SinceFinal;
import io.tollgate.invoicing.postgres.BalancesChangedException;
import io.tollgate.invoicing.postgres.FinalInvoice;
import io.tollgate.invoicing.postgres.InvoiceStore;
import io.tollgate.invoicing.pricing.PriceHistory;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Single invoices, from usage to final: loads what the pure core needs, and saves what it decides. */
public final class Invoices {

    private static final Blocker NO_PRICE_BOOK =
            new Blocker("no_price_book", "no price book named \"" + Drafts.LIST_PRICES + "\" is published");

    private final Drafts drafts;
    private final InvoiceStore invoices;
    private final BillingMetrics metrics;

    public Invoices(Drafts drafts, InvoiceStore invoices, BillingMetrics metrics) {
        this.drafts = drafts;
        this.invoices = invoices;
        this.metrics = metrics;
    }

    /** The invoice of that identity: a final one as it was closed, else as it stands now. */
    public Finding find(InvoiceId id, Instant now) {
        Optional<String> document = invoices.document(id);
        if (document.isPresent()) {
            return new Finding.Kept(document.get());
        }
        Optional<PriceHistory> prices = drafts.prices();
        if (!isFirst(id) || prices.isEmpty()) {
            return new Finding.None(isFirst(id) ? NO_PRICE_BOOK : noRevision(id));
        }
        Invoice draft = drafts.of(id.month(), id.tenant(), prices.get(), now);
        return draft.isOfNothing()
                ? new Finding.None(new Blocker("no_usage", id.tenant() + " used nothing in " + id.month()))
                : new Finding.Drafted(draft);
    }

    /** Closes the invoice. If it is closed already, nothing changes. */
    public Finalisation finalise(InvoiceId id, Instant now) {
        Finalisation finalisation = close(id, now);
        if (finalisation instanceof Finalisation.Refused refused) {
            metrics.finalisationRefused(
                    refused.blockers().stream().map(Blocker::code).toList());
        }
        return finalisation;
    }

    private Finalisation close(InvoiceId id, Instant now) {
        Optional<String> document = invoices.document(id);
        if (document.isPresent()) {
            return new Finalisation.Kept(document.get());
        }
        Optional<PriceHistory> prices = drafts.prices();
        if (!isFirst(id) || prices.isEmpty()) {
            return new Finalisation.Refused(List.of(isFirst(id) ? NO_PRICE_BOOK : noRevision(id)));
        }
        Invoice draft = drafts.of(id.month(), id.tenant(), prices.get(), now);
        List<Blocker> earlier = drafts.openBefore(draft, prices.get(), now);
        if (!earlier.isEmpty()) {
            return new Finalisation.Refused(earlier);
        }
        Closing closing = Closing.of(draft, drafts.tenantless(draft.period(), prices.get()), now);
        return closing instanceof Closing.Closed closed
                ? save(closed.invoice())
                : new Finalisation.Refused(((Closing.Refused) closing).blockers());
    }

    private Finalisation save(Invoice invoice) {
        try {
            InvoiceStore.Saved saved = invoices.save(invoice);
            if (saved.isNew()) {
                metrics.invoiceFinalised();
            }
            return new Finalisation.Kept(saved.document());
        } catch (BalancesChangedException e) {
            return new Finalisation.Refused(
                    List.of(new Blocker("balances_changed", e.getMessage() + "; close it again")));
        }
    }

    /** What came after the invoice was closed; empty if it is not closed. */
    public Optional<SinceFinal> sinceFinal(InvoiceId id, Instant now) {
        Optional<FinalInvoice> kept = invoices.find(id);
        Optional<PriceHistory> prices = drafts.prices();
        if (kept.isEmpty() || prices.isEmpty()) {
            return Optional.empty();
        }
        Invoice cumulative = drafts.of(id.month(), id.tenant(), prices.get(), now);
        return Optional.of(SinceFinal.of(kept.get().evidence(), kept.get().exactSum(), cumulative));
    }

    private static boolean isFirst(InvoiceId id) {
        return id.revision() == InvoiceId.FIRST_REVISION;
    }

    private static Blocker noRevision(InvoiceId id) {
        return new Blocker("no_invoice", "there is no revision " + id.revision() + " of this invoice");
    }
}
