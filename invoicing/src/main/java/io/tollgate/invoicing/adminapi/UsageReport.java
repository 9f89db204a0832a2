package io.tollgate.invoicing.adminapi;

import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.UsageTotal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Quantities as a vendor's API groups them.
 *
 * @param isShown operations that belong to the endpoint
 * @param counts what each result tells
 * @param groupBy what results are told apart by
 * @param only facet to the values that are wanted
 */
record UsageReport(Predicate<String> isShown, List<Count> counts, List<Facet> groupBy, Map<Facet, Set<String>> only) {

    private static final Comparator<Optional<String>> NONE_FIRST = Comparator.comparing(value -> value.orElse(""));

    UsageReport {
        counts = List.copyOf(counts);
        groupBy = List.copyOf(groupBy);
    }

    /**
     * One group of a bucket.
     *
     * @param values of the facets that it was grouped by, in their order
     * @param counts by name
     */
    record Row(List<Optional<String>> values, Map<String, BigInteger> counts) {

        /** Of the facet, if it was grouped by it. */
        Optional<String> value(List<Facet> groupBy, Facet facet) {
            int index = groupBy.indexOf(facet);
            return index < 0 ? Optional.empty() : values.get(index);
        }
    }

    /** The rows of each bucket, in order; a bucket of no usage has none. */
    List<List<Row>> of(List<Bucket> buckets, List<UsageTotal> totals) {
        TreeMap<Instant, Integer> starts = new TreeMap<>();
        List<Map<List<Optional<String>>, BigInteger[]>> sums = new ArrayList<>();
        for (Bucket bucket : buckets) {
            int index = sums.size();
            bucket.windows().map(TimeRange::from).ifPresent(first -> starts.put(first, index));
            sums.add(new TreeMap<>(UsageReport::compare));
        }
        for (UsageTotal total : totals) {
            Used used = new Used(total.project(), total.tags(), total.product(), "");
            Map.Entry<Instant, Integer> start = starts.floorEntry(total.range().from());
            if (start != null && isShown.test(total.product().operation()) && isWanted(used)) {
                add(sums.get(start.getValue()), used, total);
            }
        }
        return sums.stream().map(this::rows).toList();
    }

    private boolean isWanted(Used used) {
        return only.entrySet().stream()
                .allMatch(filter -> filter.getKey()
                        .value()
                        .apply(used)
                        .filter(filter.getValue()::contains)
                        .isPresent());
    }

    private void add(Map<List<Optional<String>>, BigInteger[]> sums, Used used, UsageTotal total) {
        List<Optional<String>> group =
                groupBy.stream().map(facet -> facet.value().apply(used)).toList();
        BigInteger[] sum = sums.computeIfAbsent(
                group, key -> counts.stream().map(count -> BigInteger.ZERO).toArray(BigInteger[]::new));
        for (int i = 0; i < sum.length; i++) {
            sum[i] = sum[i].add(counts.get(i).of().apply(total));
        }
    }

    private List<Row> rows(Map<List<Optional<String>>, BigInteger[]> sums) {
        List<Row> rows = new ArrayList<>();
        sums.forEach((group, sum) -> {
            Map<String, BigInteger> shown = new LinkedHashMap<>();
            for (int i = 0; i < sum.length; i++) {
                shown.put(counts.get(i).name(), counts.get(i).shown(sum[i]));
            }
            if (shown.values().stream().anyMatch(count -> count.signum() != 0)) {
                rows.add(new Row(group, shown));
            }
        });
        return rows;
    }

    private static int compare(List<Optional<String>> one, List<Optional<String>> other) {
        int order = 0;
        for (int i = 0; order == 0 && i < one.size(); i++) {
            order = NONE_FIRST.compare(one.get(i), other.get(i));
        }
        return order;
    }
}
