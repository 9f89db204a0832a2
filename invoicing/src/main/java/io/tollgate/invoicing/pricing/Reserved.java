package io.tollgate.invoicing.pricing;

import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.usage.Product;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Capacity that is paid for by the hour, used or not: what usage takes of it costs nothing more.
 *
 * @param id of the reservation
 * @param match of the products that may use it
 * @param capacity of a window of 15 minutes, more than 0
 * @param weights meter to how much of the capacity one base unit takes, not negative; other meters do not use it
 * @param fee of a window, used or not
 * @param price of what it covers: nothing; it names where the reservation stands written
 */
public record Reserved(
        String id,
        Match match,
        BigDecimal capacity,
        SortedMap<String, BigDecimal> weights,
        Money fee,
        AppliedPrice price) {

    public Reserved {
        weights = Collections.unmodifiableSortedMap(new TreeMap<>(weights));
    }

    /**
     * The part of the fee that pays for what is covered of a window, to a millionth of a millionth.
     *
     * @param quantity that is covered
     */
    public Money feeOf(BigInteger quantity, BigDecimal weight) {
        BigDecimal taken = weight.multiply(new BigDecimal(quantity));
        return fee.share(List.of(taken, capacity.subtract(taken))).get(0);
    }

    /** What one base unit takes of the capacity; empty if it does not use it. */
    public Optional<BigDecimal> weight(Product product, String meter) {
        return Optional.ofNullable(weights.get(meter)).filter(weight -> match.matches(product));
    }

    /**
     * How much of a quantity the capacity is enough for, in whole base units: what fits only in part is not covered.
     *
     * @param quantity not negative
     * @param taken by what came before
     */
    public BigInteger covers(BigInteger quantity, BigDecimal weight, BigDecimal taken) {
        if (weight.signum() == 0) {
            return quantity;
        }
        BigDecimal left = capacity.subtract(taken).max(BigDecimal.ZERO);
        return left.divideToIntegralValue(weight).toBigInteger().min(quantity);
    }
}
