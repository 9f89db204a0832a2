package io.tollgate.invoicing.pricing;

import io.tollgate.invoicing.pricing.TieredPrice.Mode;
import io.tollgate.invoicing.pricing.TieredPrice.Tier;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Prices of all kinds, driven by a seed. Their tiers and packages are small, so that small usage meets them. */
public final class RandomPrices {

    private RandomPrices() {}

    /** Any price with anything before and after it. */
    public static MeterPrice terms(Random random) {
        Optional<BigDecimal> minimum = maybe(random, amount(random));
        Optional<BigDecimal> maximum = maybe(random, amount(random).add(minimum.orElse(BigDecimal.ZERO)));
        return new MeterPrice(
                price(random),
                BigInteger.valueOf(random.nextBoolean() ? 0 : random.nextInt(3_000)),
                minimum,
                maximum,
                maybe(random, "family-" + random.nextInt(2)));
    }

    public static Price price(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> rate(random);
            case 1 -> new FlatFee(amount(random));
            case 2 -> new PackagePrice(amount(random), BigInteger.valueOf(1 + random.nextInt(1_500)));
            default ->
                new TieredPrice(
                        random.nextBoolean() ? Mode.GRADUATED : Mode.VOLUME, tiers(random), random.nextBoolean());
        };
    }

    private static List<Tier> tiers(Random random) {
        List<Tier> tiers = new ArrayList<>();
        long bound = 0;
        for (int i = random.nextInt(4); i > 0; i--) {
            bound += 1 + random.nextInt(2_000);
            tiers.add(new Tier(Optional.of(BigInteger.valueOf(bound)), rate(random), fee(random)));
        }
        tiers.add(new Tier(Optional.empty(), rate(random), fee(random)));
        return tiers;
    }

    private static Rate rate(Random random) {
        List<Long> divisors = List.of(1L, 1_000L, 1_024L, 1_000_000L);
        long per = divisors.get(random.nextInt(divisors.size()));
        return switch (random.nextInt(4)) {
            case 0 -> new CostRate(CostRate.Form.PERCENT, amount(random), per);
            case 1 -> new CostRate(CostRate.Form.MULTIPLIER, amount(random), per);
            default -> new UnitPrice(amount(random), per);
        };
    }

    private static BigDecimal fee(Random random) {
        return random.nextBoolean() ? BigDecimal.ZERO : amount(random);
    }

    /** From 0 to 100, with up to six decimals. */
    private static BigDecimal amount(Random random) {
        int decimals = random.nextInt(7);
        return new BigDecimal(BigInteger.valueOf(random.nextInt(100_000_000)), 6).setScale(decimals, RoundingMode.DOWN);
    }

    private static <T> Optional<T> maybe(Random random, T value) {
        return random.nextInt(3) == 0 ? Optional.of(value) : Optional.empty();
    }
}
