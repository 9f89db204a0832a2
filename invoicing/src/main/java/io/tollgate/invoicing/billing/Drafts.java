package io.tollgate.invoicing.billing;

import io.tollgate.invoicing.contract.ContractPrices;
import io.tollgate.invoicing.contract.Days;
import io.tollgate.invoicing.contract.Payers;
import io.tollgate.invoicing.cost.Itemising;
import io.tollgate.invoicing.invoice.BillingPeriod;
import io.tollgate.invoicing.invoice.BillingTerms;
import io.tollgate.invoicing.invoice.Closing.Blocker;
import io.tollgate.invoicing.invoice.Invoice;
import io.tollgate.invoicing.invoice.InvoiceCalculator;
import io.tollgate.invoicing.invoice.InvoiceId;
import io.tollgate.invoicing.postgres.PriceBookStore;
import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.invoicing.pricing.Prices;
import io.tollgate.invoicing.rating.Rating;
import io.tollgate.invoicing.rating.UnbilledUsage;
import io.tollgate.invoicing.terms.Agreement;
import io.tollgate.invoicing.usage.Detail;
import io.tollgate.invoicing.usage.ProductPattern;
import io.tollgate.invoicing.usage.TenantMonth;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.UsageQuestion;
import io.tollgate.invoicing.usage.UsageReader;
import io.tollgate.invoicing.usage.UsageTotal;
import io.tollgate.invoicing.usage.Whose;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Invoices as they stand now, computed from usage and contracts, or the list prices where there is no contract. */
public final class Drafts {

    /** The book that bills a tenant without a contract. */
    public static final String LIST_PRICES = "list";

    private final PriceBookStore books;
    private final Agreements agreements;
    private final UsageReader usage;
    private final BillingMetrics metrics;

    public Drafts(PriceBookStore books, Agreements agreements, UsageReader usage, BillingMetrics metrics) {
        this.books = books;
        this.agreements = agreements;
        this.usage = usage;
        this.metrics = metrics;
    }

    /** Slices of tenants whose usage is held at once. */
    private static final int LINES_AT_ONCE = 20_000;

    /** Slices of a month at most that everybody's usage is read by at once. */
    private static final int COARSE = 4;

    /** How one tenant is billed for a month. */
    private record Basis(BillingPeriod period, Prices prices, Optional<Agreement> agreement) {

        /** What a month costs without terms and prices that count is the sum of what its parts do. */
        boolean isOfParts() {
            return agreement.isEmpty() && !prices.counts();
        }

        Reading reading(Fineness fineness, Prices everybodys) {
            TimeRange range = fineness.only()
                    .filter(only -> isOfParts() && only.overlaps(period.range()))
                    .map(only -> only.within(period.range()))
                    .orElse(period.range());
            List<Instant> cuts = new ArrayList<>(fineness.cuts());
            if (fineness.isForItems() && prices != everybodys) {
                everybodys.cut(range).forEach(piece -> cuts.add(piece.from()));
            }
            return new Reading(
                    prices.cut(range).stream()
                            .flatMap(piece -> piece.cutAt(cuts).stream())
                            .toList(),
                    period.range(),
                    prices.reservedIn(range),
                    fineness.detail());
        }
    }

    /** Tenants whose usage is cut alike are read at once. */
    private record Reading(List<TimeRange> slices, TimeRange period, Set<ProductPattern> byWindow, Detail detail) {

        /** The more finely usage is told, the fewer tenants' is held at a time: that of a window is some thousand times as much. */
        int most() {
            return !byWindow.isEmpty() ? 1 : Math.max(1, LINES_AT_ONCE / slices.size() / (detail.byTags() ? 10 : 1));
        }

        /** Whether everybody's can be held at once, which takes one query instead of many. */
        boolean isCoarse() {
            return slices.size() <= COARSE && byWindow.isEmpty() && !detail.byProject() && !detail.byTags();
        }

        List<Map<String, Basis>> batches(Map<String, Basis> together) {
            int most = most();
            List<Map<String, Basis>> batches = new ArrayList<>();
            Map<String, Basis> batch = new TreeMap<>();
            for (Map.Entry<String, Basis> each : together.entrySet()) {
                batch.put(each.getKey(), each.getValue());
                if (batch.size() == most) {
                    batches.add(batch);
                    batch = new TreeMap<>();
                }
            }
            if (!batch.isEmpty()) {
                batches.add(batch);
            }
            return batches;
        }

        UsageQuestion of(Whose whose) {
            return new UsageQuestion(slices, List.of(period), byWindow, detail, whose);
        }
    }

    /**
     * How finely the usage of invoices is told.
     *
     * @param cuts instants at which it is cut, wherever prices cut it
     * @param only where nothing is reckoned by the whole month, only this part of it is read
     * @param isForItems whether list prices are asked for beside the tenant's
     */
    record Fineness(Detail detail, Collection<Instant> cuts, Optional<TimeRange> only, boolean isForItems) {

