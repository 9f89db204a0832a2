package io.tollgate.invoicing.rating;

import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.pricing.AppliedPrice;
import io.tollgate.invoicing.pricing.PriceHistory;
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

/**
 * Usage, priced. A pure function of usage totals, prices and period; whatever the order of the totals, the same usage
 * gives an equal rating.
 *
 * @param rated what has a price
 * @param unbilled the exception list: what has none, or no tenant, or is in doubt; sorted
 * @param usage all the totals that went in
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
     * Rates usage. A quantity of zero is neither rated nor an exception: there is nothing to bill. Only where a reversal
     * missed what it takes back, something may be meant that is not there.
     *
     * @param usage each total within one piece of {@code prices.cut(period)}
     * @throws IllegalArgumentException if a total is not: the caller's bug
     */
    public static Rating of(List<UsageTotal> usage, PriceHistory prices, TimeRange period) {
        PriceRuns runs = new PriceRuns(prices, period);
        List<RatedUsage> rated = new ArrayList<>();
        Map<Gap, BigInteger> gaps = new HashMap<>();
        for (UsageTotal total : usage) {
            for (Map.Entry<String, BigInteger> entry : total.quantities().entrySet()) {
                String meter = entry.getKey();
                BigInteger quantity = entry.getValue();
                Doubt doubt = total.doubts().get(meter);
                PriceRuns.Run run = runs.around(total.range(), total.product(), meter);
                if (!Whose.isBillable(total.tenant())) {
                    gaps.merge(
                            new Gap(Reason.NO_TENANT, period, total.tenant(), total.product(), meter),
                            quantity,
                            BigInteger::add);
                } else if (doubt != null) {
                    gaps.merge(
                            new Gap(Reason.of(doubt), period, total.tenant(), total.product(), meter),
                            quantity,
                            BigInteger::add);
                } else if (run.price().isEmpty()) {
                    gaps.merge(
                            new Gap(Reason.NO_PRICE, run.range(), total.tenant(), total.product(), meter),
                            quantity,
                            BigInteger::add);
                } else if (quantity.signum() != 0) {
                    rated.add(rated(
                            total, meter, quantity, run.range(), run.price().get()));
                }
            }
        }
        return new Rating(period, prices.currency(), rated, unbilled(gaps), usage);
    }

    /** The exact sum of what is rated. */
    public Money total() {
        return Money.sum(rated.stream().map(RatedUsage::amount).toList(), currency);
    }

    /** Proof of the events that went in, priced or not. */
    public Evidence evidence() {
        return Evidence.of(usage);
    }

    private static RatedUsage rated(
            UsageTotal total, String meter, BigInteger quantity, TimeRange pricedOver, AppliedPrice price) {
        return new RatedUsage(
                total.range(), pricedOver, total.tenant(), total.project(), total.product(), meter, quantity, price);
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
