package io.tollgate.invoicing.money;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Currency;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * An exact decimal amount in one currency.
 *
 * <p>Arithmetic never rounds and never mixes currencies. Rounding happens only here, only when asked for, and only one
 * way: half up (away from zero) to the currency's exponent of ISO 4217.
 *
 * @param amount in major units (dollars, not cents); kept with no more trailing zeros than the currency shows, so that
 *     equal amounts are equal objects
 */
public record Money(BigDecimal amount, Currency currency) implements Comparable<Money> {

    /** Decimals that shares have at least. */
    private static final int SHARE_SCALE = 12;

    public Money {
        if (currency.getDefaultFractionDigits() < 0) {
            throw new IllegalArgumentException(currency + " has no minor unit: nothing can be billed in it");
        }
        int digits = currency.getDefaultFractionDigits();
        if (amount.scale() != digits) {
            amount = amount.stripTrailingZeros();
            if (amount.scale() < digits) {
                amount = amount.setScale(digits, RoundingMode.UNNECESSARY);
            }
        }
    }

    public static Money of(String amount, String currencyCode) {
        return new Money(new BigDecimal(amount), Currency.getInstance(currencyCode));
    }

    public static Money zero(Currency currency) {
        return new Money(BigDecimal.ZERO, currency);
    }

    /** The exact sum; zero for none. */
    public static Money sum(List<Money> parts, Currency currency) {
        Money sum = zero(currency);
        for (Money part : parts) {
            sum = sum.plus(part);
        }
        return sum;
    }

    /** @throws IllegalArgumentException if the currencies differ */
    public Money plus(Money other) {
        requireSameCurrency(other);
        return other.signum() == 0 ? this : new Money(amount.add(other.amount), currency);
    }

    /** @throws IllegalArgumentException if the currencies differ */
    public Money minus(Money other) {
        requireSameCurrency(other);
        return other.signum() == 0 ? this : new Money(amount.subtract(other.amount), currency);
    }

    /** Whether the amount is a whole number of the currency's minor units. */
    public boolean isRounded() {
        return amount.scale() == currency.getDefaultFractionDigits();
    }

    /** The amount rounded half up, away from zero, to the currency's exponent. */
    public Money rounded() {
        return new Money(amount.setScale(currency.getDefaultFractionDigits(), RoundingMode.HALF_UP), currency);
    }

    /** The part of it for some of its days, rounded: {@code days / of} has no exact decimal. */
    public Money prorated(long days, long of) {
        return new Money(
                amount.multiply(BigDecimal.valueOf(days))
                        .divide(BigDecimal.valueOf(of), currency.getDefaultFractionDigits(), RoundingMode.HALF_UP),
                currency);
    }

    /** The number of times the amount, exact. */
    public Money times(BigDecimal factor) {
        return new Money(amount.multiply(factor), currency);
    }

    /** The per cents of the amount, exact. */
    public Money percent(BigDecimal percent) {
        return new Money(amount.multiply(percent).movePointLeft(2), currency);
    }

    public Money negated() {
        return new Money(amount.negate(), currency);
    }

    /** -1, 0 or 1: below zero, nothing, above. */
    public int signum() {
        return amount.signum();
    }

    public Money min(Money other) {
        return compareTo(other) <= 0 ? this : other;
    }

    public Money max(Money other) {
        return compareTo(other) >= 0 ? this : other;
    }

    /**
     * Shows exact parts as rounded ones that add up to this amount, by largest remainder: each is rounded down, then the
     * minor units that are missing go to those that lost most; of equals, to the earlier. No part moves by a whole minor
     * unit or more.
     *
     * @param exactParts whose exact sum rounds to this amount
     * @throws IllegalArgumentException if this amount is not the rounded sum of the parts, or a currency differs
     */
    public List<Money> allocate(List<Money> exactParts) {
        if (!sum(exactParts, currency).rounded().equals(this)) {
            throw new IllegalArgumentException(this + " is not the rounded sum of " + exactParts);
        }
        return byLargestRemainder(exactParts);
    }

    /**
     * The same where this amount is itself shown, as one of several that {@link #allocate} made: its parts, then, may be
     * rounded a minor unit further.
     *
     * @param exactParts whose exact sum is less than a minor unit away from this amount; at least one
     * @throws IllegalArgumentException if it is further away, or a currency differs
     */
    public List<Money> allocateShown(List<Money> exactParts) {
        BigDecimal minorUnit = BigDecimal.ONE.movePointLeft(currency.getDefaultFractionDigits());
        BigDecimal away = sum(exactParts, currency).minus(this).amount.abs();
        if (!isRounded() || exactParts.isEmpty() || away.compareTo(minorUnit) >= 0) {
            throw new IllegalArgumentException(this + " is not what is shown of " + exactParts);
        }
        return byLargestRemainder(exactParts);
    }

