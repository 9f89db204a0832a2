package io.tollgate.invoicing.billing;

import io.tollgate.invoicing.billing.Drafts.Drafted;
import io.tollgate.invoicing.billing.Drafts.Fineness;
import io.tollgate.invoicing.contract.Payers;
import io.tollgate.invoicing.cost.CostItem;
import io.tollgate.invoicing.invoice.Adjustment;
import io.tollgate.invoicing.invoice.BillingPeriod;
import io.tollgate.invoicing.invoice.Invoice;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.postgres.FinalInvoice;
import io.tollgate.invoicing.postgres.InvoiceStore;
import io.tollgate.invoicing.postgres.NoteStore;
import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.invoicing.rating.Rating;
import io.tollgate.invoicing.rating.UnbilledUsage;
import io.tollgate.invoicing.spend.MixedCurrenciesException;
import io.tollgate.invoicing.spend.Spend;
import io.tollgate.invoicing.spend.SpendDimension;
import io.tollgate.invoicing.spend.SpendQuestion;
import io.tollgate.invoicing.spend.SpendTally;
import io.tollgate.invoicing.usage.Evidence;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.Whose;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Spend over any stretch of time: the invoices of its months, taken apart and added up again. */
public final class SpendQuery {

    private final Drafts drafts;
    private final Agreements agreements;
    private final InvoiceStore invoices;
    private final NoteStore notes;
    private final int most;

    /** @param most groups of an answer */
    public SpendQuery(Drafts drafts, Agreements agreements, InvoiceStore invoices, NoteStore notes, int most) {
        this.drafts = drafts;
        this.agreements = agreements;
        this.invoices = invoices;
        this.notes = notes;
        this.most = most;
    }

    /**
     * Spend by anybody, in the currency of the invoices.
     *
     * @return empty if no list prices are published
     * @throws MixedCurrenciesException if the tenants are billed in more than one currency
     */
    public Optional<Spend> of(SpendQuestion question, Instant now) {
        return drafts.prices().map(prices -> {
            SpendTally tally = new SpendTally(question, most);
            if (question.whose() instanceof Whose.Tenants named) {
                Payers payers = agreements.payers(named.tenants());
                of(question, tally, payers, named.tenants(), named.tenants()::contains, prices, now);
                return tally.spend(prices.currency(), isOfPeriods(question, payers, named.tenants()));
            } else {
                Payers payers = agreements.payers();
                Set<String> known = payers.known();
                of(question, tally, payers, known, tenant -> true, prices, now);
                byListPrices(question, tally, known, prices, now);
                tally.add(drafts.tenantless(question.range(), prices), nobody -> true);
                return tally.spend(prices.currency(), isOfPeriods(question, payers, known));
            }
        });
    }

    private void of(
            SpendQuestion question,
            SpendTally tally,
            Payers payers,
            Collection<String> tenants,
            Predicate<String> isAsked,
            PriceHistory prices,
            Instant now) {
        OpenBalances balances = new OpenBalances(
                prices, period -> tally.hasCharges() && question.range().contains(period));
        Months.payersOf(tenants, payers, question.range()).forEach((month, paying) -> {
            Map<String, List<FinalInvoice>> billed = billed(tally, month, paying);
            drafts.each(
                    month,
                    paying,
                    prices,
                    fineness(question),
                    balances,
                    now,
                    draft -> add(question, tally, draft, billed, isAsked, now));
        });
    }

    private void byListPrices(
            SpendQuestion question, SpendTally tally, Set<String> known, PriceHistory prices, Instant now) {
        Months.ofUtc(question.range()).forEach((month, range) -> {
            Map<String, List<FinalInvoice>> billed =
                    tally.hasCharges() && question.range().contains(range)
                            ? byTenant(invoices.list(Optional.empty(), Optional.of(month)))
                            : Map.of();
            drafts.eachByListPrices(
                    month,
                    known,
                    prices,
                    fineness(question),
                    now,
                    draft -> add(question, tally, draft, billed, tenant -> true, now));
        });
    }

