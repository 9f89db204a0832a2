package io.tollgate.invoicing.adminapi;

import io.tollgate.invoicing.usage.UsageTotal;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.function.Function;

/**
 * A number of a vendor's results.
 *
 * @param of what a total adds to it
 * @param per how many of that are one of the vendor's; a sum is rounded half up
 */
record Count(String name, Function<UsageTotal, BigInteger> of, long per) {

    private static final String REQUESTS = "requests";

    /** The sum of meters, which are disjoint. */
    static Count of(String name, String... meters) {
        return new Count(name, total -> sum(total, List.of(meters)), 1);
    }

    /** The sum of a meter that counts in smaller units. */
    static Count per(long per, String name, String meter) {
        return new Count(name, total -> sum(total, List.of(meter)), per);
    }

    /** Requests, if they were counted; else events, of which each tells of one request as a rule. */
    static Count requests(String name) {
        return new Count(name, Count::requests, 1);
    }

    /** Requests that did any of that: as many as there were at most, since usage does not tell which of them did. */
    static Count requestsDoing(String name, String meter) {
        return new Count(name, total -> requests(total).min(sum(total, List.of(meter))), 1);
    }

    BigInteger shown(BigInteger sum) {
        return per == 1
                ? sum
                : new BigDecimal(sum)
                        .divide(BigDecimal.valueOf(per), 0, RoundingMode.HALF_UP)
                        .toBigIntegerExact();
    }

    private static BigInteger requests(UsageTotal total) {
        BigInteger counted = total.quantities().get(REQUESTS);
        return counted == null ? BigInteger.valueOf(total.eventCount()) : counted;
    }

    private static BigInteger sum(UsageTotal total, List<String> meters) {
        return meters.stream()
                .map(meter -> total.quantities().getOrDefault(meter, BigInteger.ZERO))
                .reduce(BigInteger.ZERO, BigInteger::add);
    }
}
