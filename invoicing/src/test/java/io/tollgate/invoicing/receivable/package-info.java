/** Laws of accounts. */
@NullMarked
package io.tollgate.invoicing.receivable;

import org.jspecify.annotations.NullMarked;
