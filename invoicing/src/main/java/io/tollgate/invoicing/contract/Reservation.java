package io.tollgate.invoicing.contract;

import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.pricing.Match;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Provisioned units that are paid by the hour, used or not. In each window of 15 minutes they cover usage up to a quarter
 * of their capacity per hour; what is above spills over to the standard prices.
 *
 * @param description for people
 * @param units how many, 1 or more
 * @param hourlyPrice of a unit, not negative
 * @param hourlyCapacity of a unit, in weighted base units of meters; more than 0
 * @param weights meter to what one base unit of it takes of the capacity: 0 for what takes none and is covered whole, and
 *     more than 0 for at least one. Other meters are not covered, and neither are those that do not add up
 * @param match of the products that are covered
 */
public record Reservation(
        String id,
        String description,
        long units,
        Money hourlyPrice,
        BigDecimal hourlyCapacity,
        SortedMap<String, BigDecimal> weights,
        Match match,
        Validity validity)
        implements Term {

    private static final BigDecimal WINDOWS_PER_HOUR = BigDecimal.valueOf(4);
    private static final BigDecimal SECONDS_PER_HOUR =
            BigDecimal.valueOf(Duration.ofHours(1).toSeconds());

    public Reservation {
        Term.requireId(id);
        if (units < 1 || units > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("units number 1 to " + Integer.MAX_VALUE + ", not " + units);
        }
        if (hourlyPrice.signum() < 0) {
            throw new IllegalArgumentException("the price of an hour cannot be negative: " + hourlyPrice.digits());
        }
        if (hourlyCapacity.signum() <= 0) {
            throw new IllegalArgumentException(
                    "the capacity of an hour must be more than 0, not " + hourlyCapacity.toPlainString());
        }
        if (weights.values().stream().noneMatch(weight -> weight.signum() > 0)) {
            throw new IllegalArgumentException("at least one meter must take some of the capacity: weigh it above 0");
        }
        weights.forEach((meter, weight) -> {
            if (weight.signum() < 0) {
                throw new IllegalArgumentException(
                        "the weight of " + meter + " cannot be negative: " + weight.toPlainString());
            }
        });
        // 4 and 4.0 are the same, and must be equal.
        hourlyCapacity = plain(hourlyCapacity);
        SortedMap<String, BigDecimal> equal = new TreeMap<>(weights);
        equal.replaceAll((meter, weight) -> plain(weight));
        weights = Collections.unmodifiableSortedMap(equal);
    }

    /** What all units cover in a window of 15 minutes. */
    public BigDecimal windowCapacity() {
        return plain(hourlyCapacity.multiply(BigDecimal.valueOf(units)).divide(WINDOWS_PER_HOUR));
    }

    /** What all units cost over some time, exact; the time is a whole number of windows. */
    public Money fee(Duration time) {
        return hourlyPrice.times(BigDecimal.valueOf(units).multiply(hours(time)));
    }

    /** Exact: a window is a quarter of an hour. */
    public static BigDecimal hours(Duration time) {
        return plain(BigDecimal.valueOf(time.toSeconds()).divide(SECONDS_PER_HOUR));
    }

    private static BigDecimal plain(BigDecimal number) {
        BigDecimal stripped = number.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }
}
