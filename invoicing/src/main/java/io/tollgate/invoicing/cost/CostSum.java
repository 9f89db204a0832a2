package io.tollgate.invoicing.cost;

import io.tollgate.invoicing.money.Money;
import java.math.BigDecimal;
import java.util.Currency;

/** Adds up very many costs of one currency. */
public final class CostSum {

    private BigDecimal list = BigDecimal.ZERO;
    private BigDecimal contracted = BigDecimal.ZERO;
    private BigDecimal billed = BigDecimal.ZERO;
    private BigDecimal effective = BigDecimal.ZERO;

    /** @param cost in the currency of the others */
    public void add(Cost cost) {
        list = list.add(cost.list().amount());
        contracted = contracted.add(cost.contracted().amount());
        billed = billed.add(cost.billed().amount());
        effective = effective.add(cost.effective().amount());
    }

    /** The sum, in the currency of what was added. */
    public Cost in(Currency currency) {
        return new Cost(
                new Money(list, currency),
                new Money(contracted, currency),
                new Money(billed, currency),
                new Money(effective, currency));
    }
}
