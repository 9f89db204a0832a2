package io.tollgate.invoicing.billing;

import io.tollgate.invoicing.contract.Commitment;
import io.tollgate.invoicing.contract.ContractHistory;
import io.tollgate.invoicing.contract.Credit;
import io.tollgate.invoicing.contract.Days;
import io.tollgate.invoicing.contract.Payers;
import io.tollgate.invoicing.invoice.BillingPeriod;
import io.tollgate.invoicing.invoice.Invoice;
import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.invoicing.terms.Agreement;
import io.tollgate.invoicing.terms.Posting;
import io.tollgate.invoicing.terms.Statement;
import io.tollgate.invoicing.usage.TenantMonth;
import io.tollgate.invoicing.usage.TimeRange;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What drafts of open months use of balances before drafts of later months do, as they will once all are closed in order.
 * Remembered while one question is answered, so that each month is drafted once for it.
 */
final class OpenBalances {

    /** Of so many months it is not asked which of them anything is billed in: to draft them costs no more. */
    private static final int FEW_MONTHS = 2;

    private final PriceHistory prices;
    private final Predicate<TimeRange> isWanted;
    private final Map<TenantMonth, List<Posting>> used;

    /**
     * @param prices list prices that bill earlier months
     * @param isWanted of which billing periods anybody wants to know what is due
     */
    OpenBalances(PriceHistory prices, Predicate<TimeRange> isWanted) {
        this(prices, isWanted, new HashMap<>());
    }

    private OpenBalances(PriceHistory prices, Predicate<TimeRange> isWanted, Map<TenantMonth, List<Posting>> used) {
        this.prices = prices;
        this.isWanted = isWanted;
        this.used = used;
    }

    /** Of whatever period. */
    static OpenBalances of(PriceHistory prices) {
        return new OpenBalances(prices, period -> true);
    }

    /** As they are now, whatever is open: so they are found by what is closed next. */
    static OpenBalances closedOnly(PriceHistory prices) {
        return new OpenBalances(prices, period -> false);
    }

    /** Drafts a month of some tenants, and {@linkplain #add adds} the drafts. */
    interface Drafting {
        void draft(YearMonth month, Set<String> tenants, OpenBalances balances);
    }

    PriceHistory prices() {
        return prices;
    }

    /** Tells what a draft uses, if it was opened here. */
    void add(Invoice draft) {
        if (draft.statement().isPresent() && isWanted.test(draft.period().range())) {
            used.put(
                    new TenantMonth(draft.id().tenant(), draft.id().month()),
                    draft.statement().map(Statement::postings).orElseThrow());
        }
    }

    /**
     * Each agreement with balances as open months before this one leave them; those that are not known yet are drafted
     * first, in order.
     *
     * @param active in which months there may be something to bill; of a tenant, or of all
     */
    Map<String, Agreement> open(
            YearMonth month,
            Payers payers,
            Map<String, Agreement> agreed,
            Instant now,
            Function<Optional<String>, SortedSet<TenantMonth>> active,
            Drafting drafting) {
        SortedSet<TenantMonth> before = new TreeSet<>();
        agreed.forEach((tenant, agreement) -> {
            if (isWanted.test(BillingPeriod.of(month, tenant, payers).range())) {
                monthsBefore(month, agreement, now).stream()
                        .filter(each -> usesBalances(agreement.contracts(), each))
                        .forEach(each -> before.add(new TenantMonth(tenant, each)));
            }
        });
        if (before.isEmpty()) {
            return agreed;
        }
        draft(before, active, drafting);
        Map<String, Agreement> opened = new TreeMap<>(agreed);
        for (TenantMonth each : before) {
            List<Posting> postings = used.getOrDefault(each, List.of());
            opened.computeIfPresent(each.tenant(), (tenant, agreement) -> after(agreement, postings));
        }
        return opened;
    }

    private void draft(
            Set<TenantMonth> months, Function<Optional<String>, SortedSet<TenantMonth>> active, Drafting drafting) {
        Set<TenantMonth> unknown = new TreeSet<>(months);
        unknown.removeAll(used.keySet());
        Map<String, Long> counts =
                unknown.stream().collect(Collectors.groupingBy(TenantMonth::tenant, Collectors.counting()));
        List<String> many = counts.entrySet().stream()
                .filter(each -> each.getValue() > FEW_MONTHS)
                .map(Map.Entry::getKey)
                .toList();
        if (!many.isEmpty()) {
            SortedSet<TenantMonth> billed =
                    active.apply(many.size() == 1 ? Optional.of(many.get(0)) : Optional.empty());
            unknown.removeIf(each -> many.contains(each.tenant()) && !billed.contains(each));
        }
        SortedMap<YearMonth, Set<String>> tenants = new TreeMap<>();
        unknown.forEach(each ->
                tenants.computeIfAbsent(each.month(), key -> new TreeSet<>()).add(each.tenant()));
        OpenBalances ofAll = new OpenBalances(prices, period -> true, used);
        tenants.forEach((month, whose) -> drafting.draft(month, whose, ofAll));
        // Who is billed nothing, or by another, uses nothing.
        months.forEach(each -> used.putIfAbsent(each, List.of()));
    }

    private static Agreement after(Agreement agreement, List<Posting> postings) {
        return new Agreement(
                agreement.contracts(),
                agreement.issuers(),
                agreement.opening().plus(postings),
                agreement.closedThrough());
    }

    /**
     * Months that have begun and are not closed, and have to be before this one, as they may use the same balances. Void ones wait for
     * somebody's decision, and nobody waits for them.
     */
    static SortedSet<YearMonth> monthsBefore(YearMonth month, Agreement agreed, Instant now) {
        SortedSet<YearMonth> open = new TreeSet<>();
        if (usesBalances(agreed.contracts(), month)) {
            YearMonth first = YearMonth.from(agreed.contracts().firstDay());
            YearMonth next = agreed.closedThrough()
                    .map(last -> last.plusMonths(1))
                    .filter(after -> after.isAfter(first))
                    .orElse(first);
            for (YearMonth each = next;
                    each.isBefore(month) && !agreed.contracts().startOf(each).isAfter(now);
                    each = each.plusMonths(1)) {
                open.add(each);
            }
        }
        return open;
    }

    /** Whether the month's invoice may use a balance that those of other months do, too; what commitments left is settled late. */
    private static boolean usesBalances(ContractHistory contracts, YearMonth month) {
        Days days = Days.of(month);
        if (!contracts.runs(Credit.class, days).isEmpty()) {
            return true;
        }
        LocalDate first = contracts.firstDay();
        return first.isBefore(days.to())
                && !contracts.runs(Commitment.class, new Days(first, days.to())).isEmpty();
    }
}
