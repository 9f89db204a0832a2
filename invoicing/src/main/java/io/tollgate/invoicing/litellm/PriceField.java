package io.tollgate.invoicing.litellm;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A field of the file that is a price of one of Tollgate's meters.
 *
 * @param target the meter, and what the amount is for
 * @param tier the service tier that pays it; empty for all that have no price of their own
 * @param threshold tokens that the prompt must have passed; 0 for none
 */
record PriceField(Target target, String tier, long threshold) {

    /** Sizes of prompts from which on vendors take other prices, and usage is told apart: its context bands. */
    static final List<Long> BANDS = List.of(128_000L, 200_000L, 256_000L, 272_000L, 512_000L);

    private static final long MILLION = 1_000_000;
    private static final long THOUSAND = 1_000;

    /**
     * Where a price goes.
     *
     * @param per for how many of the meter's units the book states the price
     * @param fileUnits how many of the file's units (tokens, images, seconds) these are
     */
    record Target(String meter, long per, long fileUnits) {

        private static Target tokens(String meter) {
            return new Target(meter, MILLION, MILLION);
        }

        private static Target each(String meter) {
            return new Target(meter, 1, 1);
        }

        private static Target seconds(String meter) {
            return new Target(meter, THOUSAND, 1);
        }
    }

    /** In all that these do not name there is no meter, or not one meter, for what is priced. */
    private static final Map<String, Target> TARGETS = Map.ofEntries(
            Map.entry("input_cost_per_token", Target.tokens("input_tokens")),
            Map.entry("cache_read_input_token_cost", Target.tokens("cache_read_tokens")),
            Map.entry("input_cost_per_token_cache_hit", Target.tokens("cache_read_tokens")),
            Map.entry("cache_creation_input_token_cost", Target.tokens("cache_write_5m_tokens")),
            Map.entry("cache_creation_input_token_cost_above_1hr", Target.tokens("cache_write_1h_tokens")),
            Map.entry("output_cost_per_token", Target.tokens("output_tokens")),
            Map.entry("output_cost_per_reasoning_token", Target.tokens("reasoning_tokens")),
            Map.entry("input_cost_per_audio_token", Target.tokens("input_audio_tokens")),
            Map.entry("cache_read_input_audio_token_cost", Target.tokens("cache_read_audio_tokens")),
            Map.entry("output_cost_per_audio_token", Target.tokens("output_audio_tokens")),
            Map.entry("input_cost_per_image_token", Target.tokens("input_image_tokens")),
            Map.entry("output_cost_per_image_token", Target.tokens("output_image_tokens")),
            Map.entry("output_cost_per_image", Target.each("images")),
            Map.entry("input_cost_per_image", Target.each("images")),
            Map.entry("input_cost_per_request", Target.each("requests")),
            Map.entry("input_cost_per_query", Target.each("search_queries")),
            Map.entry("search_context_cost_per_query", Target.each("search_queries")),
            Map.entry("input_cost_per_second", Target.seconds("audio_ms")),
            Map.entry("output_cost_per_second", Target.seconds("audio_ms")),
            Map.entry("input_cost_per_audio_per_second", Target.seconds("audio_ms")));

    private static final Map<String, String> TIERS = Map.of("batches", "batch", "priority", "priority", "flex", "flex");

    private static final Pattern NAME = Pattern.compile(
            "(?<base>.+?)(?:_above_(?<thousands>\\d{1,6})k_tokens)?(?:_(?<tier>batches|priority|flex))?");

    /** Whether the field is a price of anything, or changes one. */
    static boolean isAbout(String field) {
        return field.contains("cost") || field.equals("tiered_pricing") || field.contains("multiplier");
    }

    /** Empty if there is no meter for it, or no band. */
    static Optional<PriceField> named(String field) {
        Matcher name = NAME.matcher(field);
        if (!name.matches()) {
            return Optional.empty();
        }
        String thousands = name.group("thousands");
        long threshold = thousands == null ? 0 : Long.parseLong(thousands) * THOUSAND;
        String tier = name.group("tier");
        return Optional.ofNullable(TARGETS.get(name.group("base")))
                .filter(target -> threshold == 0 || BANDS.contains(threshold))
                .map(target -> new PriceField(target, tier == null ? "" : TIERS.getOrDefault(tier, tier), threshold));
    }

    /** Such as {@code input_tokens, batch, over 200000 tokens}. */
    String detail() {
        return target.meter()
                + (tier.isEmpty() ? "" : ", " + tier)
                + (threshold == 0 ? "" : ", over " + threshold + " tokens");
    }
}
