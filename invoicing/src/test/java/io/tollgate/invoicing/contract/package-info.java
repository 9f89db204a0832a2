/** The tests of the package. */
@NullMarked
package io.tollgate.invoicing.contract;

import org.jspecify.annotations.NullMarked;
