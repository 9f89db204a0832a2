/** Laws of usage. */
@NullMarked
package io.tollgate.invoicing.usage;

import org.jspecify.annotations.NullMarked;
