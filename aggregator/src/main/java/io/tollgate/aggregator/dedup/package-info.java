/** Which identities were counted before: an exact set in memory, and on disk beyond that. */
@NullMarked
package io.tollgate.aggregator.dedup;

import org.jspecify.annotations.NullMarked;
