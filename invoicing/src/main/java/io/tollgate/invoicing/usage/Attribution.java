package io.tollgate.invoicing.usage;

import io.tollgate.meters.Aggregation;
import io.tollgate.schemas.Digest;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes usage that adds up of meters that do not. A month's greatest value is one number, and belongs to no day; but a
 * day's spend must be part of the month's invoice. So each number of a tenant's product and billing period is a quantity of the
 * window, and of the project, that decided it: the greatest and the least where they were first observed, the latest
 * where it was observed, each different value where it first appeared. However time and projects are cut then, the
 * parts add up to the period.
 *
 * @param window start of the window
 * @param tags those that were asked for
 */
public record Attribution(
        Instant window,
        String tenant,
        String project,
        SortedMap<String, String> tags,
        Product product,
        String meter,
        BigInteger quantity) {

    private record Group(TimeRange period, String tenant, Product product, String meter, Aggregation aggregation) {}

    private record Place(
            TimeRange slice, String tenant, String project, SortedMap<String, String> tags, Product product) {}

    private static final Comparator<Observed> FIRST = Comparator.comparing(Observed::firstWindow)
            .thenComparing(Observed::project)
            .thenComparing(each -> each.tags().toString());

    /**
     * What the observations come to.
     *
     * @param observed all of each period, tenant and product that is among them
     */
    public static List<Attribution> of(Collection<Observed> observed) {
        return observed.stream()
                .collect(Collectors.groupingBy(each ->
                        new Group(each.period(), each.tenant(), each.product(), each.meter(), each.aggregation())))
                .entrySet()
                .stream()
                .flatMap(group -> of(group.getKey().aggregation(), group.getValue()))
                .toList();
    }

    private static Stream<Attribution> of(Aggregation aggregation, List<Observed> group) {
        Comparator<Observed> byValue = Comparator.comparingLong(Observed::value);
        return switch (aggregation) {
            case MAX -> group.stream().min(byValue.reversed().thenComparing(FIRST)).map(Attribution::value).stream();
            case MIN -> group.stream().min(byValue.thenComparing(FIRST)).map(Attribution::value).stream();
            case LATEST ->
                group.stream()
                        .min(Comparator.comparing(Observed::lastTime)
                                .thenComparing(byValue)
                                .reversed()
                                .thenComparing(Observed::project)
                                .thenComparing(each -> each.tags().toString()))
                        .map(latest ->
                                at(Window.startOf(latest.lastTime()), latest, BigInteger.valueOf(latest.value())))
                        .stream();
            case UNIQUE_COUNT ->
                group.stream().collect(Collectors.groupingBy(Observed::value)).values().stream()
                        .map(same -> same.stream().min(FIRST).orElseThrow())
                        .map(first -> at(first.firstWindow(), first, BigInteger.ONE));
            case SUM, COUNT, TIME_WEIGHTED -> Stream.empty();
        };
    }

    private static Attribution value(Observed deciding) {
        return at(deciding.firstWindow(), deciding, BigInteger.valueOf(deciding.value()));
    }

    private static Attribution at(Instant window, Observed deciding, BigInteger quantity) {
        return new Attribution(
                window,
                deciding.tenant(),
                deciding.project(),
                deciding.tags(),
                deciding.product(),
                deciding.meter(),
                quantity);
    }

    /**
     * Totals with the quantities that fall into them added. What falls into no slice belongs to other parts of its period.
     *
     * @param totals as they add up by themselves
     * @param slices stretches of time that the totals are of
     * @param byProject whether the totals tell projects apart; tags they tell apart as the attributions do
     */
    public static List<UsageTotal> addTo(
            List<UsageTotal> totals, Collection<Attribution> attributions, List<TimeRange> slices, boolean byProject) {
        Map<Place, Map<String, BigInteger>> quantities = new LinkedHashMap<>();
        for (Attribution each : attributions) {
            slices.stream()
                    .filter(slice -> slice.contains(each.window()))
                    .forEach(slice -> quantities
                            .computeIfAbsent(
                                    new Place(
                                            slice,
                                            each.tenant(),
                                            byProject ? each.project() : "",
                                            each.tags(),
                                            each.product()),
                                    place -> new TreeMap<>())
                            .merge(each.meter(), each.quantity(), BigInteger::add));
        }
        List<UsageTotal> all = new ArrayList<>();
        for (UsageTotal total : totals) {
            Map<String, BigInteger> more = quantities.remove(
                    new Place(total.range(), total.tenant(), total.project(), total.tags(), total.product()));
            all.add(more == null ? total : total.plusObserved(more));
        }
        // An event that came after the totals were read: its usage counts now, its evidence from the next reading on.
        quantities.forEach((place, rest) -> all.add(new UsageTotal(
                        place.slice(),
                        place.tenant(),
                        place.project(),
                        place.tags(),
                        place.product(),
                        new TreeMap<>(),
                        0,
                        Digest.ZERO,
                        new TreeSet<>(),
                        new TreeMap<>())
                .plusObserved(rest)));
        return all;
    }
}
