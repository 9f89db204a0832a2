package io.tollgate.invoicing.adminapi;

import java.util.List;
import java.util.Map;

/** What Anthropic's API tells usage and costs apart by. */
final class AnthropicFacets {

    static final Facet API_KEY = Facet.tag("api_key_id", Facet.API_KEY);
    static final Facet WORKSPACE = Facet.project("workspace_id");
    static final Facet MODEL = Facet.model();
    static final Facet SERVICE_TIER = Facet.serviceTier(AnthropicFacets::tier);
    static final Facet CONTEXT_WINDOW = Facet.contextWindow();
    static final Facet GEO = Facet.geo();
    static final Facet ACCOUNT = Facet.tag("account_id", Facet.USER);
    static final Facet SERVICE_ACCOUNT = Facet.untold("service_account_id");
    static final Facet SPEED = Facet.untold("speed");

    static final List<Facet> OF_USAGE =
            List.of(API_KEY, WORKSPACE, MODEL, SERVICE_TIER, CONTEXT_WINDOW, GEO, ACCOUNT, SERVICE_ACCOUNT, SPEED);

    /** Parameters to what they restrict. */
    static final Map<String, Facet> FILTERS = Map.of(
            "api_key_ids", API_KEY,
            "workspace_ids", WORKSPACE,
            "models", MODEL,
            "service_tiers", SERVICE_TIER,
            "context_window", CONTEXT_WINDOW,
            "inference_geos", GEO,
            "account_ids", ACCOUNT,
            "service_account_ids", SERVICE_ACCOUNT,
            "speeds", SPEED);

    private AnthropicFacets() {}

    /** Provisioned throughput is what Anthropic sells as Priority Tier. */
    private static String tier(String ours) {
        return ours.equals("provisioned") ? "priority" : ours;
    }
}
