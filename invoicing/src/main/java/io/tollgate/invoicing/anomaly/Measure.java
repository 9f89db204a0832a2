package io.tollgate.invoicing.anomaly;

import io.tollgate.invoicing.usage.Product;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** What is counted in one unit on two days, by product and meter. */
final class Measure {

    /** So many more digits than a cost has that what is nothing is told from what is little. */
    private static final MathContext PRECISION = new MathContext(80, RoundingMode.HALF_EVEN);

    private final SortedMap<Product, SortedMap<String, Consumption>> before = new TreeMap<>();
    private final SortedMap<Product, SortedMap<String, Consumption>> after = new TreeMap<>();
    private BigInteger quantityBefore = BigInteger.ZERO;
    private BigInteger quantityAfter = BigInteger.ZERO;

    void addBefore(Consumption each) {
        quantityBefore = quantityBefore.add(each.quantity());
        add(before, each);
    }

    void addAfter(Consumption each) {
        quantityAfter = quantityAfter.add(each.quantity());
        add(after, each);
    }

    private static void add(SortedMap<Product, SortedMap<String, Consumption>> day, Consumption each) {
        day.computeIfAbsent(each.product(), product -> new TreeMap<>()).merge(each.meter(), each, Consumption::plus);
    }

    /** The parts of a product's change, to {@link #PRECISION}. */
    CostParts parts(Product product) {
        OneProduct one = new OneProduct(
                before.getOrDefault(product, new TreeMap<>()), after.getOrDefault(product, new TreeMap<>()));
        BigDecimal difference = cost(one.after).subtract(cost(one.before));
        BigDecimal old = costOfQuantities(one.before);
        if (quantityBefore.signum() == 0 || quantityAfter.signum() == 0) {
            BigDecimal volume = costOfQuantities(one.after).subtract(old);
            return new CostParts(volume, BigDecimal.ZERO, BigDecimal.ZERO, difference.subtract(volume));
        }
        BigDecimal grown = new BigDecimal(quantityAfter).divide(new BigDecimal(quantityBefore), PRECISION);
        BigDecimal atNewVolume = grown.multiply(old, PRECISION);
        BigDecimal atNewMix = one.atNewMix();
        BigDecimal atNewSplit = one.atNewSplit();
        return new CostParts(
                atNewVolume.subtract(old),
                atNewMix.subtract(atNewVolume),
                atNewSplit.subtract(atNewMix),
                difference.subtract(atNewSplit.subtract(old)));
    }

    private static BigDecimal cost(Map<String, Consumption> meters) {
        return meters.values().stream().map(Consumption::cost).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    /** Without costs that no quantity explains. */
    private static BigDecimal costOfQuantities(Map<String, Consumption> meters) {
        return meters.values().stream()
                .filter(each -> each.quantity().signum() != 0)
                .map(Consumption::cost)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    /** A product's meters on the two days. */
    private record OneProduct(Map<String, Consumption> before, Map<String, Consumption> after) {

        /** At old prices and with the old split of prompts. */
        BigDecimal atNewMix() {
            BigDecimal sum = BigDecimal.ZERO;
            TreeSet<String> meters = new TreeSet<>(before.keySet());
            meters.addAll(after.keySet());
            for (String meter : meters) {
                sum = sum.add(quantityAtOldSplit(meter).multiply(oldPrice(meter), PRECISION));
            }
            return sum;
        }

        /** At old prices. */
        BigDecimal atNewSplit() {
            BigDecimal sum = BigDecimal.ZERO;
            for (String meter : after.keySet()) {
                sum = sum.add(quantity(after, meter).multiply(oldPrice(meter), PRECISION));
            }
            return sum;
        }

        private BigDecimal quantityAtOldSplit(String meter) {
            Optional<String> prompt = Meters.prompt(meter);
            BigDecimal old = prompt.map(kind -> ofPrompts(before, kind)).orElse(BigDecimal.ZERO);
            return old.signum() == 0
                    ? quantity(after, meter)
                    : ofPrompts(after, prompt.orElseThrow())
                            .multiply(quantity(before, meter))
                            .divide(old, PRECISION);
        }

        /** What a unit cost; if there was none, what it costs. */
        private BigDecimal oldPrice(String meter) {
            return price(before, meter).or(() -> price(after, meter)).orElse(BigDecimal.ZERO);
        }

        private static Optional<BigDecimal> price(Map<String, Consumption> day, String meter) {
            return Optional.ofNullable(day.get(meter))
                    .filter(each -> each.quantity().signum() != 0)
                    .map(each -> each.cost().divide(new BigDecimal(each.quantity()), PRECISION));
        }

        private static BigDecimal quantity(Map<String, Consumption> day, String meter) {
            return Optional.ofNullable(day.get(meter))
                    .map(each -> new BigDecimal(each.quantity()))
                    .orElse(BigDecimal.ZERO);
        }

        private static BigDecimal ofPrompts(Map<String, Consumption> day, String kind) {
            return day.values().stream()
                    .filter(each -> Meters.prompt(each.meter()).equals(Optional.of(kind)))
                    .map(each -> new BigDecimal(each.quantity()))
                    .reduce(BigDecimal.ZERO, BigDecimal::add);
        }
    }
}
