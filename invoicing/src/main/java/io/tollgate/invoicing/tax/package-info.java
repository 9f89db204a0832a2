/** Which tax is due: parties, rates by jurisdiction, and the categories of EN 16931. Pure: no I/O, no clock. */
@NullMarked
package io.tollgate.invoicing.tax;

import org.jspecify.annotations.NullMarked;