        /** As lines need it. */
        static final Fineness LINES = new Fineness(Detail.NONE, List.of(), Optional.empty(), false);
    }

    /**
     * An invoice as it stands, with the usage that it was computed of.
     *
     * @param prices that its lines are at
     * @param everybodys list prices
     */
    record Drafted(Invoice invoice, Rating rating, Prices prices, Prices everybodys, Optional<Agreement> agreement) {

        Itemising itemising() {
            return new Itemising(invoice.id().tenant(), invoice.period(), prices, everybodys, agreement);
        }
    }

    /** Empty as long as no list prices are published. */
    Optional<PriceHistory> prices() {
        return books.history(LIST_PRICES);
    }

    /** One for each of the tenants that pay for themselves, used anything or not, over all that they pay for. */
    Map<String, Invoice> of(
            YearMonth month, Set<String> tenants, PriceHistory prices, OpenBalances balances, Instant now) {
        Map<String, Invoice> drafts = new TreeMap<>();
        each(month, tenants, prices, Fineness.LINES, balances, now, draft -> {
            drafts.put(draft.invoice().id().tenant(), draft.invoice());
            metrics.draftComputed();
        });
        return drafts;
    }

    /** The same, one after the other, so that not all of their usage is held at once. */
    void each(
            YearMonth month,
            Set<String> tenants,
            PriceHistory prices,
            Fineness fineness,
            OpenBalances balances,
            Instant now,
            Consumer<Drafted> taker) {
        Payers payers = agreements.payers(tenants);
        Set<String> paying = tenants.stream()
                .filter(tenant -> payers.paysForItself(tenant, month))
                .collect(Collectors.toCollection(TreeSet::new));
        Map<String, Agreement> agreed = balances.open(
                month,
                payers,
                agreements.of(month, payers, paying),
                now,
                tenant -> active(tenant, Optional.empty(), now),
                (each, whose, open) ->
                        each(each, whose, open.prices(), Fineness.LINES, open, now, draft -> metrics.draftComputed()));
        Map<String, PriceHistory> named = agreements.books(
                agreed.values().stream().map(Agreement::contracts).toList());
        // Whoever tries other list prices tries them on contracts that name the list, too.
        named.put(LIST_PRICES, prices);
        Basis common = new Basis(BillingPeriod.of(month), prices, Optional.empty());
        Map<Reading, Map<String, Basis>> readings = new HashMap<>();
        for (String tenant : paying) {
            Basis basis = payers.knows(tenant)
                    ? basis(
                            BillingPeriod.of(month, tenant, payers),
                            Optional.ofNullable(agreed.get(tenant)),
                            named,
                            prices)
                    : common;
            readings.computeIfAbsent(basis.reading(fineness, prices), key -> new TreeMap<>())
                    .put(tenant, basis);
        }
        readings.forEach((reading, together) -> reading.batches(together).forEach(some -> {
            Set<String> users = some.keySet().stream()
                    .flatMap(tenant -> payers.paidBy(tenant, month).stream())
                    .collect(Collectors.toSet());
            Map<String, List<UsageTotal>> usageOf = usage.readAll(reading.of(Whose.tenants(users))).stream()
                    .collect(Collectors.groupingBy(UsageTotal::tenant));
            some.forEach((tenant, basis) -> {
                Drafted draft = draft(
                        tenant,
                        basis,
                        payers.paidBy(tenant, month).stream()
                                .flatMap(each -> usageOf.getOrDefault(each, List.of()).stream())
                                .toList(),
                        prices,
                        now);
                balances.add(draft.invoice());
                taker.accept(draft);
            });
        }));
    }

    /**
     * The same of everybody who has no contract and belongs to no account, and used something.
     *
     * @param known who has or does
     */
    void eachByListPrices(
            YearMonth month,
            Set<String> known,
            PriceHistory prices,
            Fineness fineness,
            Instant now,
            Consumer<Drafted> taker) {
        Basis common = new Basis(BillingPeriod.of(month), prices, Optional.empty());
        Reading reading = common.reading(fineness, prices);
        if (reading.isCoarse()) {
            eachOf(reading, new Whose.Everybodys(), known, common, prices, now, taker);
            return;
        }
        String last = "";
        for (List<String> page = usage.tenants(month, last, reading.most());
                !page.isEmpty();
                page = usage.tenants(month, last, reading.most())) {
            last = page.get(page.size() - 1);
            Set<String> users = new TreeSet<>(page);
            users.removeAll(known);
            if (!users.isEmpty()) {
                eachOf(reading, Whose.tenants(users), known, common, prices, now, taker);
            }
        }
    }

    private void eachOf(
            Reading reading,
            Whose whose,
            Set<String> known,
            Basis common,
            PriceHistory prices,
            Instant now,
            Consumer<Drafted> taker) {
        Map<String, List<UsageTotal>> usageOf = usage.readAll(reading.of(whose)).stream()
                .filter(total -> Whose.isBillable(total.tenant()) && !known.contains(total.tenant()))
                .collect(Collectors.groupingBy(UsageTotal::tenant, TreeMap::new, Collectors.toList()));
        usageOf.forEach((tenant, used) -> taker.accept(draft(tenant, common, used, prices, now)));
    }

