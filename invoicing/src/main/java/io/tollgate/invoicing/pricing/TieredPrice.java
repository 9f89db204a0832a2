package io.tollgate.invoicing.pricing;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A price whose rate depends on how much is used.
 *
 * @param tiers by growing bounds; the last one, and only it, is open
 * @param chargeFlatFeeAtZero whether the first tier's flat fee is due where nothing was used
 */
public record TieredPrice(Mode mode, List<Tier> tiers, boolean chargeFlatFeeAtZero) implements Price {

    /** What a tier's rate is for. */
    public enum Mode {
        /** Each unit costs what the tier says that it lies in. */
        GRADUATED,
        /** All units cost what the tier says that the period's total lies in. */
        VOLUME
    }

    /**
     * One tier.
     *
     * @param upTo the last unit in it; the next tier starts with the one after; empty for no end
     * @param flatFee due once when the tier is reached, or for volume when it is chosen; not negative
     */
    public record Tier(Optional<BigInteger> upTo, Rate rate, BigDecimal flatFee) {
        public Tier {
            flatFee = Exact.amount(flatFee, "a tier's flat fee");
        }
    }

    public TieredPrice {
        tiers = List.copyOf(tiers);
        if (tiers.isEmpty()) {
            throw new IllegalArgumentException("a price with tiers needs a tier");
        }
        BigInteger from = BigInteger.ZERO;
        for (Tier tier : tiers.subList(0, tiers.size() - 1)) {
            if (tier.upTo().isEmpty()) {
                throw new IllegalArgumentException("only the last tier has no upTo");
            }
            BigInteger upTo = tier.upTo().get();
            if (upTo.compareTo(from) <= 0) {
                throw new IllegalArgumentException(
                        "a tier's upTo must be more than " + from + ", where the tier before it ends, not " + upTo);
            }
            from = upTo;
        }
        if (tiers.get(tiers.size() - 1).upTo().isPresent()) {
            throw new IllegalArgumentException("the last tier has no upTo, so that no quantity is without a price");
        }
    }

    @Override
    public TieredPrice times(BigDecimal factor) {
        return new TieredPrice(
                mode,
                tiers.stream()
                        .map(tier -> new Tier(
                                tier.upTo(),
                                tier.rate().times(factor),
                                tier.flatFee().multiply(factor)))
                        .toList(),
                chargeFlatFeeAtZero);
    }

    @Override
    public List<Charge> charges(BigInteger position, BigInteger total) {
        return mode == Mode.GRADUATED ? graduated(position) : volume(position, total);
    }

    @Override
    public List<Charge> chargesAtZero() {
        Tier first = tiers.get(0);
        return chargeFlatFeeAtZero && first.flatFee().signum() > 0
                ? List.of(Charge.flatFee(first.flatFee(), BigInteger.ZERO, first.upTo()))
                : List.of();
    }

    private List<Charge> graduated(BigInteger position) {
        List<Charge> charges = new ArrayList<>();
        BigInteger from = BigInteger.ZERO;
        for (Tier tier : tiers) {
            BigInteger end = tier.upTo().map(position::min).orElse(position);
            add(charges, tier, from, end.subtract(from).max(BigInteger.ZERO));
            from = tier.upTo().orElse(from);
        }
        return charges;
    }

    private List<Charge> volume(BigInteger position, BigInteger total) {
        List<Charge> charges = new ArrayList<>();
        BigInteger from = BigInteger.ZERO;
        for (Tier tier : tiers) {
            if (tier.upTo().isEmpty() || total.compareTo(tier.upTo().get()) <= 0) {
                add(charges, tier, from, position);
                break;
            }
            from = tier.upTo().get();
        }
        return charges;
    }

    private static void add(List<Charge> charges, Tier tier, BigInteger from, BigInteger quantity) {
        charges.add(Charge.tier(quantity, tier.rate(), from, tier.upTo()));
        if (tier.flatFee().signum() > 0) {
            charges.add(Charge.flatFee(quantity.signum() > 0 ? tier.flatFee() : BigDecimal.ZERO, from, tier.upTo()));
        }
    }
}
