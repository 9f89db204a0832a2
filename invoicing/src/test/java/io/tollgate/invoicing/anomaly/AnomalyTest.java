package io.tollgate.invoicing.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tollgate.invoicing.anomaly.Anomaly.Day;
import io.tollgate.invoicing.usage.Product;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AnomalyTest {

    private static final Currency USD = Currency.getInstance("USD");
    private static final long SEED = 20_261_121;
    /** A Monday. */
    private static final LocalDate FIRST = LocalDate.of(2026, 6, 1);

    private static Consumption of(String model, double cost) {
        return new Consumption(
                new Product("openai", model, "", "", "chat", "standard", "success", 0),
                "input_tokens",
                BigInteger.valueOf(Math.round(cost * 1000)),
                new BigDecimal(cost, new MathContext(8)));
    }

    private static List<Day> days(int count, IntToDoubleFunction cost) {
        return IntStream.range(0, count)
                .mapToObj(day -> new Day(FIRST.plusDays(day), List.of(of("gpt-4o", cost.applyAsDouble(day)))))
                .toList();
    }

    private static List<Day> and(List<Day> days, Consumption... usage) {
        List<Day> all = new ArrayList<>(days);
        all.add(new Day(FIRST.plusDays(days.size()), List.of(usage)));
        return all;
    }

    private static List<Anomaly> on(List<Day> days) {
        return Anomaly.on(days, Sensitivity.USUAL, USD);
    }

    private static double weekday(int day) {
        return day % 7 < 5 ? 100 + day % 3 : 20;
    }

    @Test
    void aDayThatIsThreeTimesWhatItShouldBeIsFoundWithItsCause() {
        List<Anomaly> found = on(and(days(28, AnomalyTest::weekday), of("gpt-4o", 300)));
        assertThat(found)
                .extracting(Anomaly::scope)
                .containsExactly(new Scope.Whole(), new Scope.OfModel("openai", "gpt-4o"));
        Anomaly whole = found.get(0);
        assertThat(whole.day()).isEqualTo(FIRST.plusDays(28));
        assertThat(whole.actual().digits()).isEqualTo("300.00");
        assertThat(whole.expected().amount()).isBetween(new BigDecimal("99"), new BigDecimal("103"));
        assertThat(whole.against().getDayOfWeek()).isEqualTo(whole.day().getDayOfWeek());
        assertThat(whole.explanation().parts().volume())
                .isEqualByComparingTo(whole.explanation().difference());
    }

    @Test
    void aDayOnWhichAlmostNothingIsUsedIsFoundToo() {
        assertThat(on(and(days(28, AnomalyTest::weekday), of("gpt-4o", 3)))).hasSize(2);
        assertThat(on(and(days(28, AnomalyTest::weekday)))).hasSize(2);
    }

    @Test
    void aWeekendIsNoAnomalyThoughOtherDaysCostMore() {
        for (int known : List.of(8, 12, 13, 19, 26, 33, 34)) {
            List<Day> all = days(known + 1, AnomalyTest::weekday);
            assertThat(on(all)).as("after %s days", known).isEmpty();
        }
    }

    @Test
    void aShiftInsideAFlatTotalIsFoundOfTheModelsAlone() {
        List<Anomaly> found = on(and(days(30, day -> 100), of("gpt-4o", 40), of("o3", 60)));
        assertThat(found)
                .extracting(Anomaly::scope)
                .containsExactly(new Scope.OfModel("openai", "gpt-4o"), new Scope.OfModel("openai", "o3"));
        assertThat(found.get(1).expected().signum()).isZero();
        assertThat(found.get(1).score()).isEqualByComparingTo("99.9");
    }

    @Test
    void littleMoneyIsNotWorthAWord() {
        assertThat(on(and(days(30, day -> 1), of("gpt-4o", 9)))).isEmpty();
        assertThat(Anomaly.on(
                        and(days(30, day -> 1), of("gpt-4o", 9)),
                        new Sensitivity(BigDecimal.ONE, new BigDecimal("0.25"), new BigDecimal("3.5")),
                        USD))
                .hasSize(2);
    }

    @Test
    void whoBeganLessThanAWeekAgoIsNotJudged() {
        assertThat(on(and(days(6, day -> 100), of("gpt-4o", 900)))).isEmpty();
        assertThat(on(and(days(7, day -> 100), of("gpt-4o", 900)))).hasSize(2);
        List<Day> beganLate = new ArrayList<>();
        for (int day = 0; day < 30; day++) {
            beganLate.add(new Day(FIRST.plusDays(day), day < 26 ? List.of() : List.of(of("gpt-4o", 100))));
        }
        assertThat(on(and(beganLate, of("gpt-4o", 900)))).isEmpty();
    }

    @Test
    void aNewLevelIsOutOfTheOrdinaryForSomeDaysOnly() {
        List<Day> days = days(60, day -> day < 40 ? 100 : 200);
        assertThat(on(days.subList(0, 41))).isNotEmpty();
        assertThat(on(days.subList(0, 43))).isNotEmpty();
        assertThat(on(days.subList(0, 45))).isEmpty();
        assertThat(on(days)).isEmpty();
    }

    @Test
    void oneOddDayDoesNotMakeTheNextOnesOdd() {
        List<Day> days = days(40, day -> day == 30 ? 900 : 100 + day % 4);
        for (int known = 32; known <= 40; known++) {
            assertThat(on(days.subList(0, known))).isEmpty();
        }
    }

    @Test
    void boundsAreAboveZero() {
        assertThatThrownBy(() -> new Sensitivity(BigDecimal.ZERO, BigDecimal.ONE, BigDecimal.ONE))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** How often ordinary days are taken for others, and odd ones are not found; printed, as bounds are chosen by it. */
    @Test
    void fewOrdinaryDaysAreFlaggedAndMostOddOnes() {
        Random random = new Random(SEED);
        for (double noise : new double[] {0.1, 0.2, 0.3}) {
            int judged = 0;
            int wrong = 0;
            int doubled = 0;
            int halved = 0;
            for (int tenant = 0; tenant < 60; tenant++) {
                double base = 50 * Math.exp(4 * random.nextDouble());
                double weekend = 0.1 + 0.8 * random.nextDouble();
                double growth = 0.002 * random.nextGaussian();
                List<Day> days = days(
                        50,
                        day -> base
                                * (day % 7 < 5 ? 1 : weekend)
                                * Math.exp(growth * day + noise * random.nextGaussian()));
                for (int day = 8; day < 50; day++) {
                    judged++;
                    wrong += on(days.subList(0, day + 1)).isEmpty() ? 0 : 1;
                    double cost = days.get(day).usage().get(0).cost().doubleValue();
                    doubled += on(and(days.subList(0, day), of("gpt-4o", 2.5 * cost)))
                                    .isEmpty()
                            ? 0
                            : 1;
                    halved += on(and(days.subList(0, day), of("gpt-4o", 0.3 * cost)))
                                    .isEmpty()
                            ? 0
                            : 1;
                }
            }
            System.out.printf(
                    Locale.ROOT,
                    "noise %.0f %%: of %d ordinary days %.2f %% flagged; of those times 2.5 %.1f %%, times 0.3 %.1f %%;"
                            + " seed %d%n",
                    100 * noise,
                    judged,
                    100.0 * wrong / judged,
                    100.0 * doubled / judged,
                    100.0 * halved / judged,
                    SEED);
            assertThat(wrong).isLessThan(judged / 20);
        }
    }
}
