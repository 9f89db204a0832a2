/** Laws of bill runs. */
@NullMarked
package io.tollgate.invoicing.billrun;

import org.jspecify.annotations.NullMarked;
