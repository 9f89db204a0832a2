package io.tollgate.invoicing.anomaly;

import java.math.BigDecimal;

/**
 * From when on a day is out of the ordinary: all of the bounds must be reached.
 *
 * @param leastAmount by how much it costs more or less than expected, in major units of the tenant's price currency; above
 *     zero
 * @param leastShare the same as a share of what was expected; 0.25 is a quarter. Where nothing was expected, any is enough
 * @param leastScore the same in standard deviations of days like it, as their median absolute deviation tells them; above
 *     zero
 */
public record Sensitivity(BigDecimal leastAmount, BigDecimal leastShare, BigDecimal leastScore) {

    /** 3.5 is what Iglewicz and Hoaglin, "How to Detect and Handle Outliers" (1993), recommend for such scores. */
    public static final Sensitivity USUAL =
            new Sensitivity(BigDecimal.TEN, new BigDecimal("0.25"), new BigDecimal("3.5"));

    public Sensitivity {
        if (leastAmount.signum() <= 0 || leastScore.signum() <= 0 || leastShare.signum() < 0) {
            throw new IllegalArgumentException("amount and score must be above zero, and the share not below");
        }
    }
}
