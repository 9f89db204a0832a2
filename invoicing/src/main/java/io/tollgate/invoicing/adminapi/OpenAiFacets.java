package io.tollgate.invoicing.adminapi;

import java.util.List;
import java.util.Map;

/** What OpenAI's API tells usage apart by. */
final class OpenAiFacets {

    static final Facet PROJECT = Facet.project("project_id");
    static final Facet USER = Facet.tag("user_id", Facet.USER);
    static final Facet API_KEY = Facet.tag("api_key_id", Facet.API_KEY);
    static final Facet MODEL = Facet.model();
    static final Facet BATCH = Facet.batch();
    static final Facet SERVICE_TIER = Facet.serviceTier(OpenAiFacets::tier);
    static final Facet SIZE = Facet.untold("size");
    static final Facet SOURCE = Facet.untold("source");
    static final Facet CONTEXT_LEVEL = Facet.untold("context_level");
    static final Facet VECTOR_STORE = Facet.untold("vector_store_id");

    static final List<Facet> OF_A_MODEL = List.of(PROJECT, USER, API_KEY, MODEL);

    /** Parameters to what they restrict. */
    static final Map<String, Facet> FILTERS = Map.of(
            "project_ids", PROJECT,
            "user_ids", USER,
            "api_key_ids", API_KEY,
            "models", MODEL,
            "batch", BATCH,
            "sizes", SIZE,
            "sources", SOURCE,
            "context_levels", CONTEXT_LEVEL,
            "vector_store_ids", VECTOR_STORE);

    private OpenAiFacets() {}

    /** Provisioned throughput is what OpenAI sells as Scale Tier. */
    private static String tier(String ours) {
        return switch (ours) {
            case "standard" -> "default";
            case "provisioned" -> "scale";
            default -> ours;
        };
    }
}
