package io.tollgate.invoicing.usage;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Products told by values of their dimensions, for whoever looks for them where they are stored.
 *
 * @param values name of a component of {@link Product} to its value, in which {@code *} stands for any characters; what is
 *     not named may have any
 */
public record ProductPattern(SortedMap<String, String> values) {
    public ProductPattern {
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }
}
