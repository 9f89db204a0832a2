/** The Streams topology as a pure function, and its stores. */
@NullMarked
package io.tollgate.aggregator.topology;

import org.jspecify.annotations.NullMarked;
