/** What a month's close is and what stands in its way: pure. */
@NullMarked
package io.tollgate.invoicing.billrun;

import org.jspecify.annotations.NullMarked;
