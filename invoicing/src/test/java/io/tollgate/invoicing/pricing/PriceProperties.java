package io.tollgate.invoicing.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Laws of every price. Each property is driven by a seed, which jqwik prints when it fails. */
class PriceProperties {

    /** Cut anywhere, also back and forth as reversals do. */
    @Property(tries = 500)
    void whateverPartsAPeriodIsCutIntoTheyCostWhatTheWholeCosts(@ForAll long seed) {
        Random random = new Random(seed);
        MeterPrice price = RandomPrices.terms(random);
        BigInteger total = quantity(random);
        BigDecimal sum = BigDecimal.ZERO;
        BigInteger position = BigInteger.ZERO;
        for (int i = random.nextInt(8); i > 0; i--) {
            BigInteger next = quantity(random).subtract(BigInteger.valueOf(500));
            sum = sum.add(cost(price, position, next, total));
            position = next;
        }
        sum = sum.add(cost(price, position, total, total));

        assertThat(sum).isEqualByComparingTo(cost(price, BigInteger.ZERO, total, total));
    }

    /** What "list times 0.9" promises: every bill is nine tenths. */
    @Property(tries = 500)
    void aMultipliedPriceCostsThatManyTimesAsMuch(@ForAll long seed) {
        Random random = new Random(seed);
        MeterPrice price = RandomPrices.terms(random);
        BigDecimal factor = BigDecimal.valueOf(random.nextInt(3_000), 3);
        BigInteger total = quantity(random);
        BigInteger from = quantity(random);
        BigInteger to = quantity(random);

        assertThat(cost(price.times(factor), from, to, total))
                .isEqualByComparingTo(cost(price, from, to, total).multiply(factor));
    }

    @Property(tries = 500)
    void moreUsageNeverCostsLess(@ForAll long seed) {
        Random random = new Random(seed);
        MeterPrice price = RandomPrices.terms(random);
        BigInteger total = quantity(random);
        BigInteger from = quantity(random);

        assertThat(cost(price, from, from.add(quantity(random)), total)).isNotNegative();
    }

    @Property(tries = 500)
    void theStepsOfTheArithmeticAddUp(@ForAll long seed) {
        Random random = new Random(seed);
        MeterPrice price = RandomPrices.terms(random);
        Stretch stretch = new Stretch(quantity(random).subtract(quantity(random)), quantity(random), quantity(random));

        assertThat(sum(price.charges(stretch))).isEqualByComparingTo(price.of(stretch));
    }

    @Property(tries = 500)
    void whatIsTakenBackGivesBackWhatItCost(@ForAll long seed) {
        Random random = new Random(seed);
        MeterPrice price = RandomPrices.terms(random);
        BigInteger from = quantity(random);
        BigInteger to = quantity(random);
        BigInteger total = quantity(random);

        assertThat(cost(price, to, from, total))
                .isEqualByComparingTo(cost(price, from, to, total).negate());
        assertThat(cost(price, from.negate(), to.negate(), total.negate()))
                .isEqualByComparingTo(cost(price, from, to, total).negate());
    }

    @Property(tries = 500)
    void theBoundsHold(@ForAll long seed) {
        Random random = new Random(seed);
        MeterPrice price = RandomPrices.terms(random);
        BigInteger total = quantity(random).add(BigInteger.ONE);
        BigDecimal cost = cost(price, BigInteger.ZERO, total, total);

        price.minimum().ifPresent(least -> assertThat(cost).isGreaterThanOrEqualTo(least));
        price.maximum().ifPresent(most -> assertThat(cost).isLessThanOrEqualTo(most));
    }

    /** An independent reckoning: graduated prices unit by unit. */
    @Property(tries = 100)
    void aGraduatedPriceIsTheSumOfItsUnits(@ForAll long seed) {
        Random random = new Random(seed);
        Price price = RandomPrices.price(random);
        if (!(price instanceof TieredPrice tiered)) {
            return;
        }
        TieredPrice graduated = new TieredPrice(TieredPrice.Mode.GRADUATED, tiered.tiers(), false);
        List<BigDecimal> units = new ArrayList<>();
        int total = random.nextInt(5_000);
        int tier = 0;
        for (int unit = 1; unit <= total; unit++) {
            boolean entered = unit == 1;
            while (graduated.tiers().get(tier).upTo().isPresent()
                    && BigInteger.valueOf(unit)
                                    .compareTo(
                                            graduated.tiers().get(tier).upTo().get())
                            > 0) {
                tier++;
                entered = true;
            }
            units.add(graduated.tiers().get(tier).rate().of(BigInteger.ONE));
            if (entered) {
                units.add(graduated.tiers().get(tier).flatFee());
            }
        }
        BigInteger all = BigInteger.valueOf(total);

        assertThat(cost(MeterPrice.of(graduated), BigInteger.ZERO, all, all))
                .isEqualByComparingTo(units.stream().reduce(BigDecimal.ZERO, BigDecimal::add));
    }

    private static BigInteger quantity(Random random) {
        return random.nextInt(20) == 0
                ? new BigInteger(90, random)
                : BigInteger.valueOf(random.nextInt(1 + random.nextInt(8_000)));
    }

    /** Not by way of a stretch of no length, which stands for no usage. */
    private static BigDecimal cost(MeterPrice price, BigInteger from, BigInteger to, BigInteger total) {
        return from.equals(to) ? BigDecimal.ZERO : price.of(new Stretch(from, to, total));
    }

    private static BigDecimal sum(List<Charge> charges) {
        return charges.stream().map(Charge::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}
