package io.tollgate.invoicing.budget;

import io.tollgate.invoicing.usage.TimeRange;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether somebody may spend.
 *
 * @param allowed whether all budgets that have a say allow it
 * @param budgets all that count what is to be spent
 */
public record Decision(boolean allowed, List<Verdict> budgets) {

    public Decision {
        budgets = List.copyOf(budgets);
    }

    /** What speaks against it, or does not. */
    public enum Reason {
        WITHIN_BUDGET,
        BUDGET_EXHAUSTED,
        /** Usage is billed in another currency than the budget's, so it does not count it: the budget's policy decides. */
        CURRENCY_DIFFERS,
        /** ClickHouse could not be read for too long, or not at all since the start: the budget's policy decides. */
        USAGE_UNKNOWN,
        /** A lease that does not say how much of what the budget counts: the budget's policy decides. */
        NO_ESTIMATE;

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What one budget says.
     *
     * @param allowed true, too, of one that is not enforced
     * @param period that runs now
     * @param used what is counted; empty if that is unknown, a part if the currency differs
     * @param held by leases, and not counted yet; nothing if the currency differs, as theirs is the tenant's
     * @param countedThrough what was used by then is counted
     */
    public record Verdict(
            Budget budget,
            boolean allowed,
            Reason reason,
            TimeRange period,
            Optional<BigDecimal> used,
            BigDecimal held,
            Optional<Instant> countedThrough) {

        /** What is left beside what is held; empty if that is unknown. */
        public Optional<BigDecimal> remaining() {
            return used.filter(counted -> reason != Reason.CURRENCY_DIFFERS)
                    .map(counted -> budget.amount().subtract(counted).subtract(held));
        }
    }
}
