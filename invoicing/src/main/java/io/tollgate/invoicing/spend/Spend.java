package io.tollgate.invoicing.spend;

import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.rating.RatedUsage;
import io.tollgate.invoicing.rating.Rating;
import io.tollgate.invoicing.rating.UnbilledUsage;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Rated usage, grouped. The costs of the rows are exact, and add up exactly to the total.
 *
 * @param rows in order of their groups' values
 * @param total exact
 * @param unbilled usage that has no price or no tenant, which the total is without
 */
public record Spend(List<SpendDimension> groupBy, List<Row> rows, Money total, List<UnbilledUsage> unbilled) {

    /**
     * One group.
     *
     * @param group a value for each dimension that was grouped by, in that order
     * @param quantity in the meter's base unit, when grouped by meter; units of different meters do not add up
     * @param cost exact
     */
    public record Row(List<String> group, Optional<BigInteger> quantity, Money cost) {
        public Row {
            group = List.copyOf(group);
        }
    }

    public Spend {
        groupBy = List.copyOf(groupBy);
        rows = List.copyOf(rows);
        unbilled = List.copyOf(unbilled);
    }

    /** @param groupBy if empty, everything is one group */
    public static Spend of(Rating rating, List<SpendDimension> groupBy) {
        return of(List.of(rating), groupBy);
    }

    /**
     * Of usage that was rated by different prices.
     *
     * @param ratings at least one
     * @param groupBy if empty, everything is one group
     * @throws MixedCurrenciesException if they are in different currencies
     */
    public static Spend of(List<Rating> ratings, List<SpendDimension> groupBy) {
        Currency currency = ratings.get(0).currency();
        Map<List<String>, List<RatedUsage>> groups = new TreeMap<>(Spend::compare);
        for (Rating rating : ratings) {
            if (!rating.currency().equals(currency)) {
                throw new MixedCurrenciesException(currency, rating.currency());
            }
            for (RatedUsage usage : rating.rated()) {
                List<String> group =
                        groupBy.stream().map(dimension -> dimension.of(usage)).toList();
                groups.computeIfAbsent(group, key -> new ArrayList<>()).add(usage);
            }
        }
        boolean perMeter = groupBy.contains(SpendDimension.METER);
        List<Row> rows = new ArrayList<>();
        groups.forEach((group, members) -> rows.add(new Row(
                group,
                perMeter ? Optional.of(quantity(members)) : Optional.empty(),
                Money.sum(members.stream().map(RatedUsage::amount).toList(), currency))));
        return new Spend(
                groupBy,
                rows,
                Money.sum(ratings.stream().map(Rating::total).toList(), currency),
                ratings.stream()
                        .flatMap(rating -> rating.unbilled().stream())
                        .sorted()
                        .toList());
    }

    private static BigInteger quantity(List<RatedUsage> members) {
        return members.stream().map(RatedUsage::quantity).reduce(BigInteger.ZERO, BigInteger::add);
    }

    /** Groups have the same number of values. */
    private static int compare(List<String> one, List<String> other) {
        for (int i = 0; i < one.size(); i++) {
            int order = Comparator.<String>naturalOrder().compare(one.get(i), other.get(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }
}
