package io.tollgate.invoicing.litellm;

import com.fasterxml.jackson.databind.JsonNode;
import io.tollgate.invoicing.litellm.ImportReport.Line;
import io.tollgate.invoicing.litellm.ImportReport.Outcome;
import io.tollgate.invoicing.pricing.UnitPrice;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The prices of one entry of the file: which are taken, for which tier and band, and why the others are not. */
final class ModelPrices {

    /**
     * Who pays a price.
     *
     * @param tier empty for all that have no price of their own
     * @param threshold 0 for all that passed none that has a price of its own
     */
    record Variant(String tier, long threshold) implements Comparable<Variant> {

        static final Variant BASE = new Variant("", 0);

        private static final Comparator<Variant> ORDER =
                Comparator.comparing(Variant::tier).thenComparing(Variant::threshold);

        @Override
        public int compareTo(Variant other) {
            return ORDER.compare(this, other);
        }
    }

    private final String key;
    private final String mode;
    private final SortedMap<Variant, SortedMap<String, UnitPrice>> prices = new TreeMap<>();
    private final Map<String, String> origins = new HashMap<>();
    private final List<Line> lines = new ArrayList<>();

    private ModelPrices(String key, String mode) {
        this.key = key;
        this.mode = mode;
    }

    /** @param entry an object of the file, its numbers exact */
    static ModelPrices of(String key, JsonNode entry) {
        ModelPrices prices = new ModelPrices(key, entry.path("mode").asText());
        // Of two fields for one meter the one that says more of it comes first; the other is reported.
        List<Map.Entry<String, JsonNode>> fields = Stream.concat(
                        entry.properties().stream().filter(field -> !isSecond(field.getKey())),
                        entry.properties().stream().filter(field -> isSecond(field.getKey())))
                .toList();
        fields.forEach(field -> prices.read(field.getKey(), field.getValue(), entry));
        return prices;
    }

    private static boolean isSecond(String field) {
        return field.equals("input_cost_per_image")
                || field.equals("input_cost_per_token_cache_hit")
                || field.equals("search_context_cost_per_query");
    }

    /** Variant to meter to price. */
    SortedMap<Variant, SortedMap<String, UnitPrice>> prices() {
        return prices;
    }

    List<Line> lines() {
        return lines;
    }

    /** Whether all prices are zero: whether that means free or unknown, the file does not say. */
    boolean areAllZero() {
        return prices.values().stream()
                .flatMap(meters -> meters.values().stream())
                .allMatch(price -> price.amount().signum() == 0);
    }

    private void read(String field, JsonNode value, JsonNode entry) {
        if (!PriceField.isAbout(field)) {
            return;
        }
        if (field.equals("tiered_pricing")) {
            readBands(value);
            return;
        }
        Optional<PriceField> named = PriceField.named(field);
        if (named.isEmpty()) {
            left(field, "usage has no meter, tier or band for it");
            return;
        }
        Optional<BigDecimal> amount = field.equals("search_context_cost_per_query") ? ofAllSizes(value) : number(value);
        Optional<String> obstacle = obstacle(field, amount, entry);
        if (obstacle.isPresent()) {
            left(field, obstacle.get());
        } else {
            amount.ifPresent(each -> take(field, named.get(), each));
        }
    }

    private Optional<String> obstacle(String field, Optional<BigDecimal> amount, JsonNode entry) {
        if (amount.isEmpty()) {
            return Optional.of(
                    field.equals("search_context_cost_per_query")
                            ? "it depends on the size of a search, which usage does not tell"
                            : "not a price");
        }
        if (field.endsWith("_cost_per_second")) {
            if (!mode.equals("audio_transcription")) {
                return Optional.of(
                        "seconds of " + (mode.isEmpty() ? "something" : mode) + ", for which there is no meter");
            }
            if (isPositive(entry, "input_cost_per_token")) {
                return Optional.of("it is priced by tokens already");
            }
            // The file names the price of a second of audio as one of input or of output, and sets the other to zero.
            boolean isOfInput =
                    isPositive(entry, "input_cost_per_second") || !isPositive(entry, "output_cost_per_second");
            if (isOfInput != field.startsWith("input")) {
                return Optional.of("a second of audio has one price, and the other field has it");
            }
        }
        return field.equals("input_cost_per_audio_per_second") && isPositive(entry, "input_cost_per_audio_token")
                ? Optional.of("audio is priced by tokens already")
                : Optional.empty();
    }

    private void take(String field, PriceField named, BigDecimal amount) {
        Variant variant = new Variant(named.tier(), named.threshold());
        String meter = named.target().meter();
        UnitPrice price = new UnitPrice(
                amount.multiply(BigDecimal.valueOf(named.target().fileUnits())),
                named.target().per());
        UnitPrice former =
                prices.computeIfAbsent(variant, key -> new TreeMap<>()).putIfAbsent(meter, price);
        if (former == null) {
            origins.put(variant + meter, field);
            lines.add(new Line(key, field, Outcome.TAKEN, named.detail()));
        } else {
            left(
                    field,
                    (former.equals(price) ? "the same as " : "not the same as ") + origins.get(variant + meter)
                            + ", which was taken");
        }
    }

    /** A list of ranges of prompt sizes, each with its prices: the whole request is priced by its range. */
    private void readBands(JsonNode ranges) {
        Map<Long, JsonNode> byThreshold = new TreeMap<>();
        for (JsonNode range : ranges) {
            JsonNode from = range.path("range").path(0);
            long threshold = from.isNumber() ? from.longValue() : -1;
            boolean isBand = threshold == 0 || PriceField.BANDS.contains(threshold);
            if (!isBand || byThreshold.put(threshold, range) != null) {
                left("tiered_pricing", "it changes where usage has no context band");
                return;
            }
        }
        byThreshold.forEach((threshold, range) -> range.properties().stream()
                .filter(field -> PriceField.isAbout(field.getKey()))
                .forEach(field -> readInBand(field.getKey(), field.getValue(), threshold)));
    }

    private void readInBand(String field, JsonNode value, long threshold) {
        String whole = "tiered_pricing[" + threshold + "]." + field;
        Optional<PriceField> named = PriceField.named(field);
        Optional<BigDecimal> amount = number(value);
        if (named.isPresent() && amount.isPresent()) {
            take(whole, new PriceField(named.get().target(), named.get().tier(), threshold), amount.get());
        } else {
            left(whole, "usage has no meter, tier or band for it");
        }
    }

    private void left(String field, String why) {
        lines.add(new Line(key, field, Outcome.LEFT, why));
    }

    private static Optional<BigDecimal> number(JsonNode value) {
        return value.isNumber() && value.decimalValue().signum() >= 0
                ? Optional.of(value.decimalValue())
                : Optional.empty();
    }

    /** A search costs what it does whatever size it is, or else usage would have to tell sizes. */
    private static Optional<BigDecimal> ofAllSizes(JsonNode sizes) {
        List<BigDecimal> amounts = sizes.valueStream()
                .flatMap(size -> number(size).stream())
                .map(BigDecimal::stripTrailingZeros)
                .distinct()
                .toList();
        return amounts.size() == 1 && sizes.isObject() ? Optional.of(amounts.get(0)) : Optional.empty();
    }

    private static boolean isPositive(JsonNode entry, String field) {
        return number(entry.path(field)).filter(amount -> amount.signum() > 0).isPresent();
    }
}
