package io.tollgate.invoicing.contract;

import io.tollgate.invoicing.money.Money;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * Something off the usage of its scope; just one of a percentage and an amount. Fees are not discounted.
 *
 * @param percent of what the usage costs before any discount, more than 0 and at most 100
 * @param amount per period, prorated by days; more than 0
 */
public record Discount(
        String id,
        String description,
        Optional<BigDecimal> percent,
        Optional<Money> amount,
        Scope scope,
        Validity validity)
        implements Term {

    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    public Discount {
        Term.requireId(id);
        if (percent.isPresent() == amount.isPresent()) {
            throw new IllegalArgumentException("a discount has either percent or amount");
        }
        percent = percent.map(BigDecimal::stripTrailingZeros);
        percent.filter(share -> share.signum() <= 0 || share.compareTo(HUNDRED) > 0)
                .ifPresent(share -> {
                    throw new IllegalArgumentException(
                            "a discount is more than 0 and at most 100 percent, not " + share.toPlainString());
                });
        amount.filter(off -> off.signum() <= 0).ifPresent(off -> {
            throw new IllegalArgumentException("a discount must be more than 0, not " + off.digits());
        });
    }
}
