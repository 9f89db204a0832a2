/**
 * What a contract makes of the lines of an invoice: discounts, fees, bounds, commitments, taxes and credits, in one
 * visible order ({@link io.tollgate.invoicing.terms.Step}). Pure: no I/O, no clock.
 */
@NullMarked
package io.tollgate.invoicing.terms;

import org.jspecify.annotations.NullMarked;
