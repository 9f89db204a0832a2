/** Laws of the aggregator : topology. */
@NullMarked
package io.tollgate.aggregator.topology;

import org.jspecify.annotations.NullMarked;
