package io.tollgate.invoicing.forecast;

import static io.tollgate.invoicing.forecast.PastErrors.mean;
import static io.tollgate.invoicing.forecast.PastErrors.median;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** A way to forecast days from the days before them. */
enum Method {
    /** Each day brings what the last days did on average, but for outliers; of a week, as that has each weekday once. */
    MEAN_OF_WEEK(1) {
        @Override
        BigDecimal expect(List<BigDecimal> days, int ahead) {
            return mean(withoutOutliers(days)).multiply(BigDecimal.valueOf(ahead));
        }

        @Override
        int start(int days) {
            return Math.max(1, Math.min(WEEK, days / 2));
        }

        @Override
        String label(int days) {
            return days == 1 ? "the last day" : "mean of the last " + Math.min(days, WEEK) + " days";
        }
    },
    /** The same of four weeks, for what comes in bursts. */
    MEAN_OF_WEEKS(2 * 7) {
        @Override
        BigDecimal expect(List<BigDecimal> days, int ahead) {
            return mean(latest(days, LEVEL_WEEKS * WEEK)).multiply(BigDecimal.valueOf(ahead));
        }

        @Override
        String label(int days) {
            return "mean of the last " + Math.min(days, LEVEL_WEEKS * WEEK) + " days";
        }
    },
    /** Each day brings its weekday's share of what a week brings; the last week counts half, the one before a quarter. */
    WEEKDAYS(2 * 7) {
        @Override
        BigDecimal expect(List<BigDecimal> days, int ahead) {
            List<BigDecimal> weeks = weeklyMeans(days);
            BigDecimal level = weeks.get(0);
            for (BigDecimal week : weeks) {
                level = level.add(week).multiply(HALF);
            }
            List<BigDecimal> factors = weekdayFactors(days);
            BigDecimal sum = BigDecimal.ZERO;
            for (int day = 0; day < ahead; day++) {
                sum = sum.add(level.multiply(factors.get(day % WEEK)));
            }
            return sum;
        }

        @Override
        String label(int days) {
            return "weekday factors of " + weeks(days) + " weeks";
        }
    },
    /** As by weekdays, and the week's level goes on moving as it did, ever less. */
    WEEKDAYS_AND_TREND(3 * 7) {
        @Override
        BigDecimal expect(List<BigDecimal> days, int ahead) {
            List<BigDecimal> weeks = weeklyMeans(days);
            List<BigDecimal> steps = new ArrayList<>();
            for (int week = Math.max(1, weeks.size() - TREND_WEEKS); week < weeks.size(); week++) {
                steps.add(weeks.get(week).subtract(weeks.get(week - 1)));
            }
            BigDecimal perDay = median(steps).divide(BigDecimal.valueOf(WEEK), Projection.PRECISION);
            // The last week's mean is what its middle day brings.
            BigDecimal level = weeks.get(weeks.size() - 1).add(perDay.multiply(BigDecimal.valueOf(WEEK / 2)));
            List<BigDecimal> factors = weekdayFactors(days);
            BigDecimal step = perDay;
            BigDecimal sum = BigDecimal.ZERO;
            for (int day = 0; day < ahead; day++) {
                step = step.multiply(DAMPING, Projection.PRECISION);
                level = level.add(step);
                sum = sum.add(level.multiply(factors.get(day % WEEK)));
            }
            return sum;
        }

        @Override
        String label(int days) {
            return "weekday factors of " + weeks(days) + " weeks and damped trend";
        }
    };

    private static final int WEEK = 7;
    private static final int LEVEL_WEEKS = 4;
    private static final int TREND_WEEKS = 4;
    /** Weekday factors are of so many weeks at most. */
    private static final int FACTOR_WEEKS = 8;

    private static final BigDecimal HALF = new BigDecimal("0.5");
    /** What is left of a trend a day later; half of it after two weeks. Without, growth would be taken to last for ever. */
    private static final BigDecimal DAMPING = new BigDecimal("0.95");

    /** How many median absolute deviations above the median are far; some five standard deviations of the normal one. */
    private static final BigDecimal FAR = new BigDecimal("7.5");

    private static final BigDecimal SPREAD_LEAST = new BigDecimal("0.1");
    private static final int OUTLIERS_MOST = 2;

    private final int daysNeeded;

    Method(int daysNeeded) {
        this.daysNeeded = daysNeeded;
    }

    /** Those that can be told apart by how wrong they were: with a week at least to try them on. The first always can. */
    static List<Method> fit(int days) {
        return Arrays.stream(values())
                .filter(method -> method == MEAN_OF_WEEK || days >= method.daysNeeded + WEEK)
                .toList();
    }

    /** What the next days will bring in all. */
    abstract BigDecimal expect(List<BigDecimal> days, int ahead);

    /** After how many of so many days it is first tried. */
    int start(int days) {
        return daysNeeded;
    }

    /** For people, when it had so many days. */
    abstract String label(int days);

    private static int weeks(int days) {
        return Math.min(FACTOR_WEEKS, days / WEEK);
    }

    private static <T> List<T> latest(List<T> values, int count) {
        return values.subList(Math.max(0, values.size() - count), values.size());
    }

    /** Of the whole weeks that end with the last day, oldest first. */
    private static List<List<BigDecimal>> wholeWeeks(List<BigDecimal> days) {
        List<List<BigDecimal>> weeks = new ArrayList<>();
        for (int from = days.size() % WEEK; from < days.size(); from += WEEK) {
            weeks.add(days.subList(from, from + WEEK));
        }
        return latest(weeks, FACTOR_WEEKS);
    }

    private static List<BigDecimal> weeklyMeans(List<BigDecimal> days) {
        return wholeWeeks(days).stream().map(PastErrors::mean).toList();
    }

    /** What each of the next seven days is to a day's mean: the median of what it was in each week; 7 in all. */
    private static List<BigDecimal> weekdayFactors(List<BigDecimal> days) {
        List<List<BigDecimal>> weeks = wholeWeeks(days).stream()
                .filter(week -> mean(week).signum() > 0)
                .toList();
        List<BigDecimal> medians = new ArrayList<>();
        for (int day = 0; day < WEEK && !weeks.isEmpty(); day++) {
            int weekday = day;
            medians.add(median(weeks.stream()
                    .map(week -> week.get(weekday).divide(mean(week), Projection.PRECISION))
                    .toList()));
        }
        BigDecimal all = PastErrors.sum(medians);
        if (all.signum() <= 0) {
            // Nothing was used, or on other weekdays each week: no weekday is special.
            return Collections.nCopies(WEEK, BigDecimal.ONE);
        }
        return medians.stream()
                .map(median -> median.multiply(BigDecimal.valueOf(WEEK)).divide(all, Projection.PRECISION))
                .toList();
    }

    /**
     * The last week, with what is far above the days before cut off: one day does not tell what others will bring. If there
     * are more such days than two, they are a new level.
     */
    private static List<BigDecimal> withoutOutliers(List<BigDecimal> days) {
        List<BigDecimal> known = latest(days, LEVEL_WEEKS * WEEK);
        BigDecimal usual = median(known);
        if (usual.signum() <= 0) {
            return latest(days, WEEK);
        }
        BigDecimal spread =
                median(known.stream().map(day -> day.subtract(usual).abs()).toList());
        BigDecimal most = usual.add(spread.max(usual.multiply(SPREAD_LEAST)).multiply(FAR));
        List<BigDecimal> week = latest(days, WEEK);
        return week.stream().filter(day -> day.compareTo(most) > 0).count() > OUTLIERS_MOST
                ? week
                : week.stream().map(day -> day.min(most)).toList();
    }
}
