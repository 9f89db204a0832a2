package io.tollgate.ingest.usage;

import io.tollgate.emitter.rules.Fault;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** What came of one vendor's usage body. */
public sealed interface Normalisation {

    /**
     * The body as disjoint meters.
     *
     * @param quantities meter to amount in its base unit, zero or more. {@code input_tokens} is always there, others only
     *     when there is something of them
     * @param contextTokens the whole prompt in tokens, cached ones included: it decides the context band
     * @param unknown what stood in the body and was not read
     */
    record Normalised(SortedMap<String, Long> quantities, long contextTokens, UnknownFields unknown)
            implements Normalisation {

        public Normalised {
            quantities = Collections.unmodifiableSortedMap(new TreeMap<>(quantities));
        }
    }

    /** The body cannot be trusted, or is none of its format. */
    record Refused(Fault fault) implements Normalisation {}
}
