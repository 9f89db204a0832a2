/**
 * What an invoice is made of, told as finely as somebody asks: by day, project and tags. Spend, chargeback and exports are
 * made of it, so they cannot disagree with the invoice. Pure: no I/O, no clock.
 */
@NullMarked
package io.tollgate.invoicing.cost;

import org.jspecify.annotations.NullMarked;
