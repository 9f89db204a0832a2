package io.tollgate.invoicing.pricing;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;

/**
 * A rule that makes money of a quantity: a pure function of how much was used so far in a billing period. What some of
 * the usage costs is the difference between what was charged after it and before it, so whatever parts a period is cut
 * into, they cost together what the whole costs. Exact; nothing here rounds.
 *
 * <p>What comes before and after a price, such as included quantities, is added by {@link MeterPrice}.
 */
public sealed interface Price permits Rate, FlatFee, TieredPrice, PackagePrice {

    /**
     * What the first units of a period are charged. The same entries in the same order for the same total, some of them
     * perhaps of nothing, so that they can be subtracted from one another. Their sum never falls as the position grows.
     *
     * @param position how many units; not negative
     * @param total how many units the whole period has, which may choose the tier of all of them; not negative
     */
    List<Charge> charges(BigInteger position, BigInteger total);

    /**
     * The price at which all usage costs so many times as much; exact.
     *
     * @param factor not negative
     */
    Price times(BigDecimal factor);

    /** What is charged where nothing was used. */
    default List<Charge> chargesAtZero() {
        return List.of();
    }
}
