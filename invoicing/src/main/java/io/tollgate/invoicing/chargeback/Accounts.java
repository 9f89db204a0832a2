package io.tollgate.invoicing.chargeback;

import io.tollgate.invoicing.pricing.Glob;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which account of the tenant's ledger cost is posted to.
 *
 * @param payable account that is credited with what is due
 * @param expenses the first that fits is debited
 */
public record Accounts(String payable, List<Expense> expenses) {

    /**
     * An account and what goes there.
     *
     * @param costCentre id, with stars for any characters; the empty id is that of what is unallocated. Empty for any
     * @param kinds if empty, all
     */
    public record Expense(Optional<String> costCentre, Set<CostKind> kinds, String account) {

        public Expense {
            CostCentre.requireId(account);
            kinds = kinds.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(kinds));
        }

        boolean isForAll() {
            return costCentre.isEmpty() && kinds.isEmpty();
        }

        boolean takes(Optional<String> centre, CostKind kind) {
            return costCentre
                            .filter(glob -> !Glob.covers(glob, centre.orElse("")))
                            .isEmpty()
                    && (kinds.isEmpty() || kinds.contains(kind));
        }
    }

    /** @throws IllegalArgumentException unless the last account, and no other, takes whatever is left */
    public Accounts {
        CostCentre.requireId(payable);
        expenses = List.copyOf(expenses);
        for (int i = 0; i < expenses.size() - 1; i++) {
            if (expenses.get(i).isForAll()) {
                throw new IllegalArgumentException(
                        "account " + expenses.get(i).account() + " leaves nothing to those after it");
            }
        }
        if (expenses.isEmpty() || !expenses.get(expenses.size() - 1).isForAll()) {
            throw new IllegalArgumentException(
                    "the last account must be for whatever is left: one without costCentre and kinds");
        }
    }

    String of(Optional<String> costCentre, CostKind kind) {
        return expenses.stream()
                .filter(expense -> expense.takes(costCentre, kind))
                .findFirst()
                .orElseThrow()
                .account();
    }
}
