package io.tollgate.aggregator.rollup;

import io.tollgate.events.Dimensions;
import io.tollgate.schemas.Digest;

/**
 * A set of dimensions, kept once for all events that have it. Compared by identity.
 *
 * @param index a small number of its own, while its dictionary is not cleared
 * @param dimensions with tags in key order
 * @param digest of the dimensions
 */
record Series(int index, Dimensions dimensions, Digest digest) {

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return index;
    }
}
