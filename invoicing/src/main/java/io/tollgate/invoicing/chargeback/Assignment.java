package io.tollgate.invoicing.chargeback;

import io.tollgate.invoicing.cost.CostItem;
import io.tollgate.invoicing.pricing.Glob;
import io.tollgate.invoicing.spend.SpendDimension;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * A rule that gives usage to a cost centre.
 *
 * @param id what reports name it by
 * @param when the rule takes usage that has one of the values in each dimension named; values may hold stars for any
 *     characters, and the empty value means "none". If no dimension is named, it takes all
 */
public record Assignment(String id, SortedMap<SpendDimension, SortedSet<String>> when, Target target) {

    /** Which cost centre. */
    public sealed interface Target {

        /** Always the same. */
        record Named(String costCentre) implements Target {}

        /**
         * The one that the usage's own tag names; usage without the tag, or with a value that can be no id, is left to other
         * rules.
         *
         * @param declaredOnly whether usage is left to other rules if the tag's value is no cost centre of the rules; else
         *     it is one without a parent
         */
        record ValueOfTag(String key, boolean declaredOnly) implements Target {}
    }

    public Assignment {
        CostCentre.requireId(id);
        when.keySet().forEach(dimension -> dimension.tagKey().ifPresent(CostCentre::requireId));
        if (target instanceof Target.ValueOfTag tag) {
            CostCentre.requireId(tag.key());
        }
        SortedMap<SpendDimension, SortedSet<String>> copy = new TreeMap<>();
        when.forEach((dimension, values) -> {
            if (values.isEmpty()) {
                throw new IllegalArgumentException(dimension.label() + " has no values, so nothing could be taken");
            }
            copy.put(dimension, Collections.unmodifiableSortedSet(new TreeSet<>(values)));
        });
        when = Collections.unmodifiableSortedMap(copy);
    }

    /**
     * The cost centre that it gives the usage to, if it takes it.
     *
     * @param isDeclared whether an id is that of a cost centre of the rules
     */
    Optional<String> take(CostItem.OfUsage usage, Predicate<String> isDeclared) {
        for (Map.Entry<SpendDimension, SortedSet<String>> named : when.entrySet()) {
            if (!coversAny(named.getValue(), named.getKey().of(usage))) {
                return Optional.empty();
            }
        }
        if (target instanceof Target.Named named) {
            return Optional.of(named.costCentre());
        }
        Target.ValueOfTag tag = (Target.ValueOfTag) target;
        return Optional.ofNullable(usage.tags().get(tag.key()))
                .filter(CostCentre::isId)
                .filter(value -> !tag.declaredOnly() || isDeclared.test(value));
    }

    /** Whether it takes all that the other would. */
    boolean leavesNothingTo(Assignment later) {
        boolean covers = when.entrySet().stream()
                .allMatch(named -> Optional.ofNullable(later.when.get(named.getKey()))
                        .filter(values -> values.stream().allMatch(value -> coversAny(named.getValue(), value)))
                        .isPresent());
        if (!covers || target instanceof Target.Named) {
            return covers;
        }
        Target.ValueOfTag own = (Target.ValueOfTag) target;
        return later.target instanceof Target.ValueOfTag other
                && other.key().equals(own.key())
                && (!own.declaredOnly() || other.declaredOnly());
    }

    private static boolean coversAny(Set<String> globs, String value) {
        return globs.stream().anyMatch(glob -> Glob.covers(glob, value));
    }
}
