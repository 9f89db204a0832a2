/**
 * An invoice, a draft or a note as rows of the FinOps Open Cost and Usage Specification (FOCUS) 1.2, made of the report of
 * what it costs and of nothing else. Pure: no I/O, no clock.
 */
@NullMarked
package io.tollgate.invoicing.focus;

import org.jspecify.annotations.NullMarked;
