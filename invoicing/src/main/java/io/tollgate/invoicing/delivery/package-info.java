/** Takes events from the outbox to the endpoints of webhooks. */
@NullMarked
package io.tollgate.invoicing.delivery;

import org.jspecify.annotations.NullMarked;
