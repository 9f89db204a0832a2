/** Laws of the aggregator : clickhouse. */
@NullMarked
package io.tollgate.aggregator.clickhouse;

import org.jspecify.annotations.NullMarked;
