package io.tollgate.invoicing.chargeback;

import io.tollgate.invoicing.cost.CostItem;
import io.tollgate.invoicing.cost.CostReport;
import io.tollgate.invoicing.invoice.Adjustment;
import io.tollgate.invoicing.money.Money;
import java.time.LocalDate;
import java.util.Collections;
import java.util.Currency;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Whose the usage of a month is, and what it costs effectively: what shared cost and changes are divided by. */
final class DirectCost {

    private final RulesHistory rules;
    private final Currency currency;
    private final SortedMap<String, Money> byCentre = new TreeMap<>();
    private final Map<Adjustment.Key, SortedMap<Holder, Money>> byLine = new HashMap<>();

    private DirectCost(RulesHistory rules, Currency currency) {
        this.rules = rules;
        this.currency = currency;
    }

    /** Each invoice of a month tells of all of the month's usage, so the last one's is taken; notes tell of none. */
    static DirectCost of(List<CostReport> documents, RulesHistory rules, Currency currency) {
        DirectCost direct = new DirectCost(rules, currency);
        documents.stream()
                .filter(document -> document.items().stream().anyMatch(CostItem.OfUsage.class::isInstance))
                .reduce((earlier, later) -> later)
                .ifPresent(direct::add);
        return direct;
    }

    private void add(CostReport document) {
        for (CostItem item : document.items()) {
            if (item instanceof CostItem.OfUsage usage) {
                Holder holder = holder(usage, document);
                Money cost = usage.cost().effective();
                holder.costCentre().ifPresent(centre -> byCentre.merge(centre, cost, Money::plus));
                Adjustment.Key line = new Adjustment.Key(
                        usage.tenant(), usage.product(), usage.meter(), usage.servicePeriod(), usage.reservation());
                byLine.computeIfAbsent(line, key -> new TreeMap<>()).merge(holder, cost, Money::plus);
            }
        }
    }

    /** By the rules in force on the day of the usage, in the billing zone. */
    Holder holder(CostItem.OfUsage usage, CostReport document) {
        LocalDate day =
                LocalDate.ofInstant(usage.range().from(), document.period().zone());
        Optional<RulesVersion> version = rules.on(day);
        Optional<AllocationRules.Taken> taken =
                version.flatMap(each -> each.rules().take(usage));
        return new Holder(
                taken.map(AllocationRules.Taken::costCentre),
                taken.map(each -> new Origin.AppliedRule(version.orElseThrow().version(), each.rule())),
                version);
    }

    /** Who has the usage of an invoice's line, and how much each. */
    SortedMap<Holder, Money> ofLine(Adjustment.Key line) {
        return byLine.getOrDefault(line, Collections.emptySortedMap());
    }

    /**
     * What shared cost is divided by.
     *
     * @param over those that take part, each with all below it; if none is named, all that have usage, each with its own
     */
    SortedMap<String, Money> of(Set<String> over, AllocationRules hierarchy) {
        if (over.isEmpty()) {
            return byCentre;
        }
        Map<String, String> parents = new HashMap<>();
        hierarchy
                .costCentres()
                .forEach(centre -> centre.parent().ifPresent(parent -> parents.put(centre.id(), parent)));
        SortedMap<String, Money> direct = new TreeMap<>();
        over.forEach(centre -> direct.put(centre, Money.zero(currency)));
        byCentre.forEach((centre, cost) -> withThoseAbove(centre, parents).stream()
                .filter(over::contains)
                .forEach(each -> direct.merge(each, cost, Money::plus)));
        return direct;
    }

    private static Set<String> withThoseAbove(String centre, Map<String, String> parents) {
        Set<String> all = new HashSet<>();
        for (String each = centre; each != null; each = parents.get(each)) {
            all.add(each);
        }
        return all;
    }
}
