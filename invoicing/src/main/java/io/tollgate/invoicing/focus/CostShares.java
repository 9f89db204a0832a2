package io.tollgate.invoicing.focus;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/** Shares an amount out over parts as they cost, so that the shares add up to it exactly. */
final class CostShares {

    /** Decimals that a share has at least: far below any currency's minor unit, and not without end. */
    private static final int SCALE_MIN = 12;

    private CostShares() {}

    /**
     * @param costs what the parts cost; what is left by those before it is the share of the last that costs anything
     * @return one share for each; all of the amount for the first, if they cost nothing together
     */
    static List<BigDecimal> of(BigDecimal amount, List<BigDecimal> costs) {
        BigDecimal whole = costs.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        int last = 0;
        for (int i = 0; i < costs.size(); i++) {
            last = costs.get(i).signum() == 0 || whole.signum() == 0 ? last : i;
        }
        List<BigDecimal> shares = new ArrayList<>();
        BigDecimal left = amount;
        for (int i = 0; i < costs.size(); i++) {
            BigDecimal share = whole.signum() == 0 || costs.get(i).signum() == 0
                    ? BigDecimal.ZERO
                    : share(amount, costs.get(i), whole);
            shares.add(share);
            left = left.subtract(share);
        }
        shares.set(last, shares.get(last).add(left));
        return shares;
    }

    private static BigDecimal share(BigDecimal amount, BigDecimal cost, BigDecimal whole) {
        return amount.compareTo(whole) == 0
                ? cost
                : amount.multiply(cost).divide(whole, Math.max(SCALE_MIN, amount.scale()), RoundingMode.HALF_EVEN);
    }
}
