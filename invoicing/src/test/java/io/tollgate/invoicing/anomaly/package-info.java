/** Laws of explanations and of what is out of the ordinary. */
@NullMarked
package io.tollgate.invoicing.anomaly;

import org.jspecify.annotations.NullMarked;
