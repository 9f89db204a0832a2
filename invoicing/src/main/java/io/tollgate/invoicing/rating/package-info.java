/** Rating: usage totals and a price history in, priced and unrounded usage and the exception list out. Pure: no I/O, no clock. */
@NullMarked
package io.tollgate.invoicing.rating;

import org.jspecify.annotations.NullMarked;
