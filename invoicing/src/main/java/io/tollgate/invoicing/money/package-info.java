/** Exact amounts in a currency, and the one place that rounds them. Pure: no I/O, no clock, no binary floating point. */
@NullMarked
package io.tollgate.invoicing.money;

import org.jspecify.annotations.NullMarked;
