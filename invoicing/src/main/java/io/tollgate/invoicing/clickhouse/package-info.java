/** Usage, read from the rollups in ClickHouse. */
@NullMarked
package io.tollgate.invoicing.clickhouse;

import org.jspecify.annotations.NullMarked;
