package io.tollgate.invoicing.pricing;

import static io.tollgate.invoicing.Fixtures.USD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tollgate.invoicing.pricing.TieredPrice.Mode;
import io.tollgate.invoicing.pricing.TieredPrice.Tier;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What each price makes of a quantity, and the forks that peers decide differently. */
class PriceTest {

    /** 1.00 each up to 5,000 (with a fee of 7.00), 0.50 each up to 9,000, 0.25 each above (with a fee of 3.00). */
    private static final List<Tier> TIERS =
            List.of(tier(5_000, "1.00", "7.00"), tier(9_000, "0.50", "0"), open("0.25", "3.00"));

    private static final Price GRADUATED = new TieredPrice(Mode.GRADUATED, TIERS, false);
    private static final Price VOLUME = new TieredPrice(Mode.VOLUME, TIERS, false);

    @Test
    void tierBoundIsInclusiveSo5_001IsInTier2OfUpTo5_000() {
        assertThat(cost(GRADUATED, 5_000)).isEqualByComparingTo("5007");
        assertThat(cost(GRADUATED, 5_001)).isEqualByComparingTo("5007.50");
        assertThat(cost(VOLUME, 5_000)).isEqualByComparingTo("5007");
        assertThat(cost(VOLUME, 5_001)).isEqualByComparingTo("2500.50");
    }

    @Test
    void theLastTierIsOpen() {
        assertThat(cost(GRADUATED, 9_000)).isEqualByComparingTo("7007");
        assertThat(cost(GRADUATED, 9_004)).isEqualByComparingTo("7011");
        assertThat(cost(VOLUME, 9_000)).isEqualByComparingTo("4500");
        assertThat(cost(VOLUME, 9_004)).isEqualByComparingTo("2254");
    }

    @Test
    void aTiersFlatFeeIsNotBilledAtZeroUsage() {
        assertThat(cost(GRADUATED, 0)).isEqualByComparingTo("0");
        assertThat(cost(VOLUME, 0)).isEqualByComparingTo("0");
    }

    @Test
    void aTiersFlatFeeIsBilledAtZeroUsageIfThePriceSaysSo() {
        for (Mode mode : Mode.values()) {
            Price price = new TieredPrice(mode, TIERS, true);
            assertThat(cost(price, 0)).isEqualByComparingTo("7");
            // And not once more where there is usage.
            assertThat(cost(price, 1)).isEqualByComparingTo("8");
        }
        assertThat(cost(new TieredPrice(Mode.GRADUATED, List.of(open("1", "0")), true), 0))
                .isEqualByComparingTo("0");
    }

    @Test
    void aGraduatedPriceChargesEachFlatFeeWhenItsTierIsReached() {
        MeterPrice price = MeterPrice.of(GRADUATED);

        assertThat(price.of(stretch(0, 1, 9_004))).isEqualByComparingTo("8");
        assertThat(price.of(stretch(1, 2, 9_004))).isEqualByComparingTo("1");
        assertThat(price.of(stretch(9_000, 9_001, 9_004))).isEqualByComparingTo("3.25");
        assertThat(price.of(stretch(9_001, 9_002, 9_004))).isEqualByComparingTo("0.25");
    }

    @Test
    void aVolumePriceRatesEveryPartByTheTierOfTheTotal() {
        MeterPrice price = MeterPrice.of(VOLUME);

        assertThat(price.of(stretch(0, 100, 9_004))).isEqualByComparingTo("28");
        assertThat(price.of(stretch(100, 200, 9_004))).isEqualByComparingTo("25");
        assertThat(price.of(stretch(0, 100, 6_000))).isEqualByComparingTo("50");
    }

    @Test
    void freeUnitsComeFirstAndPackagesRoundUp() {
        MeterPrice price = new MeterPrice(
                new PackagePrice(new BigDecimal("5.00"), BigInteger.valueOf(12)),
                BigInteger.valueOf(100),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());

        assertThat(cost(price, 100)).isEqualByComparingTo("0");
        assertThat(cost(price, 101)).isEqualByComparingTo("5");
        assertThat(cost(price, 112)).isEqualByComparingTo("5");
        assertThat(cost(price, 113)).isEqualByComparingTo("10");
    }

    @Test
    void includedUnitsComeBeforeTiersAndDoNotUseThemUp() {
        MeterPrice graduated = including(1_000, GRADUATED);
        MeterPrice volume = including(1_000, VOLUME);

        assertThat(cost(graduated, 1_000)).isEqualByComparingTo("0");
        assertThat(cost(graduated, 6_000)).isEqualByComparingTo("5007");
        assertThat(cost(volume, 6_000)).isEqualByComparingTo("5007");
        assertThat(cost(volume, 6_001)).isEqualByComparingTo("2500.50");
    }

