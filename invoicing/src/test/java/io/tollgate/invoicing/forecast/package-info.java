/** Laws of forecasts, and how wrong they are. */
@NullMarked
package io.tollgate.invoicing.forecast;

import org.jspecify.annotations.NullMarked;
