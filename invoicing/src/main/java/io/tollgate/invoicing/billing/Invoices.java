package io.tollgate.invoicing.billing;

import io.tollgate.invoicing.billrun.RunException;
import io.tollgate.invoicing.billrun.Waiver;
import io.tollgate.invoicing.billrun.WaiverWish;
import io.tollgate.invoicing.invoice.BillingPeriod;
import io.tollgate.invoicing.invoice.BillingTerms;
import io.tollgate.invoicing.invoice.Closing;
import io.tollgate.invoicing.invoice.Closing.Blocker;
import io.tollgate.invoicing.invoice.Invoice;
import io.tollgate.invoicing.invoice.InvoiceId;
import io.tollgate.invoicing.postgres.BalancesChangedException;
import io.tollgate.invoicing.postgres.InvoiceStore;
import io.tollgate.invoicing.postgres.MembersChangedException;
import io.tollgate.invoicing.pricing.PriceHistory;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Single invoices, from usage to final: loads what the pure core needs, and saves what it decides. */
public final class Invoices {

    static final Blocker NO_PRICE_BOOK =
            new Blocker("no_price_book", "no price book named \"" + Drafts.LIST_PRICES + "\" is published");

    private final Drafts drafts;
    private final Obstacles obstacles;
    private final InvoiceStore invoices;
    private final BillingTerms terms;
    private final BillingMetrics metrics;

    public Invoices(
            Drafts drafts, Obstacles obstacles, InvoiceStore invoices, BillingTerms terms, BillingMetrics metrics) {
        this.drafts = drafts;
        this.obstacles = obstacles;
        this.invoices = invoices;
        this.terms = terms;
        this.metrics = metrics;
    }

    /** The invoice of that identity: a final one as it was closed, else as it stands now. */
    public Finding find(InvoiceId id, Instant now) {
        // Before the document: of one that is closed meanwhile, one of the two tells.
        Optional<InvoiceId> next = invoices.next(id.tenant(), id.month());
        Optional<String> document = invoices.document(id);
        if (document.isPresent()) {
            return new Finding.Kept(document.get());
        }
        Optional<PriceHistory> prices = drafts.prices();
        if (!next.equals(Optional.of(id)) || prices.isEmpty()) {
            return new Finding.None(next.equals(Optional.of(id)) ? NO_PRICE_BOOK : noRevision(id));
        }
        Optional<Invoice> draft = drafts.of(id.month(), id.tenant(), prices.get(), OpenBalances.of(prices.get()), now)
                .map(each -> each.as(id));
        if (draft.isEmpty()) {
            return new Finding.None(drafts.billedByAccount(id));
        }
        return draft.get().isOfNothing()
                ? new Finding.None(new Blocker("no_usage", id.tenant() + " used nothing in " + id.month()))
                : new Finding.Drafted(terms.open(draft.get(), now));
    }

    /**
     * Closes the invoice. If it is closed already, nothing changes.
     *
     * @param inGrace whether not to wait for the end of the grace
     * @param wishes exceptions to let pass
     */
    public Finalisation finalise(InvoiceId id, boolean inGrace, List<WaiverWish> wishes, Instant now) {
        Finalisation finalisation = close(id, inGrace, wishes, now);
        if (finalisation instanceof Finalisation.Refused refused) {
            metrics.finalisationRefused(
                    refused.blockers().stream().map(Blocker::code).toList());
        }
        return finalisation;
    }

    private Finalisation close(InvoiceId id, boolean inGrace, List<WaiverWish> wishes, Instant now) {
        Optional<InvoiceId> next = invoices.next(id.tenant(), id.month());
        Optional<String> document = invoices.document(id);
        if (document.isPresent()) {
            return new Finalisation.Kept(document.get());
        }
        Optional<PriceHistory> prices = drafts.prices();
        if (!next.equals(Optional.of(id)) || prices.isEmpty()) {
            return new Finalisation.Refused(List.of(next.equals(Optional.of(id)) ? NO_PRICE_BOOK : noRevision(id)));
        }
        Optional<Invoice> payable =
                drafts.of(id.month(), id.tenant(), prices.get(), OpenBalances.closedOnly(prices.get()), now);
        if (payable.isEmpty()) {
            return new Finalisation.Refused(List.of(drafts.billedByAccount(id)));
        }
        Invoice draft = payable.get().as(id);
        Obstacles.Search search = obstacles.search(prices.get(), now);
        Set<RunException> found = new LinkedHashSet<>();
        if (terms.isInGrace(draft.period(), now) && !inGrace) {
            found.add(RunException.of(id.tenant(), inGrace(draft.period(), terms)));
        }
        search.of(List.of(draft), draft.period()).values().forEach(found::addAll);
        found.addAll(search.nobodys(draft.period()));
        List<Blocker> others = found.stream().map(RunException::blocker).toList();
        draft.exceptions().forEach(unbilled -> found.add(RunException.of(id.tenant(), Blocker.of(unbilled))));
        List<Waiver> waivers = found.stream()
                .flatMap(exception -> WaiverWish.of(wishes, exception, now).stream())
                .toList();
        Set<Blocker> waived =
                waivers.stream().map(waiver -> waiver.exception().blocker()).collect(Collectors.toSet());
        Closing closing = Closing.of(draft, others, waived::contains, now);
        return closing instanceof Closing.Closed closed
                ? save(closed.invoice(), waivers)
                : new Finalisation.Refused(((Closing.Refused) closing).blockers());
    }

    private Finalisation save(Invoice invoice, List<Waiver> waivers) {
        try {
            InvoiceStore.Saved saved = invoices.save(invoice, waivers);
            metrics.invoicesFinalised(saved.isNew() ? 1 : 0);
            return new Finalisation.Kept(saved.document());
        } catch (BalancesChangedException e) {
            return new Finalisation.Refused(
                    List.of(new Blocker("balances_changed", e.getMessage() + "; close it again")));
        } catch (MembersChangedException e) {
            return new Finalisation.Refused(
                    List.of(new Blocker("members_changed", e.getMessage() + "; close it again")));
        }
    }

    static Blocker inGrace(BillingPeriod period, BillingTerms terms) {
        return new Blocker(
                "in_grace",
                "late usage of " + period + " is waited for until " + terms.graceUntil(period)
                        + "; say so to close it before");
    }

    private static Blocker noRevision(InvoiceId id) {
        return new Blocker("no_invoice", "there is no revision " + id.revision() + " of this invoice");
    }
}
