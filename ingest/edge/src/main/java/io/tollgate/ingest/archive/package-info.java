/** What the edge reads of the archive in ClickHouse, which the aggregator fills: it never writes there. */
@NullMarked
package io.tollgate.ingest.archive;

import org.jspecify.annotations.NullMarked;
