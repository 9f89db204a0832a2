package io.tollgate.invoicing.cost;

import io.tollgate.invoicing.invoice.BillingPeriod;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.pricing.AppliedPrice;
import io.tollgate.invoicing.pricing.Prices;
import io.tollgate.invoicing.pricing.Stretch;
import io.tollgate.invoicing.rating.PriceRuns;
import io.tollgate.invoicing.rating.RatedUsage;
import io.tollgate.invoicing.rating.Rating;
import io.tollgate.invoicing.tax.ExchangeRate;
import io.tollgate.invoicing.usage.Product;
import io.tollgate.invoicing.usage.TimeRange;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.IntStream;

/** What a tenant's usage would cost by list prices. */
final class ListCosts {

    private final String payer;
    private final BillingPeriod period;
    private final Prices prices;
    private final Prices everybodys;
    private final Optional<ExchangeRate> conversion;

    ListCosts(String payer, BillingPeriod period, Prices prices, Prices everybodys, Optional<ExchangeRate> conversion) {
        this.payer = payer;
        this.period = period;
        this.prices = prices;
        this.everybodys = everybodys;
        this.conversion = conversion;
    }

    /** Both empty where the list has no price, or none in a currency that can be compared. */
    record Listed(Optional<Money> amount, Optional<AppliedPrice> price) {

        static final Listed NOWHERE = new Listed(Optional.empty(), Optional.empty());
    }

    /** What is covered and what spills over are two ratings of the same. */
    private record Use(
            TimeRange range,
            String tenant,
            String project,
            SortedMap<String, String> tags,
            Product product,
            String meter) {

        static Use of(RatedUsage rated) {
            return new Use(
                    rated.range(), rated.tenant(), rated.project(), rated.tags(), rated.product(), rated.meter());
        }
    }

    /**
     * In the order of what is rated.
     *
     * @param amounts of what is rated, so that they need not be reckoned again
     */
    List<Listed> of(Rating rating, List<Money> amounts) {
        if (prices == everybodys) {
            return IntStream.range(0, amounts.size())
                    .mapToObj(i -> new Listed(
                            Optional.of(amounts.get(i)),
                            Optional.of(rating.rated().get(i).price())))
                    .toList();
        }
        List<Listed> listed = new ArrayList<>(Collections.nCopies(amounts.size(), Listed.NOWHERE));
        if (comparable(Money.zero(everybodys.currency())).isEmpty()) {
            return listed;
        }
        PriceRuns runs = new PriceRuns(everybodys, period.range());
        Map<Use, List<Integer>> counted = new HashMap<>();
        for (int i = 0; i < amounts.size(); i++) {
            RatedUsage rated = rating.rated().get(i);
            Optional<AppliedPrice> price =
                    runs.around(rated.range(), rated.product(), rated.meter()).price();
            if (price.flatMap(AppliedPrice::countedAs).isPresent()) {
                counted.computeIfAbsent(Use.of(rated), key -> new ArrayList<>()).add(i);
            } else if (price.isPresent() && rated.quantity().signum() != 0) {
                listed.set(i, new Listed(comparable(price.get().of(Stretch.alone(rated.quantity()))), price));
            }
        }
        if (!counted.isEmpty()) {
            listCounted(rating, counted, listed);
        }
        return listed;
    }

    /** What costs more or less by how much else is used costs its share of what the whole invoice would by list prices. */
    private void listCounted(Rating rating, Map<Use, List<Integer>> counted, List<Listed> listed) {
        Rating byList = Rating.of(rating.usage(), everybodys, period.range(), List.of(period.range()), member -> payer);
        for (RatedUsage rated : byList.rated()) {
            List<Integer> members = counted.getOrDefault(Use.of(rated), List.of());
            if (!members.isEmpty()) {
                List<BigDecimal> weights = members.stream()
                        .map(index -> new BigDecimal(rating.rated().get(index).quantity()))
                        .toList();
                List<Money> shares = comparable(rated.amount()).orElseThrow().share(weights);
                for (int i = 0; i < members.size(); i++) {
                    listed.set(members.get(i), new Listed(Optional.of(shares.get(i)), Optional.of(rated.price())));
                }
            }
        }
    }

    /** In the invoice's currency; empty if it cannot be told. */
    private Optional<Money> comparable(Money amount) {
        if (conversion.isEmpty()) {
            return Optional.of(amount).filter(each -> each.currency().equals(prices.currency()));
        }
        ExchangeRate rate = conversion.get();
        if (amount.currency().equals(rate.to())) {
            return Optional.of(amount);
        }
        return Optional.of(amount)
                .filter(each -> each.currency().equals(prices.currency()))
                .map(each -> new Money(each.amount().multiply(rate.rate()), rate.to()));
    }
}
