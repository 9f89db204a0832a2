package io.tollgate.invoicing.budget;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Locale;
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

    /** How much is known of it. */
    public enum State {
        COUNTED,
        /** Usage of the period is billed in another currency than the budget's, and is not counted by it. */
        CURRENCY_DIFFERS,
        /** Nobody could count it yet. */
        NOT_COUNTED,
        /** It has ended, or has not begun. */
        NO_PERIOD;

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How much is known of it now. */
    public State state(Instant now) {
        if (budget.wish().cycle().at(now, zone).isEmpty()) {
            return State.NO_PERIOD;
        }
        return countedAt(now)
                .map(known -> known.isInOtherCurrencies(budget.measure()) ? State.CURRENCY_DIFFERS : State.COUNTED)
                .orElse(State.NOT_COUNTED);
    }

    /** How much of the amount is left, below zero if more is used; empty if not all can be counted. */
    public Optional<BigDecimal> remaining(Counted known) {
        return known.isInOtherCurrencies(budget.measure())
                ? Optional.empty()
                : Optional.of(budget.amount().subtract(known.used()));
    }
}
