/** The invoicing service: what starts it, and what it is told. */
@NullMarked
package io.tollgate.invoicing;

import org.jspecify.annotations.NullMarked;
