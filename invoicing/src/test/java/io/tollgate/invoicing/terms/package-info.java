/** What contracts make of invoices, as laws and examples. */
@NullMarked
package io.tollgate.invoicing.terms;

import org.jspecify.annotations.NullMarked;
