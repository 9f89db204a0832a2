package io.tollgate.invoicing.forecast;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the days that are left will bring in all, of whatever is counted by day.
 *
 * <p>Of the {@link Method}s that have enough days, the one is taken that would have been least wrong: each is made to
 * forecast, from each past day on, the days that followed it. By what it was wrong then, it may be wrong now: the interval
 * leaves out the twentieth of those errors that is lowest and the twentieth that is highest. That would hold nine of ten
 * if the errors had nothing to do with each other; as those of neighbouring days do, it is said, and was tried, to hold
 * eight of ten. Errors are taken as shares of what the days before them brought: who spends ten times more is wrong by ten
 * times more.
 *
 * <p>Deterministic: the same days give the same digits.
 *
 * @param expected of all the days that are left together
 * @param low at most {@code expected}; not below zero unless a past day was
 * @param high at least {@code expected}
 * @param coverage how often the sum lies from low to high, if the days that come are like those that were: 0.8; of fewer
 *     than nine past errors, what the least and the greatest of them can promise, down to 0 where there is no interval
 * @param method how it was made, for people: {@code mean of the last 7 days}
 * @param basis of how many past days
 */
public record Projection(
        BigDecimal expected, BigDecimal low, BigDecimal high, BigDecimal coverage, String method, int basis) {

    /** Twelve weeks: what was before says little about what comes. */
    public static final int DAYS_MAX = 84;

    /** Precise enough for an estimate, and bounded: a mean has no exact decimal. */
    static final MathContext PRECISION = MathContext.DECIMAL64;

    /** Below what share of another one's errors a method with more to it must be: a little less may be luck. */
    private static final BigDecimal CLEARLY = new BigDecimal("0.9");

    /**
     * A projection of what is left.
     *
     * @param pastDays of complete days, oldest first, without gaps; of more than {@link #DAYS_MAX} the latest
     * @param daysLeft days that are not complete
     * @return empty if there is no complete day to judge by
     * @throws IllegalArgumentException if less than no days are left
     */
    public static Optional<Projection> of(List<BigDecimal> pastDays, int daysLeft) {
        if (daysLeft < 0) {
            throw new IllegalArgumentException("a forecast of " + daysLeft + " days");
        }
        if (pastDays.isEmpty()) {
            return Optional.empty();
        }
        List<BigDecimal> days = List.copyOf(pastDays.subList(Math.max(0, pastDays.size() - DAYS_MAX), pastDays.size()));
        return Optional.of(daysLeft == 0 ? over(days) : best(days, daysLeft));
    }

    private static Projection over(List<BigDecimal> days) {
        BigDecimal nothing = BigDecimal.ZERO;
        return new Projection(nothing, nothing, nothing, BigDecimal.ONE, "no days are left", days.size());
    }

    private static Projection best(List<BigDecimal> days, int daysLeft) {
        List<Method> candidates = Method.fit(days.size());
        // All on the same past days, or the one that was tried on calmer ones would look better.
        int start = candidates.stream()
                .mapToInt(method -> method.start(days.size()))
                .max()
                .orElseThrow();
        Method best = candidates.get(0);
        PastErrors errors = PastErrors.of(best, days, start, daysLeft);
        for (Method candidate : candidates.subList(1, candidates.size())) {
            PastErrors others = PastErrors.of(candidate, days, start, daysLeft);
            if (others.mean().compareTo(errors.mean().multiply(CLEARLY)) < 0) {
                best = candidate;
                errors = others;
            }
        }
        boolean neverBelowZero = days.stream().allMatch(day -> day.signum() >= 0);
        BigDecimal expected = best.expect(days, daysLeft);
        BigDecimal scale = PastErrors.scale(days).multiply(BigDecimal.valueOf(daysLeft));
        List<BigDecimal> sums = new ArrayList<>();
        for (BigDecimal sum : List.of(
                expected.add(errors.low().multiply(scale)),
                expected,
                expected.add(errors.high().multiply(scale)))) {
            sums.add((neverBelowZero ? sum.max(BigDecimal.ZERO) : sum).round(PRECISION));
        }
        return new Projection(
                sums.get(1),
                sums.get(0).min(sums.get(1)),
                sums.get(2).max(sums.get(1)),
                errors.coverage(),
                best.label(days.size()),
                days.size());
    }
}
