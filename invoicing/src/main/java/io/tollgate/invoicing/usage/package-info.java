/** What was used, by whom and when, as totals of rollups, and the boundary it is read through. Pure but for {@link io.tollgate.invoicing.usage.UsageReader}, which others implement. */
@NullMarked
package io.tollgate.invoicing.usage;

import org.jspecify.annotations.NullMarked;
