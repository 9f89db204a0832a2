package io.tollgate.invoicing.focus;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.invoicing.pricing.Charge;
import io.tollgate.invoicing.pricing.MeterPrice;
import io.tollgate.invoicing.pricing.RandomPrices;
import io.tollgate.invoicing.pricing.Stretch;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Laws of parting any usage by any two prices, from tiny ones to huge quantities, also taken back. Each property is driven
 * by a seed, which jqwik prints when it fails.
 */
class PricedPartsProperties {

    @Property(tries = 3000)
    void thePartsAddUpToBothCostsAndToTheUsage(@ForAll long seed) {
        Case generated = Case.of(new Random(seed));
        List<PricedPart> parts = generated.parts();

        assertThat(sum(parts, PricedPart::contracted)).isEqualByComparingTo(sumOf(generated.contracted()));
        assertThat(sum(parts, PricedPart::list)).isEqualByComparingTo(sumOf(generated.list()));
        assertThat(parts.stream().map(PricedPart::consumed).reduce(BigInteger.ZERO, BigInteger::add))
                .isEqualTo(generated.units());
    }

    /** Whoever multiplies, also at a rate of exchange, gets the cost to the last digit. */
    @Property(tries = 3000)
    void eachPartIsItsQuantityTimesAPriceThatIsNotNegative(@ForAll long seed) {
        Random random = new Random(seed);
        Case generated = Case.of(random);
        BigDecimal rate = BigDecimal.valueOf(1 + random.nextInt(1_000_000), 4);
        for (PricedPart part : generated.parts()) {
            assertThat(part.listPrice()).isNotNegative();
            assertThat(part.contractedPrice()).isNotNegative();
            assertThat(part.isNothing()).isFalse();
            PricedPart converted = part.times(rate);
            assertThat(converted.contracted())
                    .isEqualByComparingTo(part.contracted().multiply(rate));
            assertThat(converted.list()).isEqualByComparingTo(part.list().multiply(rate));
            assertThat(converted.quantity()).isEqualTo(part.quantity());
        }
    }

    @Property(tries = 1000)
    void aPartOfUnitsIsMadeOfAsManyAsItsPriceIsPer(@ForAll long seed) {
        Case generated = Case.of(new Random(seed));
        for (PricedPart part : generated.parts()) {
            boolean isOfPackages = part.label().equals(Charge.Kind.PACKAGES.label());
            if (part.consumed().signum() != 0 && !isOfPackages) {
                assertThat(part.quantity().multiply(new BigDecimal(part.per())))
                        .isEqualByComparingTo(new BigDecimal(part.consumed()));
                assertThat(part.consumed().signum()).isEqualTo(generated.units().signum());
            }
        }
    }

    @Property(tries = 1000)
    void byOnePriceBothCostsOfEachPartAreOne(@ForAll long seed) {
        Case generated = Case.of(new Random(seed));
        assertThat(PricedParts.of(generated.units(), generated.contracted(), generated.contracted()))
                .allSatisfy(part -> assertThat(part.listPrice()).isEqualByComparingTo(part.contractedPrice()));
    }

    @Property(tries = 1000)
    void partsOfAmountsAddUpToThem(@ForAll long seed) {
        Random random = new Random(seed);
        BigInteger units = BigInteger.valueOf(random.nextInt(2_000) - 1_000);
        BigDecimal contracted = CostSharesProperties.amount(random);
        BigDecimal list = CostSharesProperties.amount(random);
        List<PricedPart> parts = PricedParts.ofAmounts(units, contracted, list);

        assertThat(sum(parts, PricedPart::contracted)).isEqualByComparingTo(contracted);
        assertThat(sum(parts, PricedPart::list)).isEqualByComparingTo(list);
        assertThat(parts.stream().map(PricedPart::consumed).reduce(BigInteger.ZERO, BigInteger::add))
                .isEqualTo(units);
        assertThat(parts).allSatisfy(part -> {
            assertThat(part.listPrice()).isNotNegative();
            assertThat(part.contractedPrice()).isNotNegative();
        });
    }

    /** Some usage, what it is charged and what everybody is charged for it. */
    private record Case(BigInteger units, List<Charge> contracted, List<Charge> list) {

        static Case of(Random random) {
            BigInteger size = BigInteger.TEN.pow(random.nextInt(4) == 0 ? random.nextInt(25) : 0);
            BigInteger from = position(random, size);
            BigInteger to = random.nextInt(20) == 0 ? from : position(random, size);
            Stretch stretch = new Stretch(
                    from, to, from.max(to).add(position(random, size).abs()));
            return new Case(
                    stretch.quantity(),
                    price(random).charges(stretch),
                    price(random).charges(stretch));
        }

        private static BigInteger position(Random random, BigInteger size) {
            return BigInteger.valueOf(random.nextInt(8_000) - 1_000).multiply(size);
        }

        private static MeterPrice price(Random random) {
            MeterPrice price = RandomPrices.terms(random);
            return random.nextInt(3) == 0 ? price.times(BigDecimal.ONE.movePointLeft(random.nextInt(25))) : price;
        }

        List<PricedPart> parts() {
            return PricedParts.of(units, contracted, list);
        }
    }

    private static BigDecimal sum(List<PricedPart> parts, Function<PricedPart, BigDecimal> cost) {
        return parts.stream().map(cost).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static BigDecimal sumOf(List<Charge> charges) {
        return charges.stream().map(Charge::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}
