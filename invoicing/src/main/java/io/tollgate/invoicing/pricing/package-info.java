/** Price books, their effective-dated rate cards and prices, and which of them applies to a use. Pure: no I/O, no clock. */
@NullMarked
package io.tollgate.invoicing.pricing;

import org.jspecify.annotations.NullMarked;
