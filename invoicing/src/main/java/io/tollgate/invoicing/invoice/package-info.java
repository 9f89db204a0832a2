/** Invoices: billing periods, derived identities, lines that add up, and the decision whether one may be closed. Pure: no I/O, no clock. */
@NullMarked
package io.tollgate.invoicing.invoice;

import org.jspecify.annotations.NullMarked;
