package io.tollgate.invoicing.usage;

import io.tollgate.schemas.Digest;
import java.math.BigInteger;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The sum of the rollups of one tenant, project and product over a stretch of time, over whatever else they differ in
 * (requested model, shard, and tags when not asked for).
 *
 * @param range the stretch of time that the rollups lie in
 * @param tenant who pays, as the source says; it may say nothing, or a name that cannot be billed
 * @param project the tenant's own subdivision; empty for none, or when not asked for
 * @param tags those that were asked for and that all of it has
 * @param quantities meter to total in the meter's base unit; negative where reversals outweigh
 * @param eventCount how many events are in it, reversals included
 * @param digest sum of the digests of those events
 * @param observed meters that do not add up: their quantities were attributed, see {@link Attribution}
 * @param doubts meters whose quantities cannot be billed as they stand
 */
public record UsageTotal(
        TimeRange range,
        String tenant,
        String project,
        SortedMap<String, String> tags,
        Product product,
        SortedMap<String, BigInteger> quantities,
        long eventCount,
        Digest digest,
        SortedSet<String> observed,
        SortedMap<String, Doubt> doubts) {

    /** By time, tenant, product, project and tags: of what is read at once, no two are equal in all of them. */
    public static final Comparator<UsageTotal> ORDER = Comparator.comparing(UsageTotal::range)
            .thenComparing(UsageTotal::tenant)
            .thenComparing(UsageTotal::product)
            .thenComparing(UsageTotal::project)
            .thenComparing(total -> total.tags().toString());

    public UsageTotal {
        tags = copyOf(tags);
        quantities = copyOf(quantities);
        observed = observed.isEmpty()
                ? Collections.emptySortedSet()
                : Collections.unmodifiableSortedSet(new TreeSet<>(observed));
        doubts = copyOf(doubts);
        if (eventCount < 0) {
            throw new IllegalArgumentException("events cannot number " + eventCount);
        }
    }

    /** There are very many totals, and most have no tags and no doubts. */
    private static <V> SortedMap<String, V> copyOf(SortedMap<String, V> map) {
        return map.isEmpty() ? Collections.emptySortedMap() : Collections.unmodifiableSortedMap(new TreeMap<>(map));
    }

    /** Of meters that add up, without doubts, and not told apart by tags. */
    public UsageTotal(
            TimeRange range,
            String tenant,
            String project,
            Product product,
            Map<String, BigInteger> quantities,
            long eventCount,
            Digest digest) {
        this(
                range,
                tenant,
                project,
                new TreeMap<>(),
                product,
                new TreeMap<>(quantities),
                eventCount,
                digest,
                new TreeSet<>(),
                new TreeMap<>());
    }

    /** Whether the meter's quantity is a sum over events, and stands beyond doubt. */
    public boolean addsUp(String meter) {
        return !observed.contains(meter) && !doubts.containsKey(meter);
    }

    /** With what was attributed to it. */
    UsageTotal plusObserved(Map<String, BigInteger> more) {
        SortedMap<String, BigInteger> all = new TreeMap<>(quantities);
        more.forEach((meter, quantity) -> all.merge(meter, quantity, BigInteger::add));
        SortedSet<String> meters = new TreeSet<>(observed);
        meters.addAll(more.keySet());
        return new UsageTotal(range, tenant, project, tags, product, all, eventCount, digest, meters, doubts);
    }

    UsageTotal doubted(SortedMap<String, Doubt> ofMeters) {
        return new UsageTotal(
                range, tenant, project, tags, product, quantities, eventCount, digest, observed, ofMeters);
    }
}
