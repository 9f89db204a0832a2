/** Tests of what the edge reads of the archive. */
@NullMarked
package io.tollgate.ingest.archive;

import org.jspecify.annotations.NullMarked;
