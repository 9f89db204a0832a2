package io.tollgate.invoicing.rating;

import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.pricing.Prices;
import io.tollgate.invoicing.pricing.Stretch;
import io.tollgate.invoicing.rating.UnbilledUsage.Reason;
import io.tollgate.invoicing.usage.Doubt;
import io.tollgate.invoicing.usage.Evidence;
import io.tollgate.invoicing.usage.Product;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.UsageTotal;
import io.tollgate.invoicing.usage.Whose;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Usage, priced. A pure function of usage totals, prices and period; whatever the order of the totals, the same usage
 * gives an equal rating.
 *
 * @param rated what has a price
 * @param unbilled the exception list: what has none, or no tenant, or is in doubt; sorted
 * @param usage all the totals of the range
 */
public record Rating(
        TimeRange period,
        Currency currency,
        List<RatedUsage> rated,
        List<UnbilledUsage> unbilled,
        List<UsageTotal> usage) {

    private record Gap(Reason reason, TimeRange range, String tenant, Product product, String meter) {}

    public Rating {
        rated = List.copyOf(rated);
        unbilled = List.copyOf(unbilled);
        usage = List.copyOf(usage);
    }

    /**
     * Rates the usage of a billing period. A quantity of zero is neither rated nor an exception: there is nothing to
     * bill, unless its price charges for just that. Only where a reversal missed what it takes back, something may be
     * meant that is not there. What reservations cover comes before what is left for the prices.
     *
     * @param usage each total within one piece of {@code prices.cut(period)}, and of one window if it is of a product that
     *     something is reserved for
     * @throws IllegalArgumentException if a total is not: the caller's bug
     */
    public static Rating of(List<UsageTotal> usage, Prices prices, TimeRange period) {
        return of(usage, prices, period, List.of(period));
    }

    /**
     * Rates the usage of some range, of which each tenant pays its own.
     *
     * @param usage all of the billing periods, as below
     * @param periods billing periods that the range lies in
     */
    public static Rating of(List<UsageTotal> usage, Prices prices, TimeRange range, List<TimeRange> periods) {
        return of(usage, prices, range, periods, UnaryOperator.identity());
    }

    /**
     * Rates the usage of some range. If the prices {@linkplain Prices#counts() count}, what it costs depends on how
     * much was used in the rest of its billing periods, which is counted and not rated.
     *
     * @param usage all of the billing periods, each total within one piece of {@code prices.cut} of its period, and
     *     either in the range or outside of it; of one window where something is reserved
     * @param periods billing periods that the range lies in
     * @param payerOf who pays for a tenant: what one pays for counts together
     * @throws IllegalArgumentException if a total is cut in another way: the caller's bug
     */
    public static Rating of(
            List<UsageTotal> usage,
            Prices prices,
            TimeRange range,
            List<TimeRange> periods,
            UnaryOperator<String> payerOf) {
        List<PriceRuns> runsOfPeriods =
                periods.stream().map(period -> new PriceRuns(prices, period)).toList();
        List<RatedUsage> rated = new ArrayList<>();
        Counting counting = new Counting();
        Map<Gap, BigInteger> gaps = new HashMap<>();
        SpillOver spillOver = SpillOver.of(usage, prices, payerOf);
        for (int i = 0; i < usage.size(); i++) {
            UsageTotal total = usage.get(i);
            PriceRuns runs = runsOver(total.range(), runsOfPeriods);
            boolean wanted = isWanted(total, range);
            boolean billable = Whose.isBillable(total.tenant());
            for (Map.Entry<String, BigInteger> entry : total.quantities().entrySet()) {
                String meter = entry.getKey();
                List<SpillOver.Part> covered = spillOver.of(i, meter);
                BigInteger quantity = spilled(entry.getValue(), covered);
                if (wanted) {
                    covered.forEach(part -> rated.add(covered(total, meter, part, runs)));
                }
                if (quantity.signum() == 0 && !covered.isEmpty()) {
                    // Nothing of it is left for the standard prices, not even none.
                    continue;
                }
                PriceRuns.Run run = runs.around(total.range(), total.product(), meter);
                if (!billable
                        || total.doubts().containsKey(meter)
                        || run.price().isEmpty()) {
                    if (wanted) {
                        gaps.merge(gap(total, meter, run, range), quantity, BigInteger::add);
                    }
                    continue;
                }
                RatedUsage priced = rated(total, meter, quantity, run);
                Optional<String> countedAs = priced.price().countedAs();
                if (countedAs.isPresent()) {
                    counting.add(runs.period(), payerOf.apply(total.tenant()), countedAs.get(), priced);
                } else if (wanted && quantity.signum() != 0) {
                    rated.add(priced);
                }
            }
        }
        counting.placed().stream().filter(each -> range.contains(each.range())).forEach(rated::add);
        return new Rating(
                range,
                prices.currency(),
                rated,
                unbilled(gaps),
                usage.stream().filter(total -> range.contains(total.range())).toList());
    }

    /** What of it is some tenants': what they add, beside all that it was counted with. */
    public Rating only(Set<String> tenants) {
        return new Rating(
                period,
                currency,
                rated.stream().filter(each -> tenants.contains(each.tenant())).toList(),
                unbilled.stream()
                        .filter(each -> tenants.contains(each.tenant()))
                        .toList(),
                usage.stream().filter(total -> tenants.contains(total.tenant())).toList());
    }

    /** The exact sum of what is rated. */
    public Money total() {
        return Money.sum(rated.stream().map(RatedUsage::amount).toList(), currency);
    }

    /** Proof of the events that went in, priced or not. */
    public Evidence evidence() {
        return Evidence.of(usage);
    }

    private static PriceRuns runsOver(TimeRange range, List<PriceRuns> runsOfPeriods) {
        return runsOfPeriods.stream()
                .filter(runs -> runs.period().contains(range))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("usage of " + range + " is outside of what is rated"));
    }

    private static boolean isWanted(UsageTotal total, TimeRange range) {
        boolean wanted = range.contains(total.range());
        if (!wanted && range.overlaps(total.range())) {
            throw new IllegalArgumentException("usage of " + total.range() + " is not cut where " + range + " is");
        }
        return wanted;
    }

    /** Why the usage, which is in the range, cannot be billed. */
    private static Gap gap(UsageTotal total, String meter, PriceRuns.Run run, TimeRange range) {
        Doubt doubt = total.doubts().get(meter);
        if (!Whose.isBillable(total.tenant())) {
            return new Gap(Reason.NO_TENANT, range, total.tenant(), total.product(), meter);
        }
        return doubt != null
                ? new Gap(Reason.of(doubt), range, total.tenant(), total.product(), meter)
                : new Gap(Reason.NO_PRICE, run.range().within(range), total.tenant(), total.product(), meter);
    }

    private static RatedUsage rated(UsageTotal total, String meter, BigInteger quantity, PriceRuns.Run run) {
        return new RatedUsage(
                total.range(),
                run.range(),
                total.tenant(),
                total.project(),
                total.tags(),
                total.product(),
                meter,
                Stretch.alone(quantity),
                run.price().orElseThrow(),
                Optional.empty());
    }

    private static RatedUsage covered(UsageTotal total, String meter, SpillOver.Part part, PriceRuns runs) {
        return new RatedUsage(
                total.range(),
                runs.betweenSplits(total.range()),
                total.tenant(),
                total.project(),
                total.tags(),
                total.product(),
                meter,
                Stretch.alone(part.quantity()),
                part.cover().by().price(),
                Optional.of(part.cover()));
    }

    private static BigInteger spilled(BigInteger quantity, List<SpillOver.Part> covered) {
        return covered.isEmpty()
                ? quantity
                : covered.stream().map(SpillOver.Part::quantity).reduce(quantity, BigInteger::subtract);
    }

    private static List<UnbilledUsage> unbilled(Map<Gap, BigInteger> gaps) {
        return gaps.entrySet().stream()
                .filter(gap -> gap.getValue().signum() != 0 || gap.getKey().reason() == Reason.UNMATCHED_REVERSAL)
                .map(gap -> new UnbilledUsage(
                        gap.getKey().reason(),
                        gap.getKey().range(),
                        gap.getKey().tenant(),
                        gap.getKey().product(),
                        gap.getKey().meter(),
                        gap.getValue()))
                .sorted()
                .toList();
    }
}
