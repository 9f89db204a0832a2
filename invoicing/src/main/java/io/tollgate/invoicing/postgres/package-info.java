/**
 * What is kept, in a PostgreSQL schema of our own: published price books and final invoices, both immutable, and the
 * outbox with the endpoints of webhooks.
 */
@NullMarked
package io.tollgate.invoicing.postgres;

import org.jspecify.annotations.NullMarked;
