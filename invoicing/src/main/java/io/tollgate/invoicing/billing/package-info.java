/** Load, compute, save: invoices and spend out of stores, usage and the pure core. */
@NullMarked
package io.tollgate.invoicing.billing;

import org.jspecify.annotations.NullMarked;
