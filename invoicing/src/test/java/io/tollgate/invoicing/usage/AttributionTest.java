package io.tollgate.invoicing.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.tollgate.invoicing.Fixtures;
import io.tollgate.meters.Aggregation;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class AttributionTest {

    private static final TimeRange NOVEMBER = Fixtures.NOVEMBER;

    @Test
    void theGreatestBelongsToTheWindowThatFirstSawIt() {
        assertThat(Attribution.of(List.of(
                        observed(Aggregation.MAX, 7, 0, ""),
                        observed(Aggregation.MAX, 9, 3, "red"),
                        observed(Aggregation.MAX, 9, 2, "blue"))))
                .extracting(Attribution::window, Attribution::project, Attribution::quantity)
                .containsExactly(tuple(window(2), "blue", BigInteger.valueOf(9)));
    }

    @Test
    void theLeastBelongsToTheWindowThatFirstSawIt() {
        assertThat(Attribution.of(List.of(observed(Aggregation.MIN, 7, 0, ""), observed(Aggregation.MIN, 2, 3, "red"))))
                .extracting(Attribution::window, Attribution::quantity)
                .containsExactly(tuple(window(3), BigInteger.valueOf(2)));
    }

    @Test
    void theLatestBelongsToItsOwnWindowThoughItsValueWasThereBefore() {
        Observed twice = new Observed(
                NOVEMBER,
                "acme",
                "",
                new TreeMap<>(),
                Fixtures.gpt4o(),
                "latest",
                Aggregation.LATEST,
                5,
                window(0),
                window(8).plusSeconds(17));

        assertThat(Attribution.of(List.of(observed(Aggregation.LATEST, 9, 4, ""), twice)))
                .extracting(Attribution::window, Attribution::quantity)
                .containsExactly(tuple(window(8), BigInteger.valueOf(5)));
    }

    @Test
    void eachDifferentValueCountsOnceWhereItFirstAppeared() {
        assertThat(Attribution.of(List.of(
                        observed(Aggregation.UNIQUE_COUNT, 42, 5, "red"),
                        observed(Aggregation.UNIQUE_COUNT, 42, 1, "blue"),
                        observed(Aggregation.UNIQUE_COUNT, 43, 5, "red"))))
                .extracting(Attribution::window, Attribution::project, Attribution::quantity)
                .containsExactlyInAnyOrder(
                        tuple(window(1), "blue", BigInteger.ONE), tuple(window(5), "red", BigInteger.ONE));
    }

    @Test
    void monthsTenantsAndProductsAreDecidedEachForItself() {
        Observed december = new Observed(
                new TimeRange(NOVEMBER.to(), NOVEMBER.to().plusSeconds(31 * 86400)),
                "acme",
                "",
                new TreeMap<>(),
                Fixtures.gpt4o(),
                "users",
                Aggregation.UNIQUE_COUNT,
                42,
                NOVEMBER.to(),
                NOVEMBER.to());

        assertThat(Attribution.of(List.of(observed(Aggregation.UNIQUE_COUNT, 42, 0, ""), december)))
                .hasSize(2);
    }

    @Property
    void howeverTimeAndProjectsAreCutThePartsAddUpToTheMonth(
            @ForAll("observations") List<Observed> observed, @ForAll Random random) {
        List<Attribution> attributions = Attribution.of(observed);
        Set<Instant> cuts = new HashSet<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            cuts.add(window(random.nextInt(100)));
        }

        Map<String, BigInteger> whole = sums(Attribution.addTo(List.of(), attributions, List.of(NOVEMBER), false));
        Map<String, BigInteger> parts = sums(Attribution.addTo(List.of(), attributions, NOVEMBER.cutAt(cuts), true));

        assertThat(parts).isEqualTo(whole);
        List<Observed> shuffled = new ArrayList<>(observed);
        Collections.shuffle(shuffled, random);
        assertThat(Attribution.of(shuffled)).containsExactlyInAnyOrderElementsOf(attributions);
        observed.stream()
                .filter(each -> each.aggregation() == Aggregation.MAX)
                .mapToLong(Observed::value)
                .max()
                .ifPresent(max -> assertThat(whole).containsEntry("max", BigInteger.valueOf(max)));
        long different = observed.stream()
                .filter(each -> each.aggregation() == Aggregation.UNIQUE_COUNT)
                .map(Observed::value)
                .distinct()
                .count();
        assertThat(whole.getOrDefault("unique_count", BigInteger.ZERO)).isEqualTo(BigInteger.valueOf(different));
    }

    @Provide
    Arbitrary<List<Observed>> observations() {
        return Combinators.combine(
                        Arbitraries.of(Aggregation.MAX, Aggregation.MIN, Aggregation.LATEST, Aggregation.UNIQUE_COUNT),
                        Arbitraries.longs().between(0, 5),
                        Arbitraries.integers().between(0, 99),
                        Arbitraries.of("", "red", "blue"))
                .as(AttributionTest::observed)
                .list()
                .ofMaxSize(40);
    }

    private static Map<String, BigInteger> sums(List<UsageTotal> totals) {
        Map<String, BigInteger> sums = new HashMap<>();
        totals.forEach(
                total -> total.quantities().forEach((meter, quantity) -> sums.merge(meter, quantity, BigInteger::add)));
        return sums;
    }

    private static Instant window(int number) {
        return NOVEMBER.from().plusSeconds(number * Window.SECONDS);
    }

    private static Observed observed(Aggregation aggregation, long value, int window, String project) {
        return new Observed(
                NOVEMBER,
                "acme",
                project,
                new TreeMap<>(),
                Fixtures.gpt4o(),
                aggregation.code(),
                aggregation,
                value,
                window(window),
                window(window).plusSeconds(value));
    }
}
