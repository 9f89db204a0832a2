package io.tollgate.invoicing.budget;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * How much somebody wants to spend in a period, and what is to happen about it.
 *
 * @param revision another one with each change, never used twice
 * @param byTenant whether the tenant made it itself, and so may change it
 */
public record Budget(String id, long revision, boolean byTenant, Wish wish, Instant createdAt, Instant changedAt) {

    private static final BigDecimal PERCENT_MAX = new BigDecimal("1000");

    /**
     * What its owner says of it.
     *
     * @param name for people
     * @param amount above zero: major units of the currency, or base units of the meter
     * @param thresholds per cents of the amount that somebody is told of when they are used
     * @param forecastThresholds per cents that somebody is told of when they are expected to be used by the period's end
     * @param enforced whether gateways are told to stop when it is used up
     * @param allowedWhenUnknown whether gateways may go on while nobody knows how much is used
     * @param recipients addresses that alerts are mailed to
     */
    public record Wish(
            String name,
            Subject subject,
            Cycle cycle,
            Measure measure,
            BigDecimal amount,
            SortedSet<BigDecimal> thresholds,
            SortedSet<BigDecimal> forecastThresholds,
            boolean enforced,
            boolean allowedWhenUnknown,
            SortedSet<String> recipients) {

        public Wish {
            if (amount.signum() <= 0) {
                throw new IllegalArgumentException("a budget is above zero, not " + amount.toPlainString());
            }
            thresholds = checked(thresholds);
            forecastThresholds = checked(forecastThresholds);
            recipients = Collections.unmodifiableSortedSet(new TreeSet<>(recipients));
        }

        private static SortedSet<BigDecimal> checked(SortedSet<BigDecimal> percents) {
            for (BigDecimal percent : percents) {
                if (percent.signum() <= 0 || percent.compareTo(PERCENT_MAX) > 0) {
                    throw new IllegalArgumentException(
                            "a threshold is above 0 and at most 1000 per cent, not " + percent.toPlainString());
                }
            }
            return Collections.unmodifiableSortedSet(new TreeSet<>(percents));
        }
    }

    /** Whether what the other has used is what this one has. */
    public boolean countsLike(Budget other) {
        return wish.subject().equals(other.wish.subject())
                && wish.measure().equals(other.wish.measure())
                && wish.cycle().equals(other.wish.cycle());
    }

    public Subject subject() {
        return wish.subject();
    }

    public Measure measure() {
        return wish.measure();
    }

    public BigDecimal amount() {
        return wish.amount();
    }
}
