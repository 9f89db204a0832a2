package io.tollgate.invoicing.forecast;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/**
 * By how much a method would have been wrong in the past.
 *
 * @param sorted what came less what was expected, per day and as a share of what a day before it brought; ascending
 */
record PastErrors(List<BigDecimal> sorted) {

    /** The share of the errors that is beyond each end of the interval. */
    private static final BigDecimal TAIL = new BigDecimal("0.05");

    /** How often the interval then holds what comes; less than the share within, as errors of neighbouring days are alike. */
    private static final BigDecimal COVERAGE = new BigDecimal("0.8");

    private static final BigDecimal HALF = new BigDecimal("0.5");

    /** How many days say how much a day brings. */
    private static final int SCALE_DAYS = 28;

    /**
     * Tries the method from each past day on.
     *
     * @param start how many days the method is given at least
     * @param daysLeft how many days it must forecast; where there are too few days to try that, it is tried on fewer, and
     *     a day's error is taken to be that of each of the days left
     */
    static PastErrors of(Method method, List<BigDecimal> days, int start, int daysLeft) {
        // A quarter of the days at most: errors over much the same days would say little about how they differ.
        int ahead = Math.max(1, Math.min(daysLeft, (days.size() - start) / 4));
        List<BigDecimal> errors = new ArrayList<>();
        for (int known = start; known + ahead <= days.size(); known++) {
            List<BigDecimal> before = days.subList(0, known);
            BigDecimal came = sum(days.subList(known, known + ahead));
            BigDecimal scale = scale(before).multiply(BigDecimal.valueOf(ahead));
            // Where nothing was, there is nothing that an error could be a share of.
            if (scale.signum() > 0) {
                errors.add(came.subtract(method.expect(before, ahead)).divide(scale, Projection.PRECISION));
            }
        }
        errors.sort(null);
        return new PastErrors(List.copyOf(errors));
    }

    /** What a day brings, by the latest days, whatever its sign: their median, which one day does not change. */
    static BigDecimal scale(List<BigDecimal> days) {
        List<BigDecimal> latest = days.subList(Math.max(0, days.size() - SCALE_DAYS), days.size()).stream()
                .map(BigDecimal::abs)
                .toList();
        BigDecimal median = median(latest);
        return median.signum() > 0 ? median : mean(latest);
    }

    static BigDecimal median(List<BigDecimal> values) {
        List<BigDecimal> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1
                ? sorted.get(middle)
                : sorted.get(middle - 1).add(sorted.get(middle)).multiply(HALF);
    }

    static BigDecimal mean(List<BigDecimal> values) {
        return sum(values).divide(BigDecimal.valueOf(values.size()), Projection.PRECISION);
    }

    static BigDecimal sum(List<BigDecimal> values) {
        return values.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    /** Of their sizes; zero for none. */
    BigDecimal mean() {
        return sorted.isEmpty()
                ? BigDecimal.ZERO
                : mean(sorted.stream().map(BigDecimal::abs).toList());
    }

    BigDecimal low() {
        return at(TAIL);
    }

    BigDecimal high() {
        return at(BigDecimal.ONE.subtract(TAIL));
    }

    /** Of n values that could as well have come in another order, a new one lies below the k-th with k / (n + 1). */
    private BigDecimal at(BigDecimal share) {
        if (sorted.isEmpty()) {
            return BigDecimal.ZERO;
        }
        BigDecimal last = BigDecimal.valueOf(sorted.size());
        BigDecimal rank = share.multiply(BigDecimal.valueOf(sorted.size() + 1L))
                .max(BigDecimal.ONE)
                .min(last);
        int below = rank.setScale(0, RoundingMode.FLOOR).intValueExact();
        BigDecimal lower = sorted.get(below - 1);
        BigDecimal upper = sorted.get(Math.min(below, sorted.size() - 1));
        return lower.add(upper.subtract(lower).multiply(rank.subtract(BigDecimal.valueOf(below))));
    }

    /** Of n errors that are all alike, the next lies between the least and the greatest with (n - 1) / (n + 1). */
    BigDecimal coverage() {
        int n = sorted.size();
        return n == 0
                ? BigDecimal.ZERO
                : COVERAGE.min(BigDecimal.valueOf(n - 1L).divide(BigDecimal.valueOf(n + 1L), 2, RoundingMode.DOWN));
    }
}
