/** Tokens that tenants see their own with. Pure: no I/O, no clock. */
@NullMarked
package io.tollgate.invoicing.access;

import org.jspecify.annotations.NullMarked;
