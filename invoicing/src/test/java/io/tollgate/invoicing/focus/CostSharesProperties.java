package io.tollgate.invoicing.focus;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Laws of sharing an amount out, whatever the numbers. Each property is driven by a seed, which jqwik prints when it fails. */
class CostSharesProperties {

    @Property(tries = 3000)
    void theSharesAddUpToTheAmount(@ForAll long seed) {
        Random random = new Random(seed);
        BigDecimal amount = amount(random);
        List<BigDecimal> costs = costs(random);

        List<BigDecimal> shares = CostShares.of(amount, costs);

        assertThat(shares).hasSameSizeAs(costs);
        assertThat(sum(shares)).isEqualByComparingTo(amount);
    }

    @Property(tries = 2000)
    void whatCostsNothingHasNoShareUnlessNothingCostsAnything(@ForAll long seed) {
        Random random = new Random(seed);
        List<BigDecimal> costs = costs(random);
        List<BigDecimal> shares = CostShares.of(amount(random), costs);
        if (sum(costs).signum() == 0) {
            assertThat(shares.subList(1, shares.size()))
                    .allSatisfy(share -> assertThat(share).isZero());
            return;
        }
        for (int i = 0; i < costs.size(); i++) {
            if (costs.get(i).signum() == 0) {
                assertThat(shares.get(i)).isZero();
            }
        }
    }

    @Property(tries = 2000)
    void theSharesOfWhatTheyCostAreWhatTheyCost(@ForAll long seed) {
        List<BigDecimal> costs = costs(new Random(seed));
        if (sum(costs).signum() != 0) {
            assertThat(CostShares.of(sum(costs), costs))
                    .zipSatisfy(costs, (share, cost) -> assertThat(share).isEqualByComparingTo(cost));
        }
    }

    /** What rounding leaves is the last one's: less than one in the last digit from each of the others. */
    @Property(tries = 2000)
    void theSharesAreAsTheCostsToTwelveDecimals(@ForAll long seed) {
        Random random = new Random(seed);
        BigDecimal amount = amount(random);
        List<BigDecimal> costs = costs(random);
        BigDecimal whole = sum(costs);
        if (whole.signum() == 0) {
            return;
        }
        List<BigDecimal> shares = CostShares.of(amount, costs);
        BigDecimal bound = new BigDecimal("0.000000000001").multiply(BigDecimal.valueOf(costs.size()));
        for (int i = 0; i < costs.size(); i++) {
            BigDecimal exact = amount.multiply(costs.get(i)).divide(whole, 60, RoundingMode.HALF_EVEN);
            assertThat(shares.get(i).subtract(exact).abs()).isLessThanOrEqualTo(bound);
        }
    }

    @Example
    void ofNothingTheFirstHasAll() {
        assertThat(CostShares.of(new BigDecimal("7.50"), List.of(BigDecimal.ZERO, BigDecimal.ZERO)))
                .containsExactly(new BigDecimal("7.50"), BigDecimal.ZERO);
    }

    @Example
    void theLastThatCostsAnythingHasWhatThirdsLeave() {
        BigDecimal third = new BigDecimal("0.333333333333");
        assertThat(CostShares.of(
                        BigDecimal.ONE, List.of(BigDecimal.TEN, BigDecimal.TEN, BigDecimal.TEN, BigDecimal.ZERO)))
                .containsExactly(third, third, new BigDecimal("0.333333333334"), BigDecimal.ZERO);
    }

    @Example
    void whatIsTakenBackMayStandBesideWhatIsCharged() {
        assertThat(CostShares.of(new BigDecimal("-3"), List.of(new BigDecimal("8"), new BigDecimal("-2"))))
                .zipSatisfy(
                        List.of("-4", "1"), (share, wanted) -> assertThat(share).isEqualByComparingTo(wanted));
    }

    /** Nothing, less than nothing, tiny, or enormous. */
    static BigDecimal amount(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> BigDecimal.ZERO.setScale(random.nextInt(4));
            case 1 -> new BigDecimal(BigInteger.valueOf(random.nextInt(2_000) - 1_000), 10 + random.nextInt(25));
            case 2 -> new BigDecimal(new BigInteger(100, random), random.nextInt(12));
            default -> new BigDecimal(BigInteger.valueOf(random.nextInt(2_000_000) - 400_000), random.nextInt(7));
        };
    }

    private static List<BigDecimal> costs(Random random) {
        List<BigDecimal> costs = new ArrayList<>();
        for (int i = random.nextInt(8); i >= 0; i--) {
            costs.add(amount(random));
        }
        return costs;
    }

    private static BigDecimal sum(List<BigDecimal> amounts) {
        return amounts.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}
