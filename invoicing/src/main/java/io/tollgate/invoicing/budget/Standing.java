package io.tollgate.invoicing.budget;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/**
 * A budget and what is known of it.
 *
 * @param zone the tenant's
 * @param counted empty while it could not be counted yet
 */
public record Standing(Budget budget, ZoneId zone, Optional<Counted> counted) {

    /** What is known of the period that it is now; empty if nothing is. */
    public Optional<Counted> countedAt(Instant now) {
        return counted.flatMap(known -> known.at(now, budget.wish().cycle()));
    }

    /** Whether a period of it runs now. */
    public boolean isActive(Instant now) {
        return budget.wish().cycle().at(now, zone).isPresent();
    }

    /** How much of the amount is left; below zero if more is used. */
    public BigDecimal remaining(Counted known) {
        return budget.amount().subtract(known.used());
    }
}
