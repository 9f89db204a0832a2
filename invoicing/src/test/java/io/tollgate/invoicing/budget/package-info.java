/** Laws of budgets and leases. */
@NullMarked
package io.tollgate.invoicing.budget;

import org.jspecify.annotations.NullMarked;