    /** Who is not known is billed by months of UTC. */
    private static boolean isOfPeriods(SpendQuestion question, Payers payers, Set<String> tenants) {
        Set<String> asked = question.only().getOrDefault(SpendDimension.TENANT, tenants);
        boolean isOfOthers =
                question.whose() instanceof Whose.Everybodys && !question.only().containsKey(SpendDimension.TENANT);
        TimeRange range = question.range();
        return (!isOfOthers || Months.ofUtc(range).values().stream().allMatch(range::contains))
                && Months.payersOf(asked, payers, range).entrySet().stream()
                        .allMatch(month -> month.getValue().stream()
                                .map(payer -> BillingPeriod.of(month.getKey(), payer, payers)
                                        .range())
                                .allMatch(range::contains));
    }

    private static Fineness fineness(SpendQuestion question) {
        List<Instant> cuts =
                new ArrayList<>(question.periods().stream().map(TimeRange::from).toList());
        cuts.add(question.range().to());
        return new Fineness(question.detail(), cuts, Optional.of(question.range()), true);
    }

    private void add(
            SpendQuestion question,
            SpendTally tally,
            Drafted draft,
            Map<String, List<FinalInvoice>> billed,
            Predicate<String> isAsked,
            Instant now) {
        Invoice invoice = draft.invoice();
        TimeRange period = invoice.period().range();
        boolean isWhole = question.range().contains(period);
        // Of a month that has not begun nobody owes anything yet, whatever its contract will charge.
        if (isWhole && tally.hasCharges() && !period.from().isAfter(now)) {
            String payer = invoice.id().tenant();
            List<CostItem> items = asBilled(draft, billed.getOrDefault(payer, List.of()));
            tally.add(invoice.currency(), items, payer, period, isAsked);
        } else {
            tally.add(invoice.currency(), usage(draft), isAsked);
        }
        tally.add(exceptions(draft, question.range(), isWhole), isAsked);
    }

    private static List<CostItem> usage(Drafted draft) {
        return draft.itemising().items(draft.invoice(), draft.rating()).stream()
                .filter(CostItem.OfUsage.class::isInstance)
                .toList();
    }

    /** With by how much what was billed is something else, if it is. */
    private List<CostItem> asBilled(Drafted draft, List<FinalInvoice> documents) {
        Invoice now = draft.invoice();
        return documents.stream()
                .filter(document -> !document.isNote() && !document.isVoid())
                .findFirst()
                .filter(invoice ->
                        invoice.total().currency().equals(now.currency()) && isOther(invoice, documents, now))
                .flatMap(invoice -> notes.find(invoice.id()))
                .map(known -> draft.itemising()
                        .items(
                                now,
                                draft.rating(),
                                Adjustment.of(known.billed(), now),
                                known.billed().due()))
                .orElseGet(() -> draft.itemising().items(now, draft.rating()));
    }

    /** Whether the invoice and its notes say something else than the invoice would, computed now. */
    private static boolean isOther(FinalInvoice invoice, List<FinalInvoice> documents, Invoice now) {
        List<FinalInvoice> all = documents.stream()
                .filter(document -> document.ofRevision() == invoice.ofRevision())
                .toList();
        Money zero = Money.zero(now.currency());
        return !sum(all, FinalInvoice::exactSum, zero).equals(now.exactSum())
                || !sum(all, FinalInvoice::total, zero).equals(now.total())
                || !sum(all, FinalInvoice::due, zero).equals(now.due())
                || !all.stream()
                        .map(FinalInvoice::evidence)
                        .reduce(Evidence.NONE, Evidence::plus)
                        .equals(now.evidence());
    }

    private static Money sum(List<FinalInvoice> all, Function<FinalInvoice, Money> amount, Money zero) {
        return all.stream().map(amount).reduce(zero, Money::plus);
    }

    /** Of the range alone. */
    private static List<UnbilledUsage> exceptions(Drafted draft, TimeRange range, boolean isWhole) {
        List<UnbilledUsage> all = draft.rating().unbilled();
        TimeRange period = draft.invoice().period().range();
        return isWhole || all.isEmpty()
                ? all
                : Rating.of(
                                draft.rating().usage(),
                                draft.prices(),
                                range.within(period),
                                List.of(period),
                                tenant -> draft.invoice().id().tenant())
                        .unbilled();
    }

    private Map<String, List<FinalInvoice>> billed(SpendTally tally, YearMonth month, Set<String> payers) {
        return tally.hasCharges() ? byTenant(invoices.list(month, payers)) : Map.of();
    }

    private static Map<String, List<FinalInvoice>> byTenant(List<FinalInvoice> documents) {
        return documents.stream()
                .collect(Collectors.groupingBy(document -> document.id().tenant()));
    }
}
