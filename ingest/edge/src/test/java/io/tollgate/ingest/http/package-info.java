/** Bounds and repeated answers. */
@NullMarked
package io.tollgate.ingest.http;

import org.jspecify.annotations.NullMarked;
