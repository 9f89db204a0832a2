/** Laws of the aggregator : dedup. */
@NullMarked
package io.tollgate.aggregator.dedup;

import org.jspecify.annotations.NullMarked;
