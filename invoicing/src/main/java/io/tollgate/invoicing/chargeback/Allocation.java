package io.tollgate.invoicing.chargeback;

import io.tollgate.invoicing.chargeback.Origin.AppliedRule;
import io.tollgate.invoicing.chargeback.Postings.Sum;
import io.tollgate.invoicing.cost.CostItem;
import io.tollgate.invoicing.cost.CostReport;
import io.tollgate.invoicing.invoice.Adjustment;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.terms.Entry;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Comparator;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Divides one document among cost centres. Every item of it is posted once: usage to who uses it; a change to a line to who
 * has the line's usage; what is nobody's into a pool of its kind, which a rule shares out or which stays unallocated.
 */
final class Allocation {

    private final YearMonth month;
    private final CostReport document;
    private final RulesHistory rules;
    private final DirectCost direct;
    private final Postings posted = new Postings();
    private final SortedMap<Pool, SortedMap<Origin, Sum>> pools = new TreeMap<>();
    private final SortedMap<Holder, Money> changes = new TreeMap<>();

    /** Cost that is nobody's own, and is shared out as one. */
    private record Pool(CostKind kind, String id, Optional<RulesVersion> version) implements Comparable<Pool> {

        private static final Comparator<Pool> ORDER = Comparator.comparing(Pool::kind)
                .thenComparing(Pool::id)
                .thenComparing(pool -> pool.version.map(RulesVersion::version).orElse(0));

        Optional<SharedRule> rule() {
            return version.flatMap(each -> each.rules().sharing(kind, id));
        }

        @Override
        public int compareTo(Pool other) {
            return ORDER.compare(this, other);
        }
    }

    private Allocation(YearMonth month, CostReport document, RulesHistory rules, DirectCost direct) {
        this.month = month;
        this.document = document;
        this.rules = rules;
        this.direct = direct;
    }

    static Postings of(YearMonth month, CostReport document, RulesHistory rules, DirectCost direct) {
        Allocation allocation = new Allocation(month, document, rules, direct);
        document.items().forEach(allocation::add);
        // After all changes are known, which they follow.
        document.items().forEach(allocation::addDiscount);
        allocation.pools.forEach(allocation::divide);
        return allocation.posted;
    }

    private void add(CostItem item) {
        Money cost = item.cost().effective();
        if (item instanceof CostItem.OfUsage usage) {
            Origin origin = Origin.ofUsage(
                    CostKind.USAGE, usage.product().provider(), usage.product().model(), usage.meter());
            give(direct.holder(usage, document), origin, new Sum(Optional.of(usage.quantity()), cost));
        } else if (item instanceof CostItem.OfChange change) {
            Adjustment.Key line = change.line();
            Origin origin = Origin.ofUsage(
                    CostKind.CHANGE, line.product().provider(), line.product().model(), line.meter());
            SortedMap<Holder, Money> users = direct.ofLine(line);
            if (isDivisible(users)) {
                follow(users, origin, cost).forEach((holder, part) -> changes.merge(holder, part, Money::plus));
            } else {
                LocalDate lastDay = LocalDate.ofInstant(
                        line.servicePeriod().to().minusNanos(1),
                        document.period().zone());
                pool(CostKind.CHANGE, "", lastDay, origin, cost);
            }
        } else if (item instanceof CostItem.OfTerm term) {
            Entry entry = term.entry();
            if (CostKind.of(entry.step()) != CostKind.DISCOUNT) {
                pool(entry, cost);
            }
        } else {
            Origin origin = Origin.ofTerm(CostKind.ROUNDING, "", "");
            pool(CostKind.ROUNDING, "", month.atEndOfMonth(), origin, cost);
        }
    }

