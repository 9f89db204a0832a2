package io.tollgate.invoicing.anomaly;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/**
 * Why a cost changed; the parts add up to the change, exactly. What each is, {@link Explanation} says.
 *
 * @param volume because there was more or less of everything
 * @param mix because other products, or other meters of them, were used
 * @param cacheHit because more or less of the prompts came from a cache
 * @param price because the same had another price
 */
public record CostParts(BigDecimal volume, BigDecimal mix, BigDecimal cacheHit, BigDecimal price) {

    static final CostParts NONE = new CostParts(BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO);

    /** Decimals that parts are told with; they are quotients, which have no exact decimals. */
    private static final int DECIMALS = 10;

    public BigDecimal sum() {
        return volume.add(mix).add(cacheHit).add(price);
    }

    /** Whether none of them is anything; they may also only cancel each other out. */
    boolean areNothing() {
        return volume.signum() == 0 && mix.signum() == 0 && cacheHit.signum() == 0 && price.signum() == 0;
    }

    CostParts plus(CostParts other) {
        return new CostParts(
                volume.add(other.volume), mix.add(other.mix), cacheHit.add(other.cacheHit), price.add(other.price));
    }

    /**
     * The parts rounded, but for the largest, which takes what is then missing of the change. So a part that is nothing
     * stays nothing, and one that is all of the change is exactly that.
     */
    CostParts addingUpTo(BigDecimal change) {
        List<BigDecimal> rounded = new ArrayList<>();
        for (BigDecimal part : List.of(volume, mix, cacheHit, price)) {
            rounded.add(part.setScale(DECIMALS, RoundingMode.HALF_EVEN).stripTrailingZeros());
        }
        int largest = 0;
        for (int part = 1; part < rounded.size(); part++) {
            if (rounded.get(part).abs().compareTo(rounded.get(largest).abs()) > 0) {
                largest = part;
            }
        }
        BigDecimal others =
                rounded.stream().reduce(BigDecimal.ZERO, BigDecimal::add).subtract(rounded.get(largest));
        rounded.set(largest, change.subtract(others).stripTrailingZeros());
        return new CostParts(rounded.get(0), rounded.get(1), rounded.get(2), rounded.get(3));
    }
}
