package io.tollgate.invoicing.anomaly;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How far a day is from what the days before it let expect.
 *
 * <p>With four weeks of days before it, it is expected to be like the same weekdays: their median, or that moved to the level
 * of the last seven days, or the last of them, whichever is nearest; so a new level is out of the ordinary for a few days
 * and then is the level. With less, like the median of the last seven days or like the same weekday a week ago, whichever is
 * nearer, as weekends are not known for sure yet. With less than a week it is not judged. Medians, since a day that was out
 * of the ordinary itself should not change what is ordinary.
 *
 * @param expected what it should have cost
 * @param score how many standard deviations it is away, 0 to 99.9, as 1.4826 times the median absolute deviation of the
 *     past days tells them (that is what it is for the normal distribution); they are taken to be a twentieth of what is
 *     expected at least, since a past without any noise does not promise a future without
 * @param daysAgo the day that it is best compared with: of those it was to be like, the latest that cost what was expected
 *     or nearest to that
 */
record Deviation(BigDecimal expected, BigDecimal actual, BigDecimal score, int daysAgo) {

    static final int DAYS_LEAST = 7;
    /** Four weeks; what was before is not looked at. */
    static final int DAYS_MOST = 28;

    private static final int WEEK = 7;
    private static final MathContext PRECISION = MathContext.DECIMAL64;
    private static final BigDecimal HALF = new BigDecimal("0.5");
    private static final BigDecimal DEVIATIONS = new BigDecimal("1.4826");
    private static final BigDecimal NOISE_LEAST = new BigDecimal("0.05");
    private static final BigDecimal SCORE_MOST = new BigDecimal("99.9");

    BigDecimal difference() {
        return actual.subtract(expected);
    }

    boolean exceeds(Sensitivity bounds) {
        BigDecimal size = difference().abs();
        return size.compareTo(bounds.leastAmount()) >= 0
                && size.compareTo(expected.abs().multiply(bounds.leastShare())) >= 0
                && score.compareTo(bounds.leastScore()) >= 0;
    }

    /**
     * Compares a day with those before it.
     *
     * @param history what they cost, oldest first, without gaps
     * @return empty if they are too few
     */
    static Optional<Deviation> of(List<BigDecimal> history, BigDecimal actual) {
        if (history.size() < DAYS_LEAST) {
            return Optional.empty();
        }
        boolean weekdays = history.size() >= DAYS_MOST;
        List<BigDecimal> days = history.subList(Math.max(0, history.size() - DAYS_MOST), history.size());
        BigDecimal expected = nearest(weekdays ? byWeekday(days) : byWeek(days), actual)
                .setScale(10, RoundingMode.HALF_EVEN)
                .stripTrailingZeros();
        List<Integer> alike = weekdays
                ? List.of(WEEK, 2 * WEEK, 3 * WEEK, 4 * WEEK)
                : IntStream.rangeClosed(1, WEEK).boxed().toList();
        // The first of equals is the latest.
        int against = alike.stream()
                .min(Comparator.comparing(
                        daysAgo -> ago(days, daysAgo).subtract(expected).abs()))
                .orElseThrow();
        BigDecimal noise = noise(days, weekdays).max(expected.abs().multiply(NOISE_LEAST));
        return Optional.of(
                new Deviation(expected, actual, score(actual.subtract(expected).abs(), noise), against));
    }

    private static BigDecimal score(BigDecimal size, BigDecimal noise) {
        if (size.signum() == 0) {
            return BigDecimal.ZERO;
        }
        return noise.signum() == 0
                ? SCORE_MOST
                : size.divide(noise, PRECISION).setScale(1, RoundingMode.DOWN).min(SCORE_MOST);
    }

    private static List<BigDecimal> byWeekday(List<BigDecimal> days) {
        BigDecimal usual = median(sameWeekdays(days, days.size()));
        BigDecimal level = median(days);
        BigDecimal lately = median(days.subList(days.size() - WEEK, days.size()));
        BigDecimal moved = level.signum() > 0 ? usual.multiply(lately).divide(level, PRECISION) : lately;
        return List.of(usual, moved, ago(days, WEEK));
    }

    private static List<BigDecimal> byWeek(List<BigDecimal> days) {
        return List.of(median(days.subList(days.size() - WEEK, days.size())), ago(days, WEEK));
    }

    private static BigDecimal nearest(List<BigDecimal> candidates, BigDecimal actual) {
        return candidates.stream()
                .min(Comparator.comparing(
                        candidate -> candidate.subtract(actual).abs()))
                .orElseThrow();
    }

    private static BigDecimal noise(List<BigDecimal> days, boolean weekdays) {
        List<BigDecimal> away = new ArrayList<>();
        for (int day = 0; day < days.size(); day++) {
            BigDecimal usual = median(weekdays ? sameWeekdays(days, day) : days);
            away.add(days.get(day).subtract(usual).abs());
        }
        return median(away).multiply(DEVIATIONS);
    }

    private static List<BigDecimal> sameWeekdays(List<BigDecimal> days, int like) {
        return IntStream.range(0, days.size())
                .filter(day -> (like - day) % WEEK == 0)
                .mapToObj(days::get)
                .toList();
    }

    private static BigDecimal ago(List<BigDecimal> days, int daysAgo) {
        return days.get(days.size() - daysAgo);
    }

    private static BigDecimal median(List<BigDecimal> values) {
        List<BigDecimal> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1
                ? sorted.get(middle)
                : sorted.get(middle - 1).add(sorted.get(middle)).multiply(HALF);
    }
}
