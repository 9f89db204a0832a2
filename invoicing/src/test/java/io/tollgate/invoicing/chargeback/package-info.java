/** Laws of chargeback. */
@NullMarked
package io.tollgate.invoicing.chargeback;

import org.jspecify.annotations.NullMarked;
