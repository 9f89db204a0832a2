package io.tollgate.invoicing.budget;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How much somebody wants to spend, or has spent, each way that it may be counted.
 *
 * @param money in major units of the currency that the tenant is priced in
 * @param meters in their base units
 */
public record Amounts(Optional<BigDecimal> money, SortedMap<String, BigInteger> meters) {

    public static final Amounts NONE = new Amounts(Optional.empty(), new TreeMap<>());

    public Amounts {
        meters = Collections.unmodifiableSortedMap(new TreeMap<>(meters));
        if (money.filter(amount -> amount.signum() < 0).isPresent()
                || meters.values().stream().anyMatch(quantity -> quantity.signum() < 0)) {
            throw new IllegalArgumentException("nobody spends less than nothing");
        }
        money = money.map(BigDecimal::stripTrailingZeros);
    }

    public static Amounts of(String meter, long quantity) {
        return new Amounts(Optional.empty(), new TreeMap<>(Map.of(meter, BigInteger.valueOf(quantity))));
    }

    /** As the measure counts it; empty if nothing is said of it. */
    public Optional<BigDecimal> in(Measure measure) {
        return measure instanceof Measure.OfMeter counted
                ? Optional.ofNullable(meters.get(counted.meter())).map(BigDecimal::new)
                : money;
    }
}
