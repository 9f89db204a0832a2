package io.tollgate.invoicing.billing;

import io.tollgate.invoicing.contract.Payers;
import io.tollgate.invoicing.invoice.BillingPeriod;
import io.tollgate.invoicing.spend.SpendQuestion;
import io.tollgate.invoicing.spend.UsageTally;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.UsageQuestion;
import io.tollgate.invoicing.usage.UsageReader;
import io.tollgate.invoicing.usage.UsageTotal;
import io.tollgate.invoicing.usage.Whose;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Quantities over any stretch of time, priced or not, as invoices count them. */
public final class UsageQuery {

    private final Agreements agreements;
    private final UsageReader usage;
    private final int most;

    /** @param most groups of an answer */
    public UsageQuery(Agreements agreements, UsageReader usage, int most) {
        this.agreements = agreements;
        this.usage = usage;
        this.most = most;
    }

    /** @param question grouped by meter, among others */
    public List<UsageTally.Row> of(SpendQuestion question) {
        UsageTally tally = new UsageTally(question, most);
        if (question.whose() instanceof Whose.Tenants named) {
            Payers payers = agreements.payers(named.tenants());
            ofKnown(question, payers, named.tenants(), tally);
        } else {
            Payers payers = agreements.payers();
            Set<String> known = payers.known();
            ofKnown(question, payers, known, tally);
            Months.ofUtc(question.range())
                    .forEach((month, period) ->
                            read(question, period, question.whose(), tenant -> !known.contains(tenant), tally));
        }
        return tally.rows();
    }

    /** What meters that do not add up come to is decided within a tenant's own months. */
    private void ofKnown(SpendQuestion question, Payers payers, Collection<String> tenants, UsageTally tally) {
        SortedMap<TimeRange, Set<String>> together = new TreeMap<>();
        Months.payersOf(tenants, payers, question.range())
                .forEach((month, paying) -> tenants.forEach(tenant -> {
                    TimeRange period = BillingPeriod.of(month, payers.of(tenant, month), payers)
                            .range();
                    if (period.overlaps(question.range())) {
                        together.computeIfAbsent(period, key -> new TreeSet<>()).add(tenant);
                    }
                }));
        together.forEach((period, some) -> read(question, period, Whose.tenants(some), tenant -> true, tally));
    }

    private void read(
            SpendQuestion question, TimeRange period, Whose whose, Predicate<String> isWanted, UsageTally tally) {
        List<Instant> cuts = question.periods().stream().map(TimeRange::from).toList();
        List<UsageTotal> totals = usage.readAll(new UsageQuestion(
                question.range().within(period).cutAt(cuts), List.of(period), Set.of(), question.detail(), whose));
        totals.stream().filter(total -> isWanted.test(total.tenant())).forEach(tally::add);
    }
}
