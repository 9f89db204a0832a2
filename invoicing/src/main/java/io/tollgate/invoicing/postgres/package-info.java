/** What is kept: published price books and final invoices, both immutable, in a PostgreSQL schema of their own. */
@NullMarked
package io.tollgate.invoicing.postgres;

import org.jspecify.annotations.NullMarked;
