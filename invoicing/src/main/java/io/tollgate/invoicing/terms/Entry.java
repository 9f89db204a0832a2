package io.tollgate.invoicing.terms;

import io.tollgate.invoicing.contract.Days;
import io.tollgate.invoicing.money.Money;

/**
 * What one term of a contract adds to an invoice, or takes off it.
 *
 * @param id of the term; of a tax, its category
 * @param description for people
 * @param days the part of the billing period that it is for
 * @param explanation the arithmetic, for people
 * @param amount in whole minor units; may be zero, where something is to be seen that costs nothing
 */
public record Entry(Step step, String id, String description, Days days, String explanation, Money amount) {

    public Entry {
        if (!amount.isRounded()) {
            throw new IllegalArgumentException("an entry is in whole minor units, not " + amount);
        }
    }
}
