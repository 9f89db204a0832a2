package io.tollgate.invoicing.litellm;

import io.tollgate.invoicing.litellm.ImportReport.Line;
import io.tollgate.invoicing.litellm.ImportReport.Outcome;
import io.tollgate.invoicing.litellm.ModelName.Model;
import io.tollgate.invoicing.litellm.ModelPrices.Variant;
import io.tollgate.invoicing.pricing.Match;
import io.tollgate.invoicing.pricing.MeterPrice;
import io.tollgate.invoicing.pricing.ProductDimension;
import io.tollgate.invoicing.pricing.RateCard;
import io.tollgate.invoicing.pricing.UnitPrice;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The rate cards of one model: one for all use, and one for each service tier and context band that has prices of its own.
 * Usage has the highest band that it passed, so a price over 200,000 tokens is also that of every band above which has
 * none of its own.
 */
record ModelCards(List<RateCard> cards, List<Line> assumed) {

    /** What vendors charge alike where they do not say otherwise: reasoning is output, and what is cached is still input. */
    private static final Map<String, String> LIKE =
            Map.of("reasoning_tokens", "output_tokens", "cache_read_tokens", "input_tokens");

    static ModelCards of(
            String key, Model name, SortedMap<Variant, SortedMap<String, UnitPrice>> stated, Instant effectiveFrom) {
        List<Line> assumed = new ArrayList<>();
        SortedMap<Variant, SortedMap<String, UnitPrice>> filled = filled(key, stated, assumed);
        SortedSet<String> tiers = new TreeSet<>();
        SortedSet<Long> thresholds = new TreeSet<>();
        filled.keySet().forEach(variant -> {
            tiers.add(variant.tier());
            thresholds.add(variant.threshold());
        });
        List<Long> bands = PriceField.BANDS.stream()
                .filter(band -> thresholds.stream().anyMatch(threshold -> threshold > 0 && threshold <= band))
                .toList();
        tiers.add("");
        List<RateCard> cards = new ArrayList<>();
        for (String tier : tiers) {
            SortedMap<String, UnitPrice> ofTier = filled.getOrDefault(new Variant(tier, 0), new TreeMap<>());
            add(cards, name, new Variant(tier, 0), ofTier, effectiveFrom);
            for (long band : bands) {
                SortedMap<String, UnitPrice> prices = atBand(filled, tier, band);
                if (!tier.isEmpty()) {
                    // Otherwise the tier's card and the band's would tie; LiteLLM itself takes the band's price then.
                    atBand(filled, "", band).forEach((meter, price) -> {
                        if (ofTier.containsKey(meter) && prices.putIfAbsent(meter, price) == null) {
                            assumed.add(new Line(
                                    key,
                                    meter + ", " + tier + ", over " + band + " tokens",
                                    Outcome.ASSUMED,
                                    "as without the tier"));
                        }
                    });
                }
                add(cards, name, new Variant(tier, band), prices, effectiveFrom);
            }
        }
        return new ModelCards(List.copyOf(cards), List.copyOf(assumed));
    }

    /** Where a meter is in no variant of the model, it is priced like the one that it is a kind of, in each. */
    private static SortedMap<Variant, SortedMap<String, UnitPrice>> filled(
            String key, SortedMap<Variant, SortedMap<String, UnitPrice>> stated, List<Line> assumed) {
        SortedMap<Variant, SortedMap<String, UnitPrice>> filled = new TreeMap<>();
        stated.forEach((variant, prices) -> filled.put(variant, new TreeMap<>(prices)));
        new TreeMap<>(LIKE).forEach((meter, like) -> {
            boolean isStated = stated.values().stream().anyMatch(prices -> prices.containsKey(meter));
            UnitPrice base = stated.getOrDefault(Variant.BASE, new TreeMap<>()).get(like);
            if (!isStated && base != null && base.amount().signum() > 0) {
                filled.values()
                        .forEach(prices ->
                                Optional.ofNullable(prices.get(like)).ifPresent(price -> prices.put(meter, price)));
                assumed.add(new Line(key, meter, Outcome.ASSUMED, "as " + like));
            }
        });
        return filled;
    }

    /** Each meter at the highest threshold that has a price for it and that usage of the band has passed. */
    private static SortedMap<String, UnitPrice> atBand(
            SortedMap<Variant, SortedMap<String, UnitPrice>> prices, String tier, long band) {
        SortedMap<String, UnitPrice> found = new TreeMap<>();
        prices.forEach((variant, meters) -> {
            if (variant.tier().equals(tier) && variant.threshold() > 0 && variant.threshold() <= band) {
                found.putAll(meters);
            }
        });
        return found;
    }

    private static void add(
            List<RateCard> cards,
            Model name,
            Variant variant,
            SortedMap<String, UnitPrice> prices,
            Instant effectiveFrom) {
        if (prices.isEmpty()) {
            return;
        }
        Map<ProductDimension, String> named = new EnumMap<>(ProductDimension.class);
        named.put(ProductDimension.PROVIDER, name.provider());
        named.put(ProductDimension.MODEL, name.model());
        if (!name.region().isEmpty()) {
            named.put(ProductDimension.REGION, name.region());
        }
        if (!variant.tier().isEmpty()) {
            named.put(ProductDimension.SERVICE_TIER, variant.tier());
        }
        if (variant.threshold() > 0) {
            named.put(ProductDimension.CONTEXT_BAND, Long.toString(variant.threshold()));
        }
        SortedMap<String, MeterPrice> meters = new TreeMap<>();
        prices.forEach((meter, price) -> meters.put(meter, MeterPrice.of(price)));
        Match match = Match.of(named);
        cards.add(new RateCard(match.toString(), match, meters, effectiveFrom, Optional.empty()));
    }
}
