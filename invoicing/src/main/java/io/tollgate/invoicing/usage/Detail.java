package io.tollgate.invoicing.usage;

import java.util.Collections;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What usage is told apart by, beside tenant and product.
 *
 * @param byProject if not, {@link UsageTotal#project()} is empty
 * @param byAllTags whatever their keys; else only by those with the given ones
 * @param tagKeys keys of tags that it is told apart by; what has no such tag has no such key in {@link UsageTotal#tags()}
 */
public record Detail(boolean byProject, boolean byAllTags, SortedSet<String> tagKeys) {

    /** By nothing. */
    public static final Detail NONE = new Detail(false, false, Collections.emptySortedSet());

    /** By projects, and not by tags. */
    public static final Detail PROJECTS = new Detail(true, false, Collections.emptySortedSet());

    /** By all there is. */
    public static final Detail ALL = new Detail(true, true, Collections.emptySortedSet());

    public Detail {
        tagKeys = Collections.unmodifiableSortedSet(new TreeSet<>(tagKeys));
    }

    public static Detail of(boolean byProject, Set<String> tagKeys) {
        return new Detail(byProject, false, new TreeSet<>(tagKeys));
    }

    public boolean byTags() {
        return byAllTags || !tagKeys.isEmpty();
    }
}
