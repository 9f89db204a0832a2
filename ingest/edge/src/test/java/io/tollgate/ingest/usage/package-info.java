/** Vendors' usage bodies, by sample and by law. */
@NullMarked
package io.tollgate.ingest.usage;

import org.jspecify.annotations.NullMarked;
