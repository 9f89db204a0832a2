/** Laws of the aggregator : rollup. */
@NullMarked
package io.tollgate.aggregator.rollup;

import org.jspecify.annotations.NullMarked;
