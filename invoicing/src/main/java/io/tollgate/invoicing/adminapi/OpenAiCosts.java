package io.tollgate.invoicing.adminapi;

import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.spend.SpendDimension;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * OpenAI's costs endpoint.
 *
 * @param byLineItem whether results are told apart by what costs something
 * @param groupBy by what else
 * @param only facet to the values that are wanted
 * @param lineItems those that are wanted; empty for all
 */
record OpenAiCosts(boolean byLineItem, List<Facet> groupBy, Map<Facet, Set<String>> only, Set<String> lineItems) {

    private static final Facet LINE_ITEM = Facet.untold("line_item");
    private static final List<Facet> FACETS =
            List.of(OpenAiFacets.PROJECT, LINE_ITEM, OpenAiFacets.API_KEY, OpenAiFacets.USER);
    private static final Map<String, Facet> FILTERS = Map.of(
            "project_ids", OpenAiFacets.PROJECT, "api_key_ids", OpenAiFacets.API_KEY, "user_ids", OpenAiFacets.USER);
    private static final BigDecimal MILLIS = BigDecimal.valueOf(1000);
    private static final BigDecimal GIBIBYTE = BigDecimal.valueOf(1L << 30);

    static OpenAiCosts of(Asked asked) {
        List<Facet> groupBy = new ArrayList<>(asked.groupBy(FACETS));
        boolean byLineItem = groupBy.remove(LINE_ITEM);
        return new OpenAiCosts(byLineItem, groupBy, asked.only(FILTERS), new LinkedHashSet<>(asked.many("line_items")));
    }

    /** What is told apart by one and the same. */
    private record Key(List<Optional<String>> values, Optional<String> lineItem, String meter)
            implements Comparable<Key> {

        @Override
        public int compareTo(Key other) {
            return text().compareTo(other.text());
        }

        private String text() {
            return values + "\n" + lineItem + "\n" + meter;
        }
    }

    private record Sum(Money amount, Optional<BigInteger> quantity) {
        Sum plus(Sum more) {
            return new Sum(amount.plus(more.amount), quantity.flatMap(one -> more.quantity.map(one::add)));
        }
    }

    VendorCosts.Question question(String tenant, List<Bucket> buckets) {
        Set<SpendDimension> dimensions = new LinkedHashSet<>(List.of(SpendDimension.METER));
        if (byLineItem || !lineItems.isEmpty()) {
            dimensions.add(SpendDimension.MODEL);
        }
        groupBy.forEach(facet -> dimensions.addAll(facet.dimensions()));
        Map<SpendDimension, Set<String>> wanted = new LinkedHashMap<>();
        only.forEach((facet, values) -> facet.dimensions().forEach(dimension -> wanted.put(dimension, values)));
        return new VendorCosts.Question(tenant, buckets, List.copyOf(dimensions), wanted);
    }

    /** The results of a bucket, in order. */
    List<OpenAiShapes.CostsResult> results(Bucket bucket, List<Posting> postings) {
        Map<Key, Sum> sums = new TreeMap<>();
        postings.stream()
                .filter(posting -> bucket.windows()
                        .filter(windows -> windows.contains(posting.at()))
                        .isPresent())
                .filter(posting -> lineItems.isEmpty() || lineItems.contains(posting.lineItem()))
                .forEach(posting -> sums.merge(key(posting), new Sum(posting.amount(), posting.quantity()), Sum::plus));
        return sums.entrySet().stream()
                .map(each -> result(each.getKey(), each.getValue()))
                .toList();
    }

    private Key key(Posting posting) {
        return new Key(
                groupBy.stream()
                        .map(facet -> facet.value().apply(posting.used()))
                        .toList(),
                byLineItem ? Optional.of(posting.lineItem()) : Optional.empty(),
                byLineItem ? posting.used().meter() : "");
    }

    private OpenAiShapes.CostsResult result(Key key, Sum sum) {
        Optional<Measure> measure = byLineItem
                ? sum.quantity().map(quantity -> measure(key.meter(), new BigDecimal(quantity)))
                : Optional.empty();
        return new OpenAiShapes.CostsResult(
                "organization.costs.result",
                new OpenAiShapes.Amount(
                        sum.amount().amount(),
                        sum.amount().currency().getCurrencyCode().toLowerCase(Locale.ROOT)),
                key.lineItem(),
                value(key, OpenAiFacets.PROJECT),
                value(key, OpenAiFacets.API_KEY),
                value(key, OpenAiFacets.USER),
                measure.map(Measure::quantity),
                measure.flatMap(Measure::unit));
    }

    private Optional<String> value(Key key, Facet facet) {
        int index = groupBy.indexOf(facet);
        return index < 0 ? Optional.empty() : key.values().get(index);
    }

    /** A quantity in a unit that OpenAI has a word for, if it has. */
    private record Measure(BigDecimal quantity, Optional<String> unit) {}

    /** Both divisors have exact decimals. */
    private static Measure measure(String meter, BigDecimal quantity) {
        if (meter.endsWith("_tokens")) {
            return new Measure(quantity, Optional.of("tokens"));
        }
        return switch (meter) {
            case "images", "characters" -> new Measure(quantity, Optional.of(meter));
            case "audio_ms", "accelerator_ms" ->
                new Measure(plain(quantity.divide(MILLIS)), Optional.of("duration_seconds"));
            case "storage_byte_hours" -> new Measure(plain(quantity.divide(GIBIBYTE)), Optional.of("gibibyte_hours"));
            default -> new Measure(quantity, Optional.empty());
        };
    }

    private static BigDecimal plain(BigDecimal quantity) {
        return quantity.signum() == 0 ? BigDecimal.ZERO : quantity.stripTrailingZeros();
    }
}
