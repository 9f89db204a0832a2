package io.tollgate.invoicing.billing;

import io.tollgate.invoicing.invoice.BillingTerms;
import io.tollgate.invoicing.invoice.Invoice;
import io.tollgate.invoicing.invoice.InvoiceId;
import io.tollgate.invoicing.invoice.SinceFinal;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.postgres.FinalInvoice;
import io.tollgate.invoicing.postgres.InvoiceStore;
import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.invoicing.usage.Evidence;
import io.tollgate.invoicing.usage.TenantMonth;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** All invoices: final ones with their notes, and a draft for whoever used something that is not closed yet. */
public final class InvoiceList {

    private static final Comparator<InvoiceId> ORDER = Comparator.comparing(InvoiceId::month)
            .thenComparing(InvoiceId::tenant)
            .thenComparing(InvoiceId::revision);

    private final Drafts drafts;
    private final InvoiceStore invoices;
    private final BillingTerms terms;

    public InvoiceList(Drafts drafts, InvoiceStore invoices, BillingTerms terms) {
        this.drafts = drafts;
        this.invoices = invoices;
        this.terms = terms;
    }

    /** Which invoices are wanted. */
    public enum Wanted {
        ALL,
        DRAFT,
        FINAL
    }

    /** A listed invoice. */
    public sealed interface Entry {

        /** An open one. */
        record Open(Invoice draft) implements Entry {}

        /**
         * A final one.
         *
         * @param since what came after it was closed; empty if it is void, as its month is the next one's to bill
         */
        record Closed(FinalInvoice invoice, Optional<SinceFinal> since) implements Entry {}

        /** A note to a final one. */
        record Corrected(FinalInvoice note) implements Entry {}
    }

    /**
     * Part of the list.
     *
     * @param next the last invoice on this page, if there are more
     */
    public record Page(List<Entry> entries, Optional<InvoiceId> next) {
        public Page {
            entries = List.copyOf(entries);
        }
    }

    /**
     * A page of the list, in order of month and tenant.
     *
     * @param limit how many invoices at most, positive
     * @param after only those that come after this one
     * @return empty if there is something to list but no list price to compute it with
     */
    public Optional<Page> page(
            Optional<String> tenant,
            Optional<YearMonth> month,
            Wanted wanted,
            int limit,
            Optional<InvoiceId> after,
            Instant now) {
        SortedMap<InvoiceId, Optional<FinalInvoice>> all = candidates(tenant, month, wanted, now);
        List<InvoiceId> rest = all.keySet().stream()
                .filter(id -> after.isEmpty() || ORDER.compare(id, after.get()) > 0)
                .toList();
        if (rest.isEmpty()) {
            return Optional.of(new Page(List.of(), Optional.empty()));
        }
        List<InvoiceId> here = rest.subList(0, Math.min(limit, rest.size()));
        Optional<InvoiceId> next = rest.size() > limit ? Optional.of(here.get(limit - 1)) : Optional.empty();
        return drafts.prices().map(prices -> new Page(entries(here, all, prices, now), next));
    }

    private SortedMap<InvoiceId, Optional<FinalInvoice>> candidates(
            Optional<String> tenant, Optional<YearMonth> month, Wanted wanted, Instant now) {
        SortedMap<InvoiceId, Optional<FinalInvoice>> candidates = new TreeMap<>(ORDER);
        List<FinalInvoice> kept = invoices.list(tenant, month);
        if (wanted != Wanted.FINAL) {
            open(tenant, month, kept, now).forEach(id -> candidates.put(id, Optional.empty()));
        }
        if (wanted != Wanted.DRAFT) {
            kept.forEach(closed -> candidates.put(closed.id(), Optional.of(closed)));
        }
        return candidates;
    }

    /** Ids of months that have no invoice that is not void: none is forgotten, as long as there is something to bill. */
    private SortedSet<InvoiceId> open(
            Optional<String> tenant, Optional<YearMonth> month, List<FinalInvoice> kept, Instant now) {
        Map<TenantMonth, InvoiceId> next = new HashMap<>();
        for (TenantMonth active : drafts.active(tenant, month, now)) {
            next.put(active, new InvoiceId(active.tenant(), active.month(), InvoiceId.FIRST_REVISION));
        }
        Set<TenantMonth> billed = new HashSet<>();
        for (FinalInvoice each : kept) {
            TenantMonth of = new TenantMonth(each.id().tenant(), each.id().month());
            if (!each.isNote() && !each.isVoid()) {
                billed.add(of);
            }
            // In order of their revisions.
            next.replace(of, new InvoiceId(of.tenant(), of.month(), each.id().revision() + 1));
        }
        next.keySet().removeAll(billed);
        SortedSet<InvoiceId> open = new TreeSet<>(ORDER);
        open.addAll(next.values());
        return open;
    }

    /** Usage is read once per month, not once per invoice. */
    private List<Entry> entries(
            List<InvoiceId> ids,
            SortedMap<InvoiceId, Optional<FinalInvoice>> closed,
            PriceHistory prices,
            Instant now) {
        Map<YearMonth, Set<String>> tenants = ids.stream()
                .collect(Collectors.groupingBy(
                        InvoiceId::month, TreeMap::new, Collectors.mapping(InvoiceId::tenant, Collectors.toSet())));
        List<Entry> entries = new ArrayList<>();
        OpenBalances balances = OpenBalances.of(prices);
        tenants.forEach((month, names) -> drafts.of(month, names, prices, balances, now)
                .forEach((tenant, cumulative) -> ids.stream()
                        .filter(id -> id.month().equals(month) && id.tenant().equals(tenant))
                        .map(id -> entry(id, closed, terms.open(cumulative, now)))
                        .filter(entry -> !(entry instanceof Entry.Open open
                                && open.draft().isOfNothing()))
                        .forEach(entries::add)));
        return entries;
    }

    private static Entry entry(InvoiceId id, SortedMap<InvoiceId, Optional<FinalInvoice>> all, Invoice cumulative) {
        Optional<FinalInvoice> kept = all.getOrDefault(id, Optional.empty());
        if (kept.isEmpty()) {
            return new Entry.Open(cumulative.as(id));
        }
        if (kept.get().isNote()) {
            return new Entry.Corrected(kept.get());
        }
        if (kept.get().isVoid()) {
            return new Entry.Closed(kept.get(), Optional.empty());
        }
        List<FinalInvoice> billed =
                all.subMap(id, new InvoiceId(id.tenant(), id.month(), Integer.MAX_VALUE)).values().stream()
                        .flatMap(Optional::stream)
                        .toList();
        return new Entry.Closed(
                kept.get(),
                Optional.of(SinceFinal.of(
                        billed.stream().map(FinalInvoice::evidence).reduce(Evidence.NONE, Evidence::plus),
                        sum(billed, FinalInvoice::exactSum),
                        sum(billed, FinalInvoice::total),
                        sum(billed, FinalInvoice::due),
                        cumulative)));
    }

    private static Money sum(List<FinalInvoice> documents, Function<FinalInvoice, Money> amount) {
        return documents.stream().map(amount).reduce(Money::plus).orElseThrow();
    }
}
