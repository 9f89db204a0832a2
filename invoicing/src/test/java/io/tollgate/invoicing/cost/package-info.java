/** Laws of what an invoice is made of. */
@NullMarked
package io.tollgate.invoicing.cost;

import org.jspecify.annotations.NullMarked;
