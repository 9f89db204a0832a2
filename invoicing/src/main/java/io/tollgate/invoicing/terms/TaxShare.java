package io.tollgate.invoicing.terms;

import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.tax.TaxTreatment;

/**
 * The tax at one rate, as EN 16931 breaks it down.
 *
 * @param taxable what it is due on
 * @param amount half up of taxable times rate
 */
public record TaxShare(TaxTreatment treatment, Money taxable, Money amount) {}
