/** What people see of invoices. */
@NullMarked
package io.tollgate.cli.invoice;

import org.jspecify.annotations.NullMarked;
