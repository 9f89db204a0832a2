package io.tollgate.invoicing.chargeback;

import io.tollgate.invoicing.terms.Step;
import java.util.Arrays;
import java.util.Optional;

/** What sort of cost it is. All but {@link #USAGE} can be shared out by rules. */
public enum CostKind {
    /** Usage that a rule gave to a cost centre. */
    USAGE("usage", false),
    /** Usage that no rule took. */
    UNMATCHED_USAGE("unmatched_usage", false),
    /** A line that was billed differently from what its usage comes to now; it follows the line's usage where it can. */
    CHANGE("change", false),
    /** By how much discounts were different; other discounts are taken off the usage. It follows the changes, if it can. */
    DISCOUNT("discount", true),
    /** A seat, a bundle, or what nobody used of a reservation. */
    FEE("fee", true),
    MAXIMUM_SPEND("maximum_spend", false),
    MINIMUM_SPEND("minimum_spend", false),
    /** What was promised and not spent. */
    COMMITMENT("commitment", true),
    TAX("tax", true),
    /** Below zero: it pays. */
    CREDIT("credit", true),
    /** What rounding the invoice's sums made of them. */
    ROUNDING("rounding", false);

    private final String label;
    private final boolean hasIds;

    CostKind(String label, boolean hasIds) {
        this.label = label;
        this.hasIds = hasIds;
    }

    static CostKind of(Step step) {
        return switch (step) {
            case DISCOUNT -> DISCOUNT;
            case FEE -> FEE;
            case MAXIMUM_SPEND -> MAXIMUM_SPEND;
            case MINIMUM_SPEND -> MINIMUM_SPEND;
            case COMMITMENT -> COMMITMENT;
            case TAX -> TAX;
            case CREDIT -> CREDIT;
        };
    }

    public static Optional<CostKind> labelled(String label) {
        return Arrays.stream(values()).filter(kind -> kind.label.equals(label)).findFirst();
    }

    /** Stable, for programs. */
    public String label() {
        return label;
    }

    /** Whether there are several of a kind, told apart by the id of their term; of taxes, by their category. */
    public boolean hasIds() {
        return hasIds;
    }
}
