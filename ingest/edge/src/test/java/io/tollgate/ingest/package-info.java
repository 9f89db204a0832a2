/** What holds for all of ingest. */
@NullMarked
package io.tollgate.ingest;

import org.jspecify.annotations.NullMarked;
