package io.tollgate.invoicing.adminapi;

import io.tollgate.invoicing.spend.SpendDimension;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a vendor's API tells usage apart by, and what that is here.
 *
 * @param name in {@code group_by} and in results
 * @param dimensions what it is made from
 * @param value of some usage; empty for none
 */
record Facet(String name, List<SpendDimension> dimensions, Function<Used, Optional<String>> value) {

    /** The convention for whose key was used. */
    static final String API_KEY = "api_key_id";

    /** The convention for who used it. */
    static final String USER = "user_id";

    /** Below which prompt sizes are in the lower of Anthropic's context windows. */
    private static final long LONG_CONTEXT_TOKENS = 200_000;

    Facet {
        dimensions = List.copyOf(dimensions);
    }

    static Facet project(String name) {
        return new Facet(name, List.of(SpendDimension.PROJECT), used -> given(used.project()));
    }

    static Facet tag(String name, String key) {
        return new Facet(
                name,
                List.of(SpendDimension.tag(key)),
                used -> given(used.tags().getOrDefault(key, "")));
    }

    static Facet model() {
        return new Facet(
                "model",
                List.of(SpendDimension.MODEL),
                used -> given(used.product().model()));
    }

    /** @param vendors ours to the vendor's word for it */
    static Facet serviceTier(Function<String, String> vendors) {
        return new Facet(
                "service_tier",
                List.of(SpendDimension.SERVICE_TIER),
                used -> given(used.product().serviceTier()).map(vendors));
    }

    /** Whether it was used by batch jobs, as {@code true} or {@code false}. */
    static Facet batch() {
        return new Facet(
                "batch",
                List.of(SpendDimension.SERVICE_TIER),
                used -> Optional.of(
                        Boolean.toString(used.product().serviceTier().equals("batch"))));
    }

    static Facet contextWindow() {
        return new Facet(
                "context_window",
                List.of(SpendDimension.CONTEXT_BAND),
                used -> Optional.of(used.product().contextBand() < LONG_CONTEXT_TOKENS ? "0-200k" : "200k-1M"));
    }

    /** Where it ran, by the name that our sources have for it. */
    static Facet geo() {
        return new Facet(
                "inference_geo",
                List.of(SpendDimension.REGION),
                used -> given(used.product().region()).or(() -> Optional.of("not_available")));
    }

    /** Something that usage here does not tell: it is null of all of it. */
    static Facet untold(String name) {
        return new Facet(name, List.of(), used -> Optional.empty());
    }

    private static Optional<String> given(String value) {
        return value.isEmpty() ? Optional.empty() : Optional.of(value);
    }
}
