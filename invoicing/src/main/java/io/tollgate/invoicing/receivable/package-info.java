/** What is owed of a final invoice: payments, notes, and how it stands. Pure. */
@NullMarked
package io.tollgate.invoicing.receivable;

import org.jspecify.annotations.NullMarked;
