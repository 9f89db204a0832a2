/** The tests of the package. */
@NullMarked
package io.tollgate.invoicing.tax;

import org.jspecify.annotations.NullMarked;
