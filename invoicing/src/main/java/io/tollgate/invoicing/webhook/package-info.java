/**
 * Events that others are told of, and how: what they say, who wants them, how they are signed and when they are tried
 * again. Pure; what is kept stands in {@code postgres}, what goes out in {@code delivery}.
 */
@NullMarked
package io.tollgate.invoicing.webhook;

import org.jspecify.annotations.NullMarked;
