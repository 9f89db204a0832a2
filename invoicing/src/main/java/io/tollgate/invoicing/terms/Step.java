package io.tollgate.invoicing.terms;

/**
 * What is done to the lines of an invoice, in this order. Before it, each price has done its own: included units, price,
 * minimum, maximum.
 */
public enum Step {
    /** First, and of usage alone: a discount is off what usage costs, not off what somebody promised to pay. */
    DISCOUNT("discount"),
    /** Seats and reserved units are agreed at their price, so nothing is taken off them; but they are spend. */
    FEE("fee"),
    /** Bounds are promises about what is paid for all of that. The most before the least: it is the tenant's. */
    MAXIMUM_SPEND("maximum_spend"),
    MINIMUM_SPEND("minimum_spend"),
    /** After discounts and bounds: a tenant promises what it pays, not list price. */
    COMMITMENT("commitment"),
    /** On all that is sold. */
    TAX("tax"),
    /** Last: credit pays an invoice, tax and all; it does not make it cheaper. */
    CREDIT("credit");

    private final String label;

    Step(String label) {
        this.label = label;
    }

    /** Stable, for programs. */
    public String label() {
        return label;
    }

    void apply(Bill bill) {
        switch (this) {
            case DISCOUNT -> Discounts.apply(bill);
            case FEE -> Fees.apply(bill);
            case MAXIMUM_SPEND -> SpendBounds.atMost(bill);
            case MINIMUM_SPEND -> SpendBounds.atLeast(bill);
            case COMMITMENT -> Commitments.apply(bill);
            case TAX -> Taxes.apply(bill);
            case CREDIT -> Credits.apply(bill);
        }
    }
}
