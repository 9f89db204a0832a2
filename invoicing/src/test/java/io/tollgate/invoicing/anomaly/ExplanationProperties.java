package io.tollgate.invoicing.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.invoicing.anomaly.Explanation.OfProduct;
import io.tollgate.invoicing.usage.Product;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Laws of any two days. Each property is driven by a seed, which jqwik prints when it fails. */
class ExplanationProperties {

    private static final List<String> METERS = List.of(
            "input_tokens",
            "cache_read_tokens",
            "cache_write_5m_tokens",
            "output_tokens",
            "reasoning_tokens",
            "input_image_tokens",
            "cache_read_image_tokens",
            "requests",
            "images",
            "training_tokens",
            "accelerator_ms");

    /** A day of a tenant: any meters of any of five products, also such that net to nothing or less. */
    private static List<Consumption> day(Random random) {
        List<Consumption> day = new ArrayList<>();
        for (int i = random.nextInt(15); i > 0; i--) {
            BigInteger quantity = switch (random.nextInt(10)) {
                case 0 -> BigInteger.ZERO;
                case 1 -> BigInteger.valueOf(-random.nextInt(1_000_000));
                default -> new BigInteger(1 + random.nextInt(50), random);
            };
            day.add(new Consumption(
                    product(random.nextInt(5)),
                    METERS.get(random.nextInt(METERS.size())),
                    quantity,
                    BigDecimal.valueOf(random.nextInt(1_000_000_000), random.nextInt(14))));
        }
        return day;
    }

    /** A day of ordinary usage, at prices with an exact decimal. */
    private static List<Consumption> ordinary(Random random) {
        List<Consumption> day = new ArrayList<>();
        for (int product = 1 + random.nextInt(4); product > 0; product--) {
            for (String meter : METERS.subList(0, 8)) {
                long quantity = 1L + random.nextInt(100_000_000);
                day.add(priced(product(product), meter, quantity, price(random)));
            }
        }
        return day;
    }

    private static BigDecimal price(Random random) {
        return BigDecimal.valueOf(1L + random.nextInt(10_000), 9);
    }

    private static Product product(int number) {
        return new Product("openai", "model-" + number, "", "", "chat", "standard", "success", 0);
    }

    private static Consumption priced(Product product, String meter, long quantity, BigDecimal price) {
        return new Consumption(
                product, meter, BigInteger.valueOf(quantity), price.multiply(BigDecimal.valueOf(quantity)));
    }

    private static void assertAddsUp(Explanation explanation) {
        assertThat(explanation.parts().sum()).isEqualByComparingTo(explanation.difference());
        for (OfProduct each : explanation.products()) {
            assertThat(each.parts().sum()).isEqualByComparingTo(each.difference());
        }
        assertThat(explanation.products().stream().map(OfProduct::parts).reduce(CostParts.NONE, CostParts::plus))
                .isEqualTo(explanation.parts());
    }

    @Property(tries = 500)
    void thePartsAddUpToTheDifferenceExactly(@ForAll long seed) {
        Random random = new Random(seed);
        assertAddsUp(Explanation.of(day(random), day(random)));
    }

    @Property(tries = 200)
    void theOrderOfRowsAndHowFinelyTheyAreToldDoNotMatter(@ForAll long seed) {
        Random random = new Random(seed);
        List<Consumption> before = day(random);
        List<Consumption> after = day(random);
        List<Consumption> shuffled = new ArrayList<>();
        for (Consumption each : after) {
            BigInteger third = each.quantity().divide(BigInteger.valueOf(3));
            shuffled.add(new Consumption(each.product(), each.meter(), third, BigDecimal.ZERO));
            shuffled.add(new Consumption(
                    each.product(), each.meter(), each.quantity().subtract(third), each.cost()));
        }
        Collections.shuffle(shuffled, random);
        assertThat(Explanation.of(before, shuffled)).isEqualTo(Explanation.of(before, after));
    }

    @Property(tries = 200)
    void ifNothingChangedNothingIsToExplain(@ForAll long seed) {
        List<Consumption> day = day(new Random(seed));
        Explanation explanation = Explanation.of(day, day);
        assertThat(explanation.products()).isEmpty();
        assertThat(explanation.parts()).isEqualTo(CostParts.NONE);
    }

