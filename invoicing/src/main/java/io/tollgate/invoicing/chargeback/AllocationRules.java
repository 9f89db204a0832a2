package io.tollgate.invoicing.chargeback;

import io.tollgate.invoicing.chargeback.SharedRule.Source;
import io.tollgate.invoicing.cost.CostItem;
import io.tollgate.invoicing.usage.Whose;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a tenant's invoices are divided among its cost centres, from some day on.
 *
 * @param effectiveFrom first day, in the tenant's billing zone, that they apply on
 * @param costCentres those that have a parent or a name, or that shares go to; tags may name others
 * @param assignments for usage; the first that takes it wins
 * @param shared for what is left; the one that names it by id wins
 * @param accounts where it is posted to; there are some if the mode is {@link Mode#CHARGEBACK}
 */
public record AllocationRules(
        String tenant,
        LocalDate effectiveFrom,
        Mode mode,
        List<CostCentre> costCentres,
        List<Assignment> assignments,
        List<SharedRule> shared,
        Optional<Accounts> accounts) {

    /** Whether cost is posted or only shown. */
    public enum Mode {
        CHARGEBACK,
        SHOWBACK
    }

    /** @throws BadRulesException if they make no sense */
    public AllocationRules {
        if (!Whose.isBillable(tenant)) {
            throw new IllegalArgumentException("\"" + tenant + "\" is not a tenant");
        }
        costCentres = List.copyOf(costCentres);
        assignments = List.copyOf(assignments);
        shared = List.copyOf(shared);
        List<BadRulesException.Refusal> refusals = RulesCheck.refusals(costCentres, assignments, shared);
        if (!refusals.isEmpty()) {
            throw new BadRulesException(refusals);
        }
        if (mode == Mode.CHARGEBACK && accounts.isEmpty()) {
            throw new BadRulesException(List.of(new BadRulesException.Refusal(
                    "no_accounts",
                    "/accounts",
                    "chargeback posts to a ledger, so it needs accounts; showback does not")));
        }
    }

    /**
     * What became of some usage.
     *
     * @param rule id of the one that took it
     */
    record Taken(String rule, String costCentre) {}

    /** Empty if no rule takes it. */
    Optional<Taken> take(CostItem.OfUsage usage) {
        for (Assignment assignment : assignments) {
            Optional<String> centre = assignment.take(usage, this::declares);
            if (centre.isPresent()) {
                return Optional.of(new Taken(assignment.id(), centre.get()));
            }
        }
        return Optional.empty();
    }

    private boolean declares(String id) {
        return costCentres.stream().anyMatch(centre -> centre.id().equals(id));
    }

    /** The rule for shared cost, if there is one. */
    Optional<SharedRule> sharing(CostKind kind, String id) {
        Map<Source, SharedRule> bySource = new LinkedHashMap<>();
        shared.forEach(rule -> rule.sources().forEach(source -> bySource.put(source, rule)));
        return Optional.ofNullable(bySource.get(new Source(kind, Optional.of(id).filter(each -> kind.hasIds()))))
                .or(() -> Optional.ofNullable(bySource.get(new Source(kind, Optional.empty()))));
    }
}
