/** Pure parts, without an archive. */
@NullMarked
package io.tollgate.ingest.corrections;

import org.jspecify.annotations.NullMarked;
