/** What of some usage a price book has prices for. Pure: no I/O, no clock. */
@NullMarked
package io.tollgate.invoicing.coverage;

import org.jspecify.annotations.NullMarked;