    @Test
    void aFlatFeeIsDueOnceAndOnlyIfThereIsUsage() {
        Price fee = new FlatFee(new BigDecimal("9.99"));

        assertThat(cost(fee, 0)).isEqualByComparingTo("0");
        assertThat(cost(fee, 1)).isEqualByComparingTo("9.99");
        assertThat(cost(fee, 1_000_000)).isEqualByComparingTo("9.99");
        assertThat(MeterPrice.of(fee).of(stretch(1, 2, 2))).isEqualByComparingTo("0");
    }

    @Test
    void aMaximumIsADiscountOnWhatCrossesIt() {
        MeterPrice price = bounded("0", "10");

        assertThat(price.of(stretch(0, 8, 20))).isEqualByComparingTo("8");
        assertThat(price.charges(stretch(8, 15, 20)))
                .extracting(
                        charge -> charge.kind().label() + " " + charge.amount().toPlainString())
                .containsExactly("units 7", "maximum -5");
        assertThat(price.of(stretch(15, 20, 20))).isEqualByComparingTo("0");
    }

    @Test
    void aMinimumIsChargedOnceWithTheFirstUsageAndUsedUpByTheNext() {
        MeterPrice price = bounded("5", "10");

        assertThat(cost(price, 0)).isEqualByComparingTo("0");
        assertThat(price.charges(stretch(0, 2, 8)))
                .extracting(
                        charge -> charge.kind().label() + " " + charge.amount().toPlainString())
                .containsExactly("units 2", "minimum 3");
        assertThat(price.of(stretch(2, 5, 8))).isEqualByComparingTo("0");
        assertThat(price.of(stretch(5, 8, 8))).isEqualByComparingTo("3");
        assertThat(cost(price, 5)).isEqualByComparingTo("5");
        assertThat(cost(price, 10)).isEqualByComparingTo("10");
        assertThat(cost(price, 11)).isEqualByComparingTo("10");
    }

    @Test
    void aPercentageAndCostPlusAreOfACostThatTheMeterCounts() {
        assertThat(cost(CostRate.percent("3.5", 1_000_000), 2_000_000)).isEqualByComparingTo("0.07");
        assertThat(cost(CostRate.multiplier("1.2", 1_000_000), 2_000_000)).isEqualByComparingTo("2.4");
    }

    @Test
    void aGraduatedPercentageHasPercentagesForTiers() {
        Price price = new TieredPrice(
                Mode.GRADUATED,
                List.of(
                        new Tier(
                                Optional.of(BigInteger.valueOf(1_000_000)),
                                CostRate.percent("10", 1_000_000),
                                BigDecimal.ZERO),
                        new Tier(Optional.empty(), CostRate.percent("5", 1_000_000), BigDecimal.ZERO)),
                false);

        assertThat(cost(price, 3_000_000)).isEqualByComparingTo("0.20");
    }

    @Test
    void whatIsTakenBackBelowZeroMirrorsWhatStandsAboveIt() {
        assertThat(cost(GRADUATED, -5_001)).isEqualByComparingTo("-5007.50");
        assertThat(cost(VOLUME, -5_001)).isEqualByComparingTo("-2500.50");
        assertThat(cost(new FlatFee(BigDecimal.ONE), -1)).isEqualByComparingTo("-1");
    }

    @Test
    void tiersThatLeaveAGapOrOverlapAreRefused() {
        assertRefused("needs a tier", List.of());
        assertRefused("last tier has no upTo", List.of(tier(5, "1", "0")));
        assertRefused("only the last tier", List.of(open("1", "0"), open("1", "0")));
        assertRefused("more than 5", List.of(tier(5, "1", "0"), tier(5, "1", "0"), open("1", "0")));
        assertRefused("more than 0", List.of(tier(0, "1", "0"), open("1", "0")));
    }

    @Test
    void negativeAndContradictoryTermsAreRefused() {
        assertThatThrownBy(() -> tier(1, "1", "-1")).hasMessageContaining("flat fee cannot be negative");
        assertThatThrownBy(() -> new FlatFee(new BigDecimal("-1"))).hasMessageContaining("flat fee cannot be negative");
        assertThatThrownBy(() -> new PackagePrice(new BigDecimal("-1"), BigInteger.ONE))
                .hasMessageContaining("negative");
        assertThatThrownBy(() -> new PackagePrice(BigDecimal.ONE, BigInteger.ZERO))
                .hasMessageContaining("size must be more than 0");
        assertThatThrownBy(() -> CostRate.percent("-1", 1)).hasMessageContaining("percentage cannot be negative");
        assertThatThrownBy(() -> CostRate.multiplier("-1", 1)).hasMessageContaining("multiplier cannot be negative");
        assertThatThrownBy(() -> CostRate.percent("1", 3)).hasMessageContaining("no exact decimal");
        assertThatThrownBy(() -> including(-1, GRADUATED)).hasMessageContaining("included");
        assertThatThrownBy(() -> bounded("2", "1")).hasMessageContaining("exceeds the maximum of 1");
        assertThatThrownBy(() -> bounded("-1", "1")).hasMessageContaining("minimum");
        assertThatThrownBy(() -> new MeterPrice(
                        GRADUATED, BigInteger.ZERO, Optional.empty(), Optional.empty(), Optional.of("a b")))
                .hasMessageContaining("family");
    }

