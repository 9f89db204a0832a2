/**
 * Documents of an invoice for people and other programs: PDF, UBL and CSV. All are made from the invoice's own record, so
 * those of a final invoice show what was closed and are never computed again.
 */
@NullMarked
package io.tollgate.invoicing.rendering;

import org.jspecify.annotations.NullMarked;
