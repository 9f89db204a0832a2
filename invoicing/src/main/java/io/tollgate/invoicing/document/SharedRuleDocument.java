package io.tollgate.invoicing.document;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import io.tollgate.invoicing.chargeback.SharedRule;
import io.tollgate.invoicing.chargeback.Split;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Shares out cost that is nobody's own.
 *
 * @param split {@code even}; {@code proportional} to direct cost; {@code fixed}; or {@code tiered}, by direct cost of which
 *     each band counts with its weight
 * @param over cost centres that take part, a parent with the direct cost of all below it; if absent, all that have usage
 *     of their own in the month
 * @param shares of a fixed split: cost centre to percent, together no more than 100; what is left stays unallocated
 * @param bands of a tiered split
 */
@Schema(name = "SharedRule")
public record SharedRuleDocument(
        @JsonProperty(required = true) String id,
        @JsonProperty(required = true) List<Source> sources,
        @JsonProperty(required = true) String split,
        Optional<List<String>> over,
        Optional<Map<String, String>> shares,
        Optional<List<Band>> bands) {

    private static final String FIXED = "fixed";
    private static final String TIERED = "tiered";

    /**
     * Which cost.
     *
     * @param kind {@code unmatched_usage}, {@code change}, {@code discount}, {@code fee}, {@code maximum_spend},
     *     {@code minimum_spend}, {@code commitment}, {@code tax}, {@code credit} or {@code rounding}
     * @param id of the contract's term, or category of tax; all that no rule names by id if absent
     */
    @Schema(name = "SharedSource")
    public record Source(@JsonProperty(required = true) String kind, Optional<String> id) {}

    /**
     * A part of direct cost.
     *
     * @param upTo inclusive, in the invoice's currency; absent of the last
     * @param weight how much each unit of it counts
     */
    @Schema(name = "SharedBand")
    public record Band(
            Optional<String> upTo,
            @JsonProperty(required = true) String weight) {}

    static SharedRuleDocument of(SharedRule rule) {
        SortedMap<String, String> percents = new TreeMap<>();
        if (rule.split() instanceof Split.Fixed fixed) {
            fixed.percents().forEach((centre, percent) -> percents.put(centre, percent.toPlainString()));
        }
        List<Band> tiers = rule.split() instanceof Split.Tiered tiered
                ? tiered.bands().stream()
                        .map(band -> new Band(
                                band.upTo().map(BigDecimal::toPlainString),
                                band.weight().toPlainString()))
                        .toList()
                : List.of();
        return new SharedRuleDocument(
                rule.id(),
                rule.sources().stream()
                        .map(source -> new Source(source.kind().label(), source.id()))
                        .toList(),
                name(rule.split()),
                rule.over().isEmpty() ? Optional.empty() : Optional.of(List.copyOf(rule.over())),
                percents.isEmpty() ? Optional.empty() : Optional.of(percents),
                tiers.isEmpty() ? Optional.empty() : Optional.of(tiers));
    }

    SharedRule toRule() {
        return new SharedRule(
                Reading.required(id, "id"),
                Reading.required(sources, "sources").stream()
                        .map(source -> new SharedRule.Source(
                                AllocationRulesDocument.kind(Reading.required(source.kind(), "kind")), source.id()))
                        .toList(),
                toSplit(),
                new TreeSet<>(AllocationRulesDocument.present(over.orElse(List.of()), "over")));
    }

    private Split toSplit() {
        String named = Reading.required(split, "split");
        if (shares.isPresent() != named.equals(FIXED)) {
            throw new IllegalArgumentException("a fixed split, and it alone, has shares");
        }
        if (bands.isPresent() != named.equals(TIERED)) {
            throw new IllegalArgumentException("a tiered split, and it alone, has bands");
        }
        return switch (named) {
            case "even" -> new Split.Even();
            case "proportional" -> new Split.Proportional();
            case FIXED -> fixed(shares.orElseThrow());
            case TIERED ->
                new Split.Tiered(bands.orElseThrow().stream()
                        .map(band -> new Split.Band(
                                band.upTo().map(bound -> Reading.decimal(bound, "upTo")),
                                Reading.decimal(band.weight(), "weight")))
                        .toList());
            default ->
                throw new IllegalArgumentException(
                        "split must be even, proportional, fixed or tiered, not \"" + named + "\"");
        };
    }

    private static Split fixed(Map<String, String> shares) {
        SortedMap<String, BigDecimal> percents = new TreeMap<>();
        shares.forEach((centre, percent) -> percents.put(centre, Reading.decimal(percent, "shares of " + centre)));
        return new Split.Fixed(percents);
    }

    private static String name(Split split) {
        if (split instanceof Split.Fixed) {
            return FIXED;
        }
        if (split instanceof Split.Tiered) {
            return TIERED;
        }
        return split instanceof Split.Even ? "even" : "proportional";
    }
}
