/** The HTTP API of invoicing. */
@NullMarked
package io.tollgate.invoicing.http;

import org.jspecify.annotations.NullMarked;
