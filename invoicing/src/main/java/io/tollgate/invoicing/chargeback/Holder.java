package io.tollgate.invoicing.chargeback;

import io.tollgate.invoicing.chargeback.Origin.AppliedRule;
import java.util.Comparator;
import java.util.Optional;

/**
 * Who has usage.
 *
 * @param costCentre empty if no rule took it
 * @param rule that took it
 * @param version of the rules in force on its day
 */
record Holder(Optional<String> costCentre, Optional<AppliedRule> rule, Optional<RulesVersion> version)
        implements Comparable<Holder> {

    private static final Comparator<Holder> ORDER = Comparator.comparing((Holder holder) -> holder.costCentre.isEmpty())
            .thenComparing(holder -> holder.costCentre.orElse(""))
            .thenComparing(holder -> holder.version.map(RulesVersion::version).orElse(0))
            .thenComparing(holder -> holder.rule.map(AppliedRule::id).orElse(""));

    @Override
    public int compareTo(Holder other) {
        return ORDER.compare(this, other);
    }
}
