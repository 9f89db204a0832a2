package io.tollgate.invoicing.litellm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tollgate.invoicing.litellm.ImportReport.Line;
import io.tollgate.invoicing.litellm.ImportReport.Outcome;
import io.tollgate.invoicing.litellm.ModelName.Model;
import io.tollgate.invoicing.pricing.PriceBookDraft;
import io.tollgate.invoicing.pricing.RateCard;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Makes a price book of LiteLLM's {@code model_prices_and_context_window.json}, whose amounts are US dollars per token,
 * image, second, query or request. Every digit that is written there is kept.
 */
public final class LiteLlmPrices {

    private static final Currency DOLLARS = Currency.getInstance("USD");

    /** Numbers are decimals as they are written: {@code 1.5e-07} is 0.00000015 and nothing near it. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private LiteLlmPrices() {}

    /** The book, and what became of each price in the file. */
    public record Imported(PriceBookDraft book, ImportReport report) {}

    /** One entry that can be in a book. */
    private record Entry(String key, Model name, ModelPrices prices) {

        boolean hasVariants() {
            return prices.prices().size() > 1;
        }
    }

    /**
     * Reads the file.
     *
     * @param json its text
     * @param book name of the price book
     * @param providers those to take, as the file names them, with the names that usage has for them; all as they are if
     *     empty
     * @throws IllegalArgumentException if it is no such file; the message is meant for who gave it
     */
    public static Imported read(String json, String book, Instant effectiveFrom, Map<String, String> providers) {
        List<Line> lines = new ArrayList<>();
        SortedMap<String, Entry> entries = new TreeMap<>();
        for (Map.Entry<String, JsonNode> field : file(json).properties()) {
            entry(field.getKey(), field.getValue(), providers, lines)
                    .ifPresent(entry -> addUnlessThere(entries, entry, lines));
        }
        List<RateCard> cards = new ArrayList<>();
        for (Entry entry : entries.values()) {
            String whole = address(entry.name().provider(), entry.name().model(), "");
            Optional<Entry> general = Optional.ofNullable(entries.get(whole));
            if (!entry.name().region().isEmpty()
                    && general.filter(Entry::hasVariants).isPresent()) {
                // A card for a region and one for a tier would both be as narrow, with no telling which is meant.
                lines.add(left(entry.key(), "a region's prices, of a model that has prices by tier or size elsewhere"));
                continue;
            }
            lines.addAll(entry.prices().lines());
            ModelCards made =
                    ModelCards.of(entry.key(), entry.name(), entry.prices().prices(), effectiveFrom);
            lines.addAll(made.assumed());
            cards.addAll(made.cards());
        }
        return new Imported(new PriceBookDraft(book, DOLLARS, effectiveFrom, cards), new ImportReport(lines));
    }

    private static JsonNode file(String json) {
        try {
            JsonNode file = JSON.readTree(json);
            if (!file.isObject()) {
                throw new IllegalArgumentException("not LiteLLM's price file: it is no JSON object");
            }
            return file;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not LiteLLM's price file: " + e.getOriginalMessage(), e);
        }
    }

    private static Optional<Entry> entry(String key, JsonNode value, Map<String, String> providers, List<Line> lines) {
        String provider = value.path("litellm_provider").asText();
        // The file begins with an entry that explains the others, and holds settings beside models.
        if (key.equals("sample_spec") || provider.isEmpty()) {
            lines.add(left(key, "not a model"));
            return Optional.empty();
        }
        if (!providers.isEmpty() && !providers.containsKey(provider)) {
            return Optional.empty();
        }
        ModelName name = ModelName.of(key, provider);
        if (!(name instanceof Model model)) {
            lines.add(left(key, ((ModelName.Unnamed) name).reason()));
            return Optional.empty();
        }
        ModelPrices prices = ModelPrices.of(key, value);
        if (prices.areAllZero()) {
            lines.addAll(prices.lines().stream()
                    .filter(line -> line.outcome() == Outcome.LEFT)
                    .toList());
            lines.add(left(
                    key,
                    prices.prices().isEmpty()
                            ? "no price that was taken"
                            : "all its prices are zero, and whether that is free or unknown the file does not say"));
            return Optional.empty();
        }
        Model named = new Model(providers.getOrDefault(provider, provider), model.model(), model.region());
        return Optional.of(new Entry(key, named, prices));
    }

    /** Of two keys for one model the longer wins: it names the provider. */
    private static void addUnlessThere(SortedMap<String, Entry> entries, Entry entry, List<Line> lines) {
        String address = address(
                entry.name().provider(), entry.name().model(), entry.name().region());
        Entry former = entries.get(address);
        Entry kept = former == null || entry.key().length() > former.key().length() ? entry : former;
        entries.put(address, kept);
        if (former != null) {
            Entry other = kept.equals(entry) ? former : entry;
            boolean same = kept.prices().prices().equals(other.prices().prices());
            lines.add(left(
                    other.key(),
                    "the same model as " + kept.key() + (same ? ", at the same prices" : ", at other prices")));
        }
    }

    private static String address(String provider, String model, String region) {
        return provider + "\n" + model + "\n" + region;
    }

    private static Line left(String key, String why) {
        return new Line(key, "", Outcome.LEFT, why);
    }
}