    @Property(tries = 200)
    void ifOnlyPricesChangedAllIsPrice(@ForAll long seed) {
        Random random = new Random(seed);
        List<Consumption> before = ordinary(random);
        List<Consumption> after = before.stream()
                .map(each ->
                        priced(each.product(), each.meter(), each.quantity().longValueExact(), price(random)))
                .toList();
        Explanation explanation = Explanation.of(before, after);
        assertAddsUp(explanation);
        assertThat(explanation.parts())
                .usingRecursiveComparison()
                .withComparatorForType(BigDecimal::compareTo, BigDecimal.class)
                .isEqualTo(new CostParts(BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO, explanation.difference()));
    }

    @Property(tries = 200)
    void ifThereIsSoManyTimesAsMuchOfEverythingAllIsVolume(
            @ForAll long seed, @ForAll @IntRange(min = 2, max = 9) int times) {
        List<Consumption> before = ordinary(new Random(seed));
        List<Consumption> after = before.stream()
                .map(each -> new Consumption(
                        each.product(),
                        each.meter(),
                        each.quantity().multiply(BigInteger.valueOf(times)),
                        each.cost().multiply(BigDecimal.valueOf(times))))
                .toList();
        assertOnlyVolume(Explanation.of(before, after));
        // Also where k has no exact decimal.
        assertOnlyVolume(Explanation.of(after, before));
    }

    private static void assertOnlyVolume(Explanation explanation) {
        assertAddsUp(explanation);
        assertThat(explanation.parts().volume()).isEqualByComparingTo(explanation.difference());
        for (OfProduct each : explanation.products()) {
            assertThat(each.parts().volume()).isEqualByComparingTo(each.difference());
        }
    }

    @Property(tries = 200)
    void ifModelsWereExchangedAllIsMix(@ForAll long seed) {
        Random random = new Random(seed);
        List<Consumption> before = ordinary(random);
        // The same quantities of other models, at other prices.
        List<Consumption> after = before.stream()
                .map(each -> priced(
                        new Product("mistral", each.product().model(), "", "", "chat", "standard", "success", 0),
                        each.meter(),
                        each.quantity().longValueExact(),
                        price(random)))
                .toList();
        Explanation explanation = Explanation.of(before, after);
        assertAddsUp(explanation);
        assertThat(explanation.parts().volume()).isEqualByComparingTo("0");
        assertThat(explanation.parts().cacheHit()).isEqualByComparingTo("0");
        assertThat(explanation.parts().price()).isEqualByComparingTo("0");
        assertThat(explanation.parts().mix()).isEqualByComparingTo(explanation.difference());
    }

    @Property(tries = 200)
    void ifFreshPromptsCameFromACacheAllIsCacheHits(@ForAll long seed) {
        Random random = new Random(seed);
        List<Consumption> before = ordinary(random);
        Map<Product, List<Consumption>> products = before.stream().collect(Collectors.groupingBy(Consumption::product));
        List<Consumption> after = new ArrayList<>();
        products.forEach((product, meters) -> {
            Consumption fresh = meters.get(0);
            Consumption cached = meters.get(1);
            long moved = Math.floorMod(random.nextLong(), fresh.quantity().longValueExact());
            after.add(moved(fresh, -moved));
            after.add(moved(cached, moved));
            after.addAll(meters.subList(2, meters.size()));
        });
        Explanation explanation = Explanation.of(before, after);
        assertAddsUp(explanation);
        assertThat(explanation.parts().volume()).isEqualByComparingTo("0");
        assertThat(explanation.parts().mix()).isEqualByComparingTo("0");
        assertThat(explanation.parts().price()).isEqualByComparingTo("0");
        assertThat(explanation.parts().cacheHit()).isEqualByComparingTo(explanation.difference());
    }

    private static Consumption moved(Consumption each, long by) {
        BigDecimal price = each.cost().divide(new BigDecimal(each.quantity()));
        return priced(each.product(), each.meter(), each.quantity().longValueExact() + by, price);
    }
}