    @Test
    void equalPricesAreEqualHoweverTheyAreWritten() {
        assertThat(new FlatFee(new BigDecimal("1.0"))).isEqualTo(new FlatFee(BigDecimal.ONE));
        assertThat(bounded("1.0", "2.00")).isEqualTo(bounded("1", "2"));
        assertThat(CostRate.percent("3.50", 1)).isEqualTo(CostRate.percent("3.5", 1));
    }

    @Test
    void theArithmeticCanBeRead() {
        assertThat(explain(including(1_000, GRADUATED), 0, 12_000))
                .isEqualTo("1000 images included = 0.00 USD; up to 5000: 5000 images x 1.00 USD / 1 = 5000.00 USD;"
                        + " flat fee 7.00 USD; above 5000 up to 9000: 4000 images x 0.50 USD / 1 = 2000.00 USD;"
                        + " above 9000: 2000 images x 0.25 USD / 1 = 500.00 USD; above 9000: flat fee 3.00 USD;"
                        + " in all 7510.00 USD");
        assertThat(explain(MeterPrice.of(new PackagePrice(BigDecimal.TEN, BigInteger.valueOf(12))), 0, 25))
                .isEqualTo("3 packages of 12 images x 10.00 USD / 1 = 30.00 USD");
        assertThat(explain(bounded("5", "10"), 0, 2))
                .isEqualTo("2 images x 1.00 USD / 1 = 2.00 USD; to the minimum 3.00 USD; in all 5.00 USD");
        assertThat(explain(bounded("5", "10"), 0, 12))
                .isEqualTo("12 images x 1.00 USD / 1 = 12.00 USD; beyond the maximum -2.00 USD; in all 10.00 USD");
        assertThat(explain(MeterPrice.of(new FlatFee(BigDecimal.TEN)), 1, 2))
                .isEqualTo("1 images, no charge = 0.00 USD");
        assertThat(explain(MeterPrice.of(CostRate.percent("3.5", 1_000)), 0, 2_000))
                .isEqualTo("2000 images x 3.5 % / 1000 USD = 0.07 USD");
        assertThat(explain(MeterPrice.of(CostRate.multiplier("1.2", 1_000)), 0, 2_000))
                .isEqualTo("2000 images x 1.2 / 1000 USD = 2.40 USD");
    }

    private static void assertRefused(String because, List<Tier> tiers) {
        for (Mode mode : Mode.values()) {
            assertThatThrownBy(() -> new TieredPrice(mode, tiers, false))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(because);
        }
    }

    private static Tier tier(long upTo, String amount, String fee) {
        return new Tier(Optional.of(BigInteger.valueOf(upTo)), UnitPrice.of(amount, 1), new BigDecimal(fee));
    }

    private static Tier open(String amount, String fee) {
        return new Tier(Optional.empty(), UnitPrice.of(amount, 1), new BigDecimal(fee));
    }

    private static MeterPrice including(long included, Price price) {
        return new MeterPrice(
                price, BigInteger.valueOf(included), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** 1.00 per unit within bounds. */
    private static MeterPrice bounded(String minimum, String maximum) {
        return new MeterPrice(
                UnitPrice.of("1", 1),
                BigInteger.ZERO,
                Optional.of(new BigDecimal(minimum)),
                Optional.of(new BigDecimal(maximum)),
                Optional.empty());
    }

    private static BigDecimal cost(Price price, long quantity) {
        return cost(MeterPrice.of(price), quantity);
    }

    private static BigDecimal cost(MeterPrice price, long quantity) {
        return price.of(stretch(0, quantity, quantity));
    }

    private static String explain(MeterPrice price, long from, long to) {
        return new AppliedPrice("list", 1, "any", price, USD, Optional.empty())
                .explain(stretch(from, to, to), "images");
    }

    private static Stretch stretch(long from, long to, long total) {
        return new Stretch(BigInteger.valueOf(from), BigInteger.valueOf(to), BigInteger.valueOf(total));
    }
}
