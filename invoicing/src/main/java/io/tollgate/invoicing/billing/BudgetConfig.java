package io.tollgate.invoicing.billing;

import java.time.Duration;

/**
 * How budgets are watched.
 *
 * @param refreshEvery how often budgets and leases that other processes changed are looked for
 * @param countEvery how often what is used is read from ClickHouse
 * @param countedWithin how long it usually takes at most until what is used can be read there: one half for the gateway's
 *     sending, the edge and the difference of clocks, one for the job. What takes longer to arrive comes late, and may exceed
 *     a budget; for a job that takes longer, counts wait
 * @param staleAfter how old a count may be before the budget check takes it for unknown
 */
public record BudgetConfig(Duration refreshEvery, Duration countEvery, Duration countedWithin, Duration staleAfter) {

    public BudgetConfig {
        if (refreshEvery.toMillis() < 1 || staleAfter.compareTo(countedWithin.plus(countEvery)) <= 0) {
            throw new IllegalArgumentException(
                    "a count would be stale at once: counted every " + countEvery + " within " + countedWithin);
        }
    }

    /** Counted every 15 s, within 2 min, unknown after 15 min. */
    public static BudgetConfig usual() {
        return new BudgetConfig(
                Duration.ofSeconds(2), Duration.ofSeconds(15), Duration.ofMinutes(2), Duration.ofMinutes(15));
    }
}