    private void addDiscount(CostItem item) {
        if (item instanceof CostItem.OfTerm term && CostKind.of(term.entry().step()) == CostKind.DISCOUNT) {
            Entry entry = term.entry();
            boolean shared = rules.on(lastDay(entry))
                    .flatMap(version -> version.rules().sharing(CostKind.DISCOUNT, entry.id()))
                    .isPresent();
            Money cost = term.cost().effective();
            if (!shared && isDivisible(changes)) {
                follow(changes, Origin.ofTerm(CostKind.DISCOUNT, entry.id(), entry.description()), cost);
            } else {
                pool(entry, cost);
            }
        }
    }

    /** Divides cost as something else is divided. */
    private SortedMap<Holder, Money> follow(SortedMap<Holder, Money> weights, Origin origin, Money cost) {
        List<BigDecimal> shares = weights.values().stream().map(Money::amount).toList();
        List<Money> parts = cost.share(shares);
        SortedMap<Holder, Money> followed = new TreeMap<>();
        int next = 0;
        for (Holder holder : weights.keySet()) {
            Money part = parts.get(next++);
            give(holder, origin, new Sum(Optional.empty(), part));
            followed.put(holder, part);
        }
        return followed;
    }

    /** Parts of both signs could come to anything. */
    private static boolean isDivisible(SortedMap<Holder, Money> weights) {
        long signs = weights.values().stream()
                .map(Money::signum)
                .filter(sign -> sign != 0)
                .distinct()
                .count();
        return signs == 1;
    }

    private void give(Holder holder, Origin origin, Sum sum) {
        if (holder.costCentre().isPresent()) {
            posted.post(holder.costCentre(), origin.by(holder.rule()), sum);
        } else {
            CostKind kind = origin.kind() == CostKind.USAGE ? CostKind.UNMATCHED_USAGE : origin.kind();
            Origin unmatched = new Origin(
                    kind,
                    origin.id(),
                    origin.description(),
                    origin.provider(),
                    origin.model(),
                    origin.meter(),
                    Optional.empty());
            // What follows usage that is nobody's is shared out as that is.
            pool(new Pool(CostKind.UNMATCHED_USAGE, "", holder.version()), unmatched, sum);
        }
    }

    private void pool(Entry entry, Money cost) {
        CostKind kind = CostKind.of(entry.step());
        pool(kind, entry.id(), lastDay(entry), Origin.ofTerm(kind, entry.id(), entry.description()), cost);
    }

    /** By the rules in force on the last day of what the charge is for: it has no day of its own. */
    private void pool(CostKind kind, String id, LocalDate day, Origin origin, Money cost) {
        pool(new Pool(kind, id, rules.on(day)), origin, new Sum(Optional.empty(), cost));
    }

    private void pool(Pool pool, Origin origin, Sum sum) {
        if (sum.exact().signum() != 0 || sum.quantity().isPresent()) {
            pools.computeIfAbsent(pool, key -> new TreeMap<>()).merge(origin, sum, Sum::plus);
        }
    }

    private static LocalDate lastDay(Entry entry) {
        return entry.days().to().minusDays(1);
    }

    private void divide(Pool pool, SortedMap<Origin, Sum> parts) {
        Optional<SharedRule> found = pool.rule();
        if (found.isEmpty()) {
            parts.forEach((origin, sum) -> posted.post(Optional.empty(), origin, sum));
            return;
        }
        SharedRule rule = found.get();
        RulesVersion version = pool.version().orElseThrow();
        Currency currency = document.currency();
        Money amount = Money.sum(parts.values().stream().map(Sum::exact).toList(), currency);
        // Of a term the description stays; of usage, there would be a line for each model.
        Origin origin = (pool.kind().hasIds() ? parts.firstKey() : Origin.ofTerm(pool.kind(), pool.id(), ""))
                .by(Optional.of(new AppliedRule(version.version(), rule.id())));
        SortedMap<String, Money> shares = rule.split().of(amount, direct.of(rule.over(), version.rules()));
        shares.forEach((centre, share) -> posted.post(Optional.of(centre), origin, share));
        Money left = amount.minus(Money.sum(List.copyOf(shares.values()), currency));
        posted.post(Optional.empty(), origin, left);
    }
}
