package io.tollgate.invoicing.chargeback;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A rule that shares out cost that is nobody's own.
 *
 * @param id what reports name it by
 * @param sources what it shares out; at least one
 * @param over cost centres that take part; if empty, all that have usage of their own in the month. Fixed shares name theirs
 */
public record SharedRule(String id, List<Source> sources, Split split, SortedSet<String> over) {

    /**
     * Which cost.
     *
     * @param id of the contract's term, or category of tax; empty for all of the kind that no rule names by id
     */
    public record Source(CostKind kind, Optional<String> id) {

        public Source {
            if (kind == CostKind.USAGE) {
                throw new IllegalArgumentException(
                        "usage that a rule took is not shared out; the rest is unmatched_usage");
            }
            if (id.isPresent() && !kind.hasIds()) {
                throw new IllegalArgumentException("cost of kind " + kind.label() + " has no ids");
            }
        }

        @Override
        public String toString() {
            return kind.label() + id.map(each -> " " + each).orElse("");
        }
    }

    public SharedRule {
        CostCentre.requireId(id);
        sources = List.copyOf(sources);
        over = Collections.unmodifiableSortedSet(new TreeSet<>(over));
        if (sources.isEmpty()) {
            throw new IllegalArgumentException("a rule for shared cost needs a source");
        }
        if (split instanceof Split.Fixed fixed
                && (!over.isEmpty() || fixed.percents().isEmpty())) {
            throw new IllegalArgumentException("fixed shares, and they alone, name the cost centres that take part");
        }
    }
}
