/** What a rollup is, and how an event is added to one: the pure core of the aggregator. */
@NullMarked
package io.tollgate.aggregator.rollup;

import org.jspecify.annotations.NullMarked;
