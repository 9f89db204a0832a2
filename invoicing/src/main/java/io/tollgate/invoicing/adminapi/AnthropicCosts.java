package io.tollgate.invoicing.adminapi;

import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.spend.SpendDimension;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Anthropic's cost report.
 *
 * @param byWorkspace whether results are told apart by project
 * @param byDescription whether they are by what costs something
 */
record AnthropicCosts(boolean byWorkspace, boolean byDescription) {

    private static final Facet DESCRIPTION = Facet.untold("description");
    private static final List<Facet> FACETS = List.of(AnthropicFacets.WORKSPACE, DESCRIPTION);

    /** Meters to Anthropic's token types; images and sound are no types of their own. */
    private static final Map<String, String> TOKEN_TYPES = Map.ofEntries(
            Map.entry("input_tokens", "uncached_input_tokens"),
            Map.entry("input_image_tokens", "uncached_input_tokens"),
            Map.entry("input_audio_tokens", "uncached_input_tokens"),
            Map.entry("cache_read_tokens", "cache_read_input_tokens"),
            Map.entry("cache_read_image_tokens", "cache_read_input_tokens"),
            Map.entry("cache_read_audio_tokens", "cache_read_input_tokens"),
            Map.entry(Meters.WRITTEN_5M, "cache_creation.ephemeral_5m_input_tokens"),
            Map.entry(Meters.WRITTEN_1H, "cache_creation.ephemeral_1h_input_tokens"),
            Map.entry("output_tokens", "output_tokens"),
            Map.entry("reasoning_tokens", "output_tokens"),
            Map.entry("output_image_tokens", "output_tokens"),
            Map.entry("output_audio_tokens", "output_tokens"));

    static AnthropicCosts of(Asked asked) {
        List<Facet> groupBy = asked.groupBy(FACETS);
        return new AnthropicCosts(groupBy.contains(AnthropicFacets.WORKSPACE), groupBy.contains(DESCRIPTION));
    }

    VendorCosts.Question question(String tenant, List<Bucket> buckets) {
        Set<SpendDimension> dimensions = new LinkedHashSet<>(List.of(SpendDimension.METER));
        if (byWorkspace) {
            dimensions.add(SpendDimension.PROJECT);
        }
        if (byDescription) {
            dimensions.addAll(List.of(
                    SpendDimension.MODEL,
                    SpendDimension.SERVICE_TIER,
                    SpendDimension.CONTEXT_BAND,
                    SpendDimension.REGION));
        }
        return new VendorCosts.Question(tenant, buckets, List.copyOf(dimensions), Map.of());
    }

    /** What is told apart, in the order of Anthropic's members. */
    private record Key(
            Optional<String> workspace,
            Optional<String> description,
            Optional<String> costType,
            Optional<String> model,
            Optional<String> serviceTier,
            Optional<String> contextWindow,
            Optional<String> tokenType,
            Optional<String> geo)
            implements Comparable<Key> {

        private static final Comparator<Key> ORDER = Comparator.comparing(Key::toString);

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }
    }

    /** The results of a bucket, in order. */
    List<AnthropicShapes.CostResult> results(Bucket bucket, List<Posting> postings) {
        Map<Key, Money> sums = new TreeMap<>();
        postings.stream()
                .filter(posting -> bucket.contains(posting.at()))
                .forEach(posting -> sums.merge(key(posting), posting.amount(), Money::plus));
        List<AnthropicShapes.CostResult> results = new ArrayList<>();
        sums.forEach((key, sum) -> results.add(new AnthropicShapes.CostResult(
                cents(sum),
                sum.currency().getCurrencyCode(),
                key.workspace(),
                key.description(),
                key.costType(),
                key.model(),
                key.serviceTier(),
                key.contextWindow(),
                key.tokenType(),
                key.geo())));
        return results;
    }

    private Key key(Posting posting) {
        Used used = posting.used();
        Optional<String> workspace =
                byWorkspace ? AnthropicFacets.WORKSPACE.value().apply(used) : Optional.empty();
        if (!byDescription) {
            return new Key(
                    workspace,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }
        boolean isTokens = TOKEN_TYPES.containsKey(used.meter());
        return new Key(
                workspace,
                Optional.of(description(posting)),
                costType(used.meter()),
                AnthropicFacets.MODEL.value().apply(used),
                isTokens ? AnthropicFacets.SERVICE_TIER.value().apply(used) : Optional.empty(),
                isTokens ? AnthropicFacets.CONTEXT_WINDOW.value().apply(used) : Optional.empty(),
                Optional.ofNullable(TOKEN_TYPES.get(used.meter())),
                isTokens ? AnthropicFacets.GEO.value().apply(used) : Optional.empty());
    }

    /** As {@code Claude Sonnet 4 Usage - Input Tokens}. */
    private static String description(Posting posting) {
        String model = posting.used().product().model();
        return posting.charge()
                .orElseGet(() -> (model.isEmpty() ? "Usage" : model + " Usage") + " - "
                        + words(posting.used().meter()));
    }

    private static String words(String meter) {
        StringBuilder words = new StringBuilder();
        for (String word : meter.split("_", -1)) {
            if (!word.isEmpty()) {
                words.append(words.isEmpty() ? "" : " ")
                        .append(Character.toUpperCase(word.charAt(0)))
                        .append(word, 1, word.length());
            }
        }
        return words.toString();
    }

    private static Optional<String> costType(String meter) {
        if (TOKEN_TYPES.containsKey(meter)) {
            return Optional.of("tokens");
        }
        return meter.equals(Meters.SEARCHES) ? Optional.of("web_search") : Optional.empty();
    }

    /** In the currency's minor units, whatever decimals are left of them. */
    private static String cents(Money amount) {
        return amount.amount()
                .scaleByPowerOfTen(amount.currency().getDefaultFractionDigits())
                .toPlainString();
    }
}
