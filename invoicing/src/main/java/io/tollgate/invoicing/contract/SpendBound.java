package io.tollgate.invoicing.contract;

import io.tollgate.invoicing.money.Money;

/**
 * What a period costs at least or at most, before tax; prorated by days.
 *
 * @param amount of a whole period, not negative
 */
public record SpendBound(Kind kind, Money amount) implements Term {

    /** Which bound. */
    public enum Kind {
        MINIMUM,
        MAXIMUM
    }

    public SpendBound {
        if (amount.signum() < 0) {
            throw new IllegalArgumentException("a bound of spend cannot be negative: " + amount.digits());
        }
    }

    /** A contract has at most one of each kind, so that is its name. */
    @Override
    public String id() {
        return kind == Kind.MINIMUM ? "minimum-spend" : "maximum-spend";
    }

    @Override
    public Validity validity() {
        return Validity.ALWAYS;
    }
}
