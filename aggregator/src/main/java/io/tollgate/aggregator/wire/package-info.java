/** Reads usage events where they lie, without making objects of them. */
@NullMarked
package io.tollgate.aggregator.wire;

import org.jspecify.annotations.NullMarked;
