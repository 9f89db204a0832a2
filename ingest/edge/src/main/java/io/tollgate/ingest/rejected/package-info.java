/**
 * Events that were kept out: looking at them, and sending them again once the cause is mended. They are read from the
 * archive in ClickHouse, which follows the topic of rejected events.
 */
@NullMarked
package io.tollgate.ingest.rejected;

import org.jspecify.annotations.NullMarked;
