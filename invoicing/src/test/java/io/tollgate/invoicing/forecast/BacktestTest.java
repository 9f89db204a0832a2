package io.tollgate.invoicing.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.ToDoubleBiFunction;
import org.junit.jupiter.api.Test;

/**
 * How wrong forecasts are, and whether their intervals keep what they say, beside what one would do without thinking. Prints
 * figures; the same each time, as everything is drawn from one seed.
 */
class BacktestTest {

    private static final long SEED = 20_261_121;
    private static final int SERIES = 40;

    /** What came, in sum; by how much each way was wrong, in sum; how often the interval held it. */
    private static final class Score {
        private double came;
        private final double[] wrong = new double[4];
        private int tries;
        private int held;
        private double promised;
        private double width;

        void add(List<BigDecimal> past, BigDecimal sum, int ahead) {
            Projection projection = Projection.of(past, ahead).orElseThrow();
            List<ToDoubleBiFunction<List<BigDecimal>, Integer>> ways = List.of(
                    (days, left) -> projection.expected().doubleValue(),
                    (days, left) -> days.get(days.size() - 1).doubleValue() * left,
                    (days, left) -> mean(days) * left,
                    (days, left) -> mean(days.subList(Math.max(0, days.size() - 7), days.size())) * left);
            for (int way = 0; way < ways.size(); way++) {
                wrong[way] += Math.abs(ways.get(way).applyAsDouble(past, ahead) - sum.doubleValue());
            }
            came += sum.doubleValue();
            tries++;
            promised += projection.coverage().doubleValue();
            width += projection.high().subtract(projection.low()).doubleValue();
            if (projection.low().compareTo(sum) <= 0 && sum.compareTo(projection.high()) <= 0) {
                held++;
            }
        }

        void add(Score other) {
            // Each kind counts the same, however much it spends.
            for (int way = 0; way < wrong.length; way++) {
                wrong[way] += other.wrong[way] / other.came;
            }
            came += 1;
            tries += other.tries;
            held += other.held;
            promised += other.promised;
            width += other.width / other.came;
        }

        double wape(int way) {
            return 100 * wrong[way] / came;
        }

        double held() {
            return 100.0 * held / tries;
        }

        double promised() {
            return 100 * promised / tries;
        }

        void print(String what) {
            System.out.printf(
                    Locale.ROOT,
                    "%-44s WAPE %5.1f %%  last day %5.1f %%  mean of all %5.1f %%  mean of 7 %5.1f %%"
                            + "  interval holds %4.1f %% (says %4.1f %%), is %5.1f %% wide, %d forecasts%n",
                    what,
                    wape(0),
                    wape(1),
                    wape(2),
                    wape(3),
                    held(),
                    promised(),
                    100 * width / came,
                    tries);
        }
    }

    @Test
    void ofGeneratedTenantsAMonthsRestIsForecastBetterThanByTheLastDayOrByTheMeanOfAll() {
        Score all = new Score();
        Random random = new Random(SEED);
        System.out.println("forecasts of 1 to 30 days after 28 to 84 days, seed " + SEED);
        DaysOfSpend.generated(SEED, SERIES).forEach((kind, tenants) -> {
            Score score = scored(tenants, random, 28, 84, 30);
            score.print(kind);
            all.add(score);
        });
        all.print("all");
        assertThat(all.wape(0)).isLessThan(all.wape(1)).isLessThan(all.wape(2));
        assertThat(all.held()).isBetween(70.0, 95.0);
    }

    @Test
    void ofTenantsThatAreNewTheIntervalStillSaysHowSureItIs() {
        Score all = new Score();
        Random random = new Random(SEED);
        System.out.println("forecasts of 1 to 30 days after 2 to 20 days, seed " + SEED);
        DaysOfSpend.generated(SEED, SERIES).forEach((kind, tenants) -> {
            Score score = scored(tenants, random, 2, 20, 30);
            score.print(kind);
            all.add(score);
        });
        all.print("all");
        assertThat(all.held()).isGreaterThan(all.promised() - 15);
    }

    /** Real bursts, but not real days: the trace has one day, so there is nothing in it that weekdays could explain. */
    @Test
    void ofRealClientsTheStepsOfADayAreForecastBetterThanByTheMeanOfAll() throws IOException {
        Random random = new Random(SEED);
        System.out.println(
                "forecasts of 1 to 18 steps after 28 to 84 steps of ten minutes of one real day, taken for days");
        Score score = scored(DaysOfSpend.requestsOfRealClients(), random, 28, 84, 18);
        score.print("ServeGen, 108 clients");
        assertThat(score.wape(0)).isLessThan(score.wape(2));
    }

    private static Score scored(List<List<BigDecimal>> tenants, Random random, int least, int most, int aheadMost) {
        Score score = new Score();
        for (List<BigDecimal> days : tenants) {
            for (int i = 0; i < 12; i++) {
                int ahead = 1 + random.nextInt(aheadMost);
                int from = random.nextInt(days.size() - most - aheadMost + 1);
                int known = from + least + random.nextInt(most - least + 1);
                score.add(
                        new ArrayList<>(days.subList(from, known)),
                        PastErrors.sum(days.subList(known, known + ahead)),
                        ahead);
            }
        }
        return score;
    }

    private static double mean(List<BigDecimal> days) {
        return days.stream().mapToDouble(BigDecimal::doubleValue).average().orElseThrow();
    }
}
