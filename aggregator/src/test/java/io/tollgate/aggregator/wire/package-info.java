/** Laws of the aggregator : wire. */
@NullMarked
package io.tollgate.aggregator.wire;

import org.jspecify.annotations.NullMarked;
