/** Pure parts, without an archive. */
@NullMarked
package io.tollgate.ingest.rejected;

import org.jspecify.annotations.NullMarked;
