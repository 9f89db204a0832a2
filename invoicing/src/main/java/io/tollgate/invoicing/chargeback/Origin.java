package io.tollgate.invoicing.chargeback;

import java.util.Comparator;
import java.util.Optional;

/**
 * Where cost of a cost centre comes from. An empty text is what there is not.
 *
 * @param id of the contract's term, or category of tax
 * @param description of the term, for people
 * @param provider of usage, like model and meter
 * @param rule that gave it to the cost centre, or left it unallocated; empty if none was there for it
 */
public record Origin(
        CostKind kind,
        String id,
        String description,
        String provider,
        String model,
        String meter,
        Optional<AppliedRule> rule)
        implements Comparable<Origin> {

    private static final Comparator<Origin> ORDER = Comparator.comparing(Origin::kind)
            .thenComparing(Origin::id)
            .thenComparing(Origin::description)
            .thenComparing(Origin::provider)
            .thenComparing(Origin::model)
            .thenComparing(Origin::meter)
            .thenComparing(origin -> origin.rule().map(AppliedRule::version).orElse(0))
            .thenComparing(origin -> origin.rule().map(AppliedRule::id).orElse(""));

    /**
     * A rule of a version.
     *
     * @param id of an assignment or a rule for shared cost
     */
    public record AppliedRule(int version, String id) {}

    static Origin ofUsage(CostKind kind, String provider, String model, String meter) {
        return new Origin(kind, "", "", provider, model, meter, Optional.empty());
    }

    static Origin ofTerm(CostKind kind, String id, String description) {
        return new Origin(kind, id, description, "", "", "", Optional.empty());
    }

    Origin by(Optional<AppliedRule> applied) {
        return new Origin(kind, id, description, provider, model, meter, applied);
    }

    @Override
    public int compareTo(Origin other) {
        return ORDER.compare(this, other);
    }
}
