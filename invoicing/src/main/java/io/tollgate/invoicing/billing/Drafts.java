package io.tollgate.invoicing.billing;

import io.tollgate.invoicing.contract.Commitment;
import io.tollgate.invoicing.contract.ContractHistory;
import io.tollgate.invoicing.contract.ContractPrices;
import io.tollgate.invoicing.contract.Credit;
import io.tollgate.invoicing.contract.Days;
import io.tollgate.invoicing.invoice.BillingPeriod;
import io.tollgate.invoicing.invoice.BillingTerms;
import io.tollgate.invoicing.invoice.Closing.Blocker;
import io.tollgate.invoicing.invoice.Invoice;
import io.tollgate.invoicing.invoice.InvoiceCalculator;
import io.tollgate.invoicing.postgres.PriceBookStore;
import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.invoicing.pricing.Prices;
import io.tollgate.invoicing.rating.Rating;
import io.tollgate.invoicing.rating.UnbilledUsage;
import io.tollgate.invoicing.terms.Agreement;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
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

    /** How one tenant is billed for a month. */
    private record Basis(BillingPeriod period, Prices prices, Optional<Agreement> agreement) {

        Reading reading() {
            return new Reading(prices.cut(period.range()), period.range(), prices.reservedIn(period.range()));
        }
    }

    /** Tenants whose usage is cut alike are read at once. */
    private record Reading(List<TimeRange> slices, TimeRange period, Set<ProductPattern> byWindow) {

        /** Usage that is told by window is some thousand times as much, and is held of one tenant at a time. */
        List<Map<String, Basis>> batches(Map<String, Basis> together) {
            return byWindow.isEmpty()
                    ? List.of(together)
                    : together.entrySet().stream()
                            .map(each -> Map.of(each.getKey(), each.getValue()))
                            .toList();
        }

        UsageQuestion of(Set<String> tenants) {
            return new UsageQuestion(slices, List.of(period), byWindow, false, Whose.tenants(tenants));
        }
    }

    /** Empty as long as no list prices are published. */
    Optional<PriceHistory> prices() {
        return books.history(LIST_PRICES);
    }

    /** One for each of the tenants, used anything or not. */
    Map<String, Invoice> of(YearMonth month, Set<String> tenants, PriceHistory prices, Instant now) {
        Map<String, Agreement> agreed = agreements.of(month, tenants);
        Basis common = new Basis(BillingPeriod.of(month), prices, Optional.empty());
        Map<String, PriceHistory> named = agreements.books(
                agreed.values().stream().map(Agreement::contracts).toList());
        // Whoever tries other list prices tries them on contracts that name the list, too.
        named.put(LIST_PRICES, prices);
        Map<String, Basis> basisOf = new TreeMap<>();
        for (String tenant : tenants) {
            basisOf.put(
                    tenant,
                    Optional.ofNullable(agreed.get(tenant))
                            .map(agreement -> basis(agreement, month, named, prices))
                            .orElse(common));
        }
        Map<Reading, Map<String, Basis>> readings = new HashMap<>();
        basisOf.forEach((tenant, basis) -> readings.computeIfAbsent(basis.reading(), key -> new TreeMap<>())
                .put(tenant, basis));
        Map<String, Invoice> drafts = new TreeMap<>();
        readings.forEach((reading, together) -> reading.batches(together).forEach(some -> {
            Map<String, List<UsageTotal>> usageOf =
                    usage.read(reading.of(some.keySet())).stream().collect(Collectors.groupingBy(UsageTotal::tenant));
            some.forEach((tenant, basis) ->
                    drafts.put(tenant, draft(tenant, basis, usageOf.getOrDefault(tenant, List.of()), now)));
        }));
        return drafts;
    }

    /** The tenant's, used anything or not. */
    Invoice of(YearMonth month, String tenant, PriceHistory prices, Instant now) {
        return Optional.ofNullable(of(month, Set.of(tenant), prices, now).get(tenant))
                .orElseThrow();
    }

    /** Who may have something to bill in which month. */
    SortedSet<TenantMonth> active(Optional<String> tenant, Optional<YearMonth> month, Instant now) {
        return agreements.active(usage, tenant, month, now);
    }

    /** A draft of who has no contract, where the operator wants everybody to have one. */
    Optional<Blocker> missingContract(Invoice draft, BillingTerms terms) {
        String tenant = draft.id().tenant();
        return Optional.of(new Blocker("missing_contract", tenant + " used something and has no contract; give it one"))
                .filter(missing -> terms.needsContract() && draft.statement().isEmpty() && !draft.isOfNothing());
    }

    /** Who has a contract. */
    Set<String> contracted() {
        return agreements.tenants();
    }

    /** Usage of the period that names nobody who can be billed. */
    List<UnbilledUsage> tenantless(BillingPeriod period, PriceHistory prices) {
        List<UsageTotal> nobodys = usage.read(UsageQuestion.of(prices.cut(period.range()), new Whose.Nobodys(), false));
        return metrics.rating(() -> Rating.of(nobodys, prices, period.range())).unbilled();
    }

    /**
     * What stands before the invoice of a tenant whose commitments or credits last longer than a month: an earlier one
     * that is not closed, and would use the same balances.
     */
    List<Blocker> openBefore(Invoice draft, PriceHistory prices, Instant now) {
        List<Blocker> blockers = new ArrayList<>();
        String tenant = draft.id().tenant();
        YearMonth month = draft.id().month();
        if (draft.statement().isPresent()) {
            Agreement agreed = Optional.ofNullable(
                            agreements.of(month, Set.of(tenant)).get(tenant))
                    .orElseThrow();
            if (!isLasting(agreed.contracts(), month)) {
                return blockers;
            }
            if (agreements.drewAfter(month, tenant)) {
                blockers.add(new Blocker(
                        "later_period_closed",
                        "a later invoice of " + tenant + " drew on the same balances before that of " + month
                                + " was closed; credit it by a note, or bill the month by hand"));
            }
            YearMonth first = YearMonth.from(agreed.contracts().firstDay());
            YearMonth next =
                    agreed.closedThrough().map(last -> last.plusMonths(1)).orElse(first);
            for (YearMonth each = next.isAfter(first) ? next : first; each.isBefore(month); each = each.plusMonths(1)) {
                if (!of(each, tenant, prices, now).isOfNothing()) {
                    blockers.add(new Blocker(
                            "earlier_period_open",
                            "the invoice of " + tenant + " for " + each
                                    + " must be closed first: it uses the same balances"));
                }
            }
        }
        return blockers;
    }

    /** Whether any term of the month's contracts has a balance that other months use, too. */
    private static boolean isLasting(ContractHistory contracts, YearMonth month) {
        Days days = Days.of(month);
        return !contracts.runs(Commitment.class, days).isEmpty()
                || !contracts.runs(Credit.class, days).isEmpty();
    }

    private static Basis basis(
            Agreement agreement, YearMonth month, Map<String, PriceHistory> books, PriceHistory everybodys) {
        ContractHistory contracts = agreement.contracts();
        if (contracts.lastIn(Days.of(month)).isEmpty()
                && !contracts.priceCurrency().equals(everybodys.currency())) {
            // Before or after all contracts the list prices apply, and they are in a currency of their own.
            return new Basis(BillingPeriod.of(month, contracts), everybodys, Optional.empty());
        }
        return new Basis(
                BillingPeriod.of(month, contracts),
                new ContractPrices(contracts, month, books, Optional.of(everybodys)),
                Optional.of(agreement));
    }

    private Invoice draft(String tenant, Basis basis, List<UsageTotal> used, Instant now) {
        Invoice draft = metrics.rating(
                () -> InvoiceCalculator.draft(tenant, basis.period(), used, basis.prices(), basis.agreement(), now));
        metrics.draftComputed();
        return draft;
    }
}
