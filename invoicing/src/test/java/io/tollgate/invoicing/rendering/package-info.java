/** The tests of the package. */
@NullMarked
package io.tollgate.invoicing.rendering;

import org.jspecify.annotations.NullMarked;
