package io.tollgate.invoicing.terms;

import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.tax.TaxTreatment;

/**
 * The tax at one rate, as EN 16931 breaks it down.
 *
 * @param taxable what it is due on
 * @param amount half up of taxable times rate; of a note the difference of two such amounts
 */
public record TaxShare(TaxTreatment treatment, Money taxable, Money amount) {

    /** Of two with the same treatment. */
    public TaxShare plus(TaxShare other) {
        return new TaxShare(treatment, taxable.plus(other.taxable), amount.plus(other.amount));
    }

    public TaxShare negated() {
        return new TaxShare(treatment, taxable.negated(), amount.negated());
    }
}
