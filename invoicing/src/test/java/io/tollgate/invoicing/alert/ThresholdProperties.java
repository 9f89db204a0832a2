package io.tollgate.invoicing.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.invoicing.alert.BudgetAlerts.Expected;
import io.tollgate.invoicing.budget.Budget;
import io.tollgate.invoicing.budget.Counted;
import io.tollgate.invoicing.budget.Cycle;
import io.tollgate.invoicing.budget.Measure;
import io.tollgate.invoicing.budget.Subject;
import io.tollgate.invoicing.usage.TimeRange;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * Alerts of a budget that is counted again and again, with counts that fall, repeat and jump, while it is changed and periods
 * pass; against a model of what somebody is to be told. What is kept of alerts is their ids, as in the database.
 */
class ThresholdProperties {

    private static final Instant START = Instant.parse("2023-11-10T00:00:00Z");
    private static final Currency USD = Currency.getInstance("USD");
    private static final List<String> PERCENTS = List.of("12.5", "50", "80", "99.99", "100", "100.01", "250");

    /** What a budget says that makes its thresholds others. */
    private record Wanted(BigDecimal amount, Cycle cycle, Measure measure, Optional<String> project) {}

    /** What is told once. */
    private record Told(Wanted wanted, TimeRange period, BigDecimal percent, boolean forecast) {}

    @Property(tries = 500)
    void eachThresholdOfEachPeriodIsToldOnceWhateverIsCountedHoweverOften(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int counts) {
        Random random = new Random(seed);
        Map<String, Told> told = new HashMap<>();
        List<Told> expected = new ArrayList<>();
        Instant now = START;
        Wanted wanted = wanted(random);
        BigDecimal used = BigDecimal.ZERO;
        for (int i = 0; i < counts; i++) {
            switch (random.nextInt(6)) {
                case 0 -> wanted = wanted(random);
                case 1 -> now = now.plus(Duration.ofDays(random.nextInt(20)));
                // Corrections make a count fall; and many find the same.
                case 2, 3, 4 -> used = new BigDecimal(random.nextInt(30_000)).movePointLeft(2);
                default -> {}
            }
            Budget budget = budget(wanted);
            TimeRange period = wanted.cycle().at(now, ZoneOffset.UTC).orElseThrow();
            Counted counted =
                    new Counted(period, ZoneOffset.UTC, used, new TreeMap<>(), Optional.of(USD), now, new TreeMap<>());
            Optional<Expected> end = random.nextInt(4) == 0
                    ? Optional.empty()
                    : Optional.of(new Expected(used.add(new BigDecimal(random.nextInt(200))), "drawn"));
            for (Alert alert : BudgetAlerts.of(budget, counted, end, now)) {
                told.putIfAbsent(alert.id(), told(wanted, period, alert.cause()));
            }
            model(wanted, period, used, end, expected);
        }
        assertThat(told.values()).containsExactlyInAnyOrderElementsOf(expected);
    }

    private static void model(
            Wanted wanted, TimeRange period, BigDecimal used, Optional<Expected> end, List<Told> expected) {
        for (String percent : PERCENTS) {
            BigDecimal bound = wanted.amount().multiply(new BigDecimal(percent)).movePointLeft(2);
            boolean isReached = used.compareTo(bound) >= 0;
            boolean isForecast = !isReached
                    && end.filter(expect -> expect.total().compareTo(bound) >= 0)
                            .isPresent();
            Told one = new Told(wanted, period, new BigDecimal(percent), isForecast);
            if ((isReached || isForecast) && !expected.contains(one)) {
                expected.add(one);
            }
        }
    }

    private static Told told(Wanted wanted, TimeRange period, Cause cause) {
        return new Told(
                wanted,
                period,
                new BigDecimal(String.valueOf(cause.facts().get("percent"))),
                cause.kind().equals(Cause.BreachForecast.KIND));
    }

    private static Wanted wanted(Random random) {
        return new Wanted(
                List.of(new BigDecimal("100"), new BigDecimal("100.5"), new BigDecimal("200"))
                        .get(random.nextInt(3)),
                new Cycle.Every(random.nextBoolean() ? Cycle.Unit.DAY : Cycle.Unit.MONTH),
                List.of(
                                new Measure.OfCost(Measure.Kind.EFFECTIVE, USD),
                                new Measure.OfCost(Measure.Kind.LIST, USD),
                                new Measure.OfMeter("USD"))
                        .get(random.nextInt(3)),
                List.of(Optional.<String>empty(), Optional.of("a"), Optional.of("b"))
                        .get(random.nextInt(3)));
    }

    private static Budget budget(Wanted wanted) {
        TreeSet<BigDecimal> percents = new TreeSet<>();
        PERCENTS.forEach(percent -> percents.add(new BigDecimal(percent)));
        return new Budget(
                "budget",
                1,
                false,
                new Budget.Wish(
                        "b",
                        new Subject("acme", wanted.project(), new TreeMap<>()),
                        wanted.cycle(),
                        wanted.measure(),
                        wanted.amount(),
                        percents,
                        percents,
                        true,
                        true,
                        new TreeSet<>()),
                START,
                START);
    }
}
