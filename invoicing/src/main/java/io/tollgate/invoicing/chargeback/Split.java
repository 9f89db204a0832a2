package io.tollgate.invoicing.chargeback;

import io.tollgate.invoicing.money.Money;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** How shared cost is divided among cost centres. What is left of it stays unallocated. */
public sealed interface Split {

    /** Each has the same. */
    record Even() implements Split {}

    /** By direct cost. If nobody has any, nothing is divided. */
    record Proportional() implements Split {}

    /**
     * By agreed parts.
     *
     * @param percents of each cost centre, 0 to 100, together no more than 100
     */
    record Fixed(SortedMap<String, BigDecimal> percents) implements Split {
        public Fixed {
            SortedMap<String, BigDecimal> plain = new TreeMap<>();
            percents.forEach((centre, percent) -> plain.put(centre, plain(percent)));
            percents = Collections.unmodifiableSortedMap(plain);
        }
    }

    /**
     * By direct cost, of which each band counts with a weight of its own: with 1 up to 1000 and 0.5 above, a direct cost of
     * 1600 counts as 1000 × 1 + 600 × 0.5 = 1300. Shares are proportional to what counts; if nothing does, nothing is
     * divided.
     *
     * @param bands at least one, by rising bound; the last is open
     */
    record Tiered(List<Band> bands) implements Split {
        public Tiered {
            bands = List.copyOf(bands);
            if (bands.isEmpty()) {
                throw new IllegalArgumentException("a tiered split needs a band");
            }
            BigDecimal from = BigDecimal.ZERO;
            for (Band band : bands.subList(0, bands.size() - 1)) {
                BigDecimal start = from;
                from = band.upTo()
                        .filter(bound -> bound.compareTo(start) > 0)
                        .orElseThrow(() -> new IllegalArgumentException(
                                "bands overlap: each must end above the one before, and only the last is open"));
            }
            if (bands.get(bands.size() - 1).upTo().isPresent()) {
                throw new IllegalArgumentException("the last band must be open, without upTo");
            }
        }

        BigDecimal counted(BigDecimal direct) {
            BigDecimal counted = BigDecimal.ZERO;
            BigDecimal from = BigDecimal.ZERO;
            for (Band band : bands) {
                BigDecimal to = band.upTo().map(bound -> bound.min(direct)).orElse(direct);
                if (to.compareTo(from) > 0) {
                    counted = counted.add(to.subtract(from).multiply(band.weight()));
                    from = to;
                }
            }
            return counted;
        }
    }

    /**
     * A part of direct cost.
     *
     * @param upTo inclusive, in the invoice's currency; empty for no bound
     * @param weight how much each unit of it counts; not negative
     */
    record Band(Optional<BigDecimal> upTo, BigDecimal weight) {
        public Band {
            if (weight.signum() < 0) {
                throw new IllegalArgumentException("a weight cannot be negative: " + weight.toPlainString());
            }
            upTo = upTo.map(Split::plain);
            weight = plain(weight);
        }
    }

    /**
     * Divides an amount.
     *
     * @param direct the direct cost of each cost centre that takes part; of fixed shares, nothing is asked. Below zero it
     *     counts as nothing
     * @return exact parts, of the cost centres in order; they add up to the amount, or to less if something is left
     */
    default SortedMap<String, Money> of(Money amount, SortedMap<String, Money> direct) {
        if (this instanceof Fixed fixed) {
            SortedMap<String, Money> shares = new TreeMap<>();
            fixed.percents().forEach((centre, percent) -> shares.put(centre, amount.percent(percent)));
            return shares;
        }
        if (this instanceof Even) {
            return weighed(amount, direct, cost -> BigDecimal.ONE);
        }
        if (this instanceof Tiered tiered) {
            return weighed(amount, direct, tiered::counted);
        }
        return weighed(amount, direct, Function.identity());
    }

    private static SortedMap<String, Money> weighed(
            Money amount, SortedMap<String, Money> direct, Function<BigDecimal, BigDecimal> weight) {
        List<BigDecimal> weights = new ArrayList<>();
        direct.values().forEach(cost -> weights.add(weight.apply(cost.amount().max(BigDecimal.ZERO))));
        SortedMap<String, Money> shares = new TreeMap<>();
        if (weights.stream().anyMatch(each -> each.signum() > 0)) {
            List<Money> parts = amount.share(weights);
            int next = 0;
            for (Map.Entry<String, Money> each : direct.entrySet()) {
                shares.put(each.getKey(), parts.get(next++));
            }
        }
        return shares;
    }

    /** 50 and 50.0 are the same, and must be equal. */
    private static BigDecimal plain(BigDecimal number) {
        BigDecimal stripped = number.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }
}