    /** The tenant's, used anything or not; empty if another pays for it. */
    Optional<Invoice> of(YearMonth month, String tenant, PriceHistory prices, OpenBalances balances, Instant now) {
        return Optional.ofNullable(
                of(month, Set.of(tenant), prices, balances, now).get(tenant));
    }

    /** Tells where the usage of a tenant is billed that another pays for. */
    Blocker billedByAccount(InvoiceId id) {
        String account = agreements.payers(Set.of(id.tenant())).of(id.tenant(), id.month());
        return new Blocker(
                "billed_by_account",
                "what " + id.tenant() + " used in " + id.month() + " is on the invoice "
                        + new InvoiceId(account, id.month(), InvoiceId.FIRST_REVISION));
    }

    /** Who pays in a month, by tenant. */
    SortedMap<String, String> payers(YearMonth month, Collection<String> tenants) {
        return agreements.payers(month, tenants);
    }

    /** Who may have something to pay for in which month. */
    SortedSet<TenantMonth> active(Optional<String> tenant, Optional<YearMonth> month, Instant now) {
        return agreements.active(usage, tenant, month, now);
    }

    /** A draft of who has no contract, where the operator wants everybody to have one. */
    Optional<Blocker> missingContract(Invoice draft, BillingTerms terms) {
        String tenant = draft.id().tenant();
        return Optional.of(new Blocker("missing_contract", tenant + " used something and has no contract; give it one"))
                .filter(missing -> terms.needsContract() && draft.statement().isEmpty() && !draft.isOfNothing());
    }

    /** Who has a contract, or is a member of one. */
    Set<String> contracted() {
        return agreements.tenants();
    }

    /** Usage of the range that names nobody who can be billed. */
    List<UnbilledUsage> tenantless(TimeRange range, PriceHistory prices) {
        List<UsageTotal> nobodys = usage.read(UsageQuestion.of(prices.cut(range), new Whose.Nobodys(), Detail.NONE));
        return metrics.rating(() -> Rating.of(nobodys, prices, range)).unbilled();
    }

    /**
     * What stands before the invoices of tenants whose commitments or credits last longer than a month: earlier ones that
     * are not closed, and would use the same balances.
     *
     * @param drafts all of the month
     * @return by tenant; those before whom nothing stands are not in it
     */
    Map<String, List<Blocker>> openBefore(
            YearMonth month, Collection<Invoice> drafts, PriceHistory prices, Instant now) {
        Set<String> tenants = drafts.stream()
                .filter(draft -> draft.statement().isPresent())
                .map(draft -> draft.id().tenant())
                .collect(Collectors.toCollection(TreeSet::new));
        SortedMap<YearMonth, Set<String>> open = new TreeMap<>();
        agreements
                .of(month, agreements.payers(tenants), tenants)
                .forEach((tenant, agreed) -> OpenBalances.monthsBefore(month, agreed, now)
                        .forEach(each -> open.computeIfAbsent(each, key -> new TreeSet<>())
                                .add(tenant)));
        OpenBalances balances = OpenBalances.closedOnly(prices);
        Map<String, List<Blocker>> blockers = new TreeMap<>();
        open.forEach((each, whose) -> of(each, whose, prices, balances, now).forEach((tenant, draft) -> {
            if (!draft.isOfNothing()) {
                blockers.computeIfAbsent(tenant, key -> new ArrayList<>())
                        .add(new Blocker(
                                "earlier_period_open",
                                "the invoice of " + tenant + " for " + each
                                        + " must be closed first: it uses the same balances"));
            }
        }));
        return blockers;
    }

    private static Basis basis(
            BillingPeriod period,
            Optional<Agreement> agreement,
            Map<String, PriceHistory> books,
            PriceHistory everybodys) {
        // Before or after all contracts the list prices apply, and they may be in a currency of their own.
        return agreement
                .filter(agreed ->
                        agreed.contracts().lastIn(Days.of(period.month())).isPresent()
                                || agreed.contracts().priceCurrency().equals(everybodys.currency()))
                .map(agreed -> new Basis(
                        period,
                        new ContractPrices(agreed.contracts(), period.month(), books, Optional.of(everybodys)),
                        agreement))
                .orElseGet(() -> new Basis(period, everybodys, Optional.empty()));
    }

    private Drafted draft(String tenant, Basis basis, List<UsageTotal> used, PriceHistory everybodys, Instant now) {
        return metrics.rating(() -> {
            Rating rating = InvoiceCalculator.rate(tenant, basis.period(), used, basis.prices(), basis.agreement());
            Invoice invoice =
                    InvoiceCalculator.draft(tenant, basis.period(), rating, basis.prices(), basis.agreement(), now);
            return new Drafted(invoice, rating, basis.prices(), everybodys, basis.agreement());
        });
    }
}
