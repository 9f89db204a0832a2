/** From the rollups topic into ClickHouse, idempotently. */
@NullMarked
package io.tollgate.aggregator.clickhouse;

import org.jspecify.annotations.NullMarked;
