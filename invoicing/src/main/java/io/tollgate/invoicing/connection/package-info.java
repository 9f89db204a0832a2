/** How to reach PostgreSQL and ClickHouse: the one place that turns an operator's URL into what a driver takes. */
@NullMarked
package io.tollgate.invoicing.connection;

import org.jspecify.annotations.NullMarked;
