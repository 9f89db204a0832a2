/** Spend: rated usage, grouped. The same rating as an invoice, so the two cannot disagree. Pure: no I/O, no clock. */
@NullMarked
package io.tollgate.invoicing.spend;

import org.jspecify.annotations.NullMarked;
