package io.tollgate.invoicing.terms;

import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.usage.Product;
import java.time.LocalDate;

/**
 * What the terms see of an invoice line.
 *
 * @param day the first of its service period; lines are split where terms start and end, so it tells for all of them
 * @param exact unrounded
 * @param shown in whole minor units
 */
public record UsageCharge(Product product, String meter, LocalDate day, Money exact, Money shown) {}
