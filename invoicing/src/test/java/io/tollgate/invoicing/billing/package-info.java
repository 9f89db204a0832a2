/** The shell around the core, on a real database. */
@NullMarked
package io.tollgate.invoicing.billing;

import org.jspecify.annotations.NullMarked;