    private List<Money> byLargestRemainder(List<Money> exactParts) {
        int exponent = currency.getDefaultFractionDigits();
        List<BigDecimal> floors = exactParts.stream()
                .map(part -> part.amount.setScale(exponent, RoundingMode.FLOOR))
                .toList();
        List<BigDecimal> remainders = IntStream.range(0, exactParts.size())
                .mapToObj(i -> exactParts.get(i).amount.subtract(floors.get(i)))
                .toList();
        BigInteger missing = amount.subtract(floors.stream().reduce(BigDecimal.ZERO, BigDecimal::add))
                .unscaledValue();
        // The sort is stable: of equal remainders the earlier part comes first.
        List<Integer> byRemainder = IntStream.range(0, exactParts.size())
                .boxed()
                .sorted(Comparator.comparing(remainders::get, Comparator.reverseOrder()))
                .toList();
        List<BigDecimal> shown = new ArrayList<>(floors);
        BigDecimal minorUnit = BigDecimal.ONE.movePointLeft(exponent);
        for (int index : byRemainder.subList(0, missing.intValueExact())) {
            shown.set(index, floors.get(index).add(minorUnit));
        }
        return shown.stream().map(part -> new Money(part, currency)).toList();
    }

    /**
     * Divides the amount among parts in proportion to their weights, to a millionth of a millionth of a major unit, or
     * as finely as it is itself: each part is rounded down, then what is missing goes to those that lost most; of equals,
     * to the earlier. The parts add up to the amount exactly.
     *
     * @param weights at least one; if they add up to nothing, all goes to the first part
     */
    public List<Money> share(List<BigDecimal> weights) {
        int weightScale = weights.stream().mapToInt(BigDecimal::scale).max().orElseThrow();
        List<BigInteger> whole =
                weights.stream().map(weight -> unscaled(weight, weightScale)).toList();
        BigInteger all = whole.stream().reduce(BigInteger.ZERO, BigInteger::add);
        if (all.signum() == 0) {
            List<Money> parts = new ArrayList<>(Collections.nCopies(weights.size(), zero(currency)));
            parts.set(0, this);
            return parts;
        }
        int scale = Math.max(amount.scale(), SHARE_SCALE);
        // Of the other sign, all of them weigh the same against each other.
        BigInteger units = unscaled(amount, scale).multiply(BigInteger.valueOf(all.signum()));
        BigInteger divisor = all.abs();
        BigInteger[] floors = new BigInteger[weights.size()];
        BigInteger[] remainders = new BigInteger[weights.size()];
        BigInteger missing = unscaled(amount, scale);
        for (int i = 0; i < floors.length; i++) {
            BigInteger[] parts = units.multiply(whole.get(i)).divideAndRemainder(divisor);
            boolean below = parts[1].signum() < 0;
            floors[i] = below ? parts[0].subtract(BigInteger.ONE) : parts[0];
            remainders[i] = below ? parts[1].add(divisor) : parts[1];
            missing = missing.subtract(floors[i]);
        }
        if (missing.signum() != 0) {
            // The sort is stable: of equal remainders the earlier part comes first.
            IntStream.range(0, floors.length)
                    .boxed()
                    .sorted(Comparator.comparing((Integer i) -> remainders[i], Comparator.reverseOrder()))
                    .limit(missing.longValueExact())
                    .forEach(i -> floors[i] = floors[i].add(BigInteger.ONE));
        }
        return Stream.of(floors)
                .map(part -> new Money(new BigDecimal(part, scale), currency))
                .toList();
    }

    /** The number in units of that many decimals, which it has no more of. */
    private static BigInteger unscaled(BigDecimal number, int scale) {
        return number.setScale(scale, RoundingMode.UNNECESSARY).unscaledValue();
    }

    /** The amount alone, as plain decimal digits: {@code 47.608895}. */
    public String digits() {
        return amount.toPlainString();
    }

    @Override
    public int compareTo(Money other) {
        requireSameCurrency(other);
        return amount.compareTo(other.amount);
    }

    @Override
    public String toString() {
        return digits() + " " + currency.getCurrencyCode();
    }

    private void requireSameCurrency(Money other) {
        if (!currency.equals(other.currency)) {
            throw new IllegalArgumentException("cannot mix " + this + " and " + other);
        }
    }
}
