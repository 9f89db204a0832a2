package io.tollgate.invoicing.usage;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What usage is told apart by, beside tenant and product.
 *
 * @param byProject if not, {@link UsageTotal#project()} is empty
 * @param byAllTags whatever their keys; else only by those with the given ones
 * @param tagKeys keys of tags that it is told apart by; what has no such tag has no such key in {@link UsageTotal#tags()}
 * @param tagValues by some of these keys, the values that matter: what has another has no such key, either
 */
public record Detail(
        boolean byProject, boolean byAllTags, SortedSet<String> tagKeys, SortedMap<String, Set<String>> tagValues) {

    /** By nothing. */
    public static final Detail NONE =
            new Detail(false, false, Collections.emptySortedSet(), Collections.emptySortedMap());

    /** By projects, and not by tags. */
    public static final Detail PROJECTS =
            new Detail(true, false, Collections.emptySortedSet(), Collections.emptySortedMap());

    /** By all there is. */
    public static final Detail ALL = new Detail(true, true, Collections.emptySortedSet(), Collections.emptySortedMap());

    public Detail {
        tagKeys = Collections.unmodifiableSortedSet(new TreeSet<>(tagKeys));
        tagValues = Collections.unmodifiableSortedMap(new TreeMap<>(tagValues));
    }

    public static Detail of(boolean byProject, Set<String> tagKeys) {
        return new Detail(byProject, false, new TreeSet<>(tagKeys), Collections.emptySortedMap());
    }

    /** The same where only some values of some tags matter, by their keys. */
    public Detail withTagValues(Map<String, ? extends Set<String>> values) {
        SortedMap<String, Set<String>> some = new TreeMap<>();
        values.forEach((key, ofKey) -> {
            if (tagKeys.contains(key)) {
                some.put(key, Collections.unmodifiableSortedSet(new TreeSet<>(ofKey)));
            }
        });
        return new Detail(byProject, byAllTags, tagKeys, some);
    }

    public boolean byTags() {
        return byAllTags || !tagKeys.isEmpty();
    }
}
