package io.tollgate.invoicing.chargeback;

import io.tollgate.invoicing.chargeback.BadRulesException.Refusal;
import io.tollgate.invoicing.chargeback.SharedRule.Source;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Finds what is wrong with rules as a whole, so that no question is left for the day of the report. */
final class RulesCheck {

    /** Far above what anybody has, and so low that checking and reporting end soon. */
    private static final int CENTRES_MAX = 10_000;

    private static final int DEPTH_MAX = 20;
    private static final int RULES_MAX = 1_000;
    private static final int VALUES_MAX = 10_000;

    private static final BigDecimal ALL = BigDecimal.valueOf(100);

    private final Map<String, CostCentre> centres = new TreeMap<>();
    private final List<Refusal> refusals = new ArrayList<>();

    private RulesCheck() {}

    static List<Refusal> refusals(List<CostCentre> costCentres, List<Assignment> assignments, List<SharedRule> shared) {
        RulesCheck check = new RulesCheck();
        check.bounds(costCentres, assignments, shared);
        if (!check.refusals.isEmpty()) {
            return check.refusals;
        }
        check.hierarchy(costCentres);
        check.assignments(assignments);
        check.shared(shared);
        return check.refusals;
    }

    private void bounds(List<CostCentre> costCentres, List<Assignment> assignments, List<SharedRule> shared) {
        int values = assignments.stream()
                .flatMap(assignment -> assignment.when().values().stream())
                .mapToInt(Set::size)
                .sum();
        atMost(CENTRES_MAX, costCentres.size(), "/costCentres", "cost centres");
        atMost(RULES_MAX, assignments.size(), "/assignments", "assignments");
        atMost(VALUES_MAX, values, "/assignments", "values in assignments");
        atMost(RULES_MAX, shared.size(), "/shared", "shared rules");
    }

    private void atMost(int most, int count, String pointer, String what) {
        if (count > most) {
            refuse("too_many", pointer, "there are at most " + most + " " + what + ", not " + count);
        }
    }

    private void hierarchy(List<CostCentre> costCentres) {
        for (int i = 0; i < costCentres.size(); i++) {
            CostCentre centre = costCentres.get(i);
            if (centres.putIfAbsent(centre.id(), centre) != null) {
                refuse("duplicate_id", "/costCentres/" + i, "cost centre " + centre.id() + " is there twice");
            }
        }
        for (int i = 0; i < costCentres.size(); i++) {
            String pointer = "/costCentres/" + i + "/parent";
            costCentres.get(i).parent().ifPresent(parent -> requireKnown(parent, pointer));
            String id = costCentres.get(i).id();
            Set<String> above = ancestors(id);
            if (above.contains(id)) {
                refuse("cost_centre_cycle", pointer, "cost centre " + id + " is among those above itself");
            } else if (above.size() >= DEPTH_MAX) {
                refuse("too_many", pointer, "there are at most " + DEPTH_MAX + " levels of cost centres");
            }
        }
    }

    private void assignments(List<Assignment> assignments) {
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < assignments.size(); i++) {
            String pointer = "/assignments/" + i;
            Assignment assignment = assignments.get(i);
            if (!ids.add(assignment.id())) {
                refuse("duplicate_id", pointer, "assignment " + assignment.id() + " is there twice");
            }
            if (assignment.target() instanceof Assignment.Target.Named named) {
                requireKnown(named.costCentre(), pointer + "/costCentre");
            }
            assignments.subList(0, i).stream()
                    .filter(earlier -> earlier.leavesNothingTo(assignment))
                    .findFirst()
                    .ifPresent(earlier -> refuse(
                            "overlapping_assignments",
                            pointer,
                            "assignment " + earlier.id() + " takes all that " + assignment.id()
                                    + " would, and comes before it"));
        }
    }

    private void shared(List<SharedRule> shared) {
        Set<String> ids = new HashSet<>();
        Map<Source, SharedRule> bySource = new HashMap<>();
        for (int i = 0; i < shared.size(); i++) {
            String pointer = "/shared/" + i;
            SharedRule rule = shared.get(i);
            if (!ids.add(rule.id())) {
                refuse("duplicate_id", pointer, "shared rule " + rule.id() + " is there twice");
            }
            for (Source source : rule.sources()) {
                Optional.ofNullable(bySource.put(source, rule))
                        .ifPresent(other -> refuse(
                                "overlapping_shared_rules",
                                pointer + "/sources",
                                source + " is shared out by both " + other.id() + " and " + rule.id()));
            }
            rule.over().forEach(centre -> requireKnown(centre, pointer + "/over"));
            if (rule.split() instanceof Split.Fixed fixed) {
                fixed(fixed, pointer + "/shares");
            } else if (!(rule.split() instanceof Split.Even)) {
                disjoint(rule.over(), pointer + "/over");
            }
        }
    }

    private void fixed(Split.Fixed fixed, String pointer) {
        fixed.percents().keySet().forEach(centre -> requireKnown(centre, pointer));
        BigDecimal sum = fixed.percents().values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        if (sum.compareTo(ALL) > 0) {
            refuse("shares_above_100", pointer, "the shares add up to " + sum.toPlainString() + " percent");
        }
    }

    /** The direct cost of one has that of those below it, which would count twice. */
    private void disjoint(Collection<String> over, String pointer) {
        over.forEach(centre -> ancestors(centre).stream()
                .filter(above -> over.contains(above) && !above.equals(centre))
                .findFirst()
                .ifPresent(above -> refuse(
                        "overlapping_cost_centres",
                        pointer,
                        "the direct cost of " + centre + " is part of that of " + above + ", which takes part, too")));
    }

    /** Those above it; itself if it is in a circle. */
    private Set<String> ancestors(String id) {
        Set<String> above = new HashSet<>();
        Optional<String> next = parent(id);
        while (next.isPresent() && above.size() <= DEPTH_MAX && above.add(next.get())) {
            next = parent(next.get());
        }
        return above;
    }

    private Optional<String> parent(String id) {
        return Optional.ofNullable(centres.get(id)).flatMap(CostCentre::parent);
    }

    private void requireKnown(String centre, String pointer) {
        if (!centres.containsKey(centre)) {
            refuse("unknown_cost_centre", pointer, "there is no cost centre " + centre + " among costCentres");
        }
    }

    private void refuse(String code, String pointer, String detail) {
        refusals.add(new Refusal(code, pointer, detail));
    }
}
