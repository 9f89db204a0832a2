package io.tollgate.invoicing.pricing;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Prices of the meters of some products over some time.
 *
 * @param name how invoices refer to it; not blank, no control characters
 * @param prices meter to price; at least one
 * @param effectiveFrom first instant it applies at
 * @param effectiveTo first instant it no longer applies at, after {@code effectiveFrom}; empty for no end
 */
public record RateCard(
        String name,
        Match match,
        SortedMap<String, MeterPrice> prices,
        Instant effectiveFrom,
        Optional<Instant> effectiveTo) {

    /** Room for a name that is derived from eight dimensions of 256 characters. */
    private static final int TEXT_MAX = 2_500;

    public RateCard {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a rate card needs a name");
        }
        Stream.concat(Stream.of(name), Stream.concat(match.named().values().stream(), prices.keySet().stream()))
                .filter(text -> text.codePoints().anyMatch(Character::isISOControl) || text.length() > TEXT_MAX)
                .findFirst()
                .ifPresent(text -> {
                    throw new IllegalArgumentException("names, values and meters of a rate card have no control"
                            + " characters and at most " + TEXT_MAX + " others");
                });
        if (prices.isEmpty()) {
            throw new IllegalArgumentException("rate card " + name + " prices nothing");
        }
        if (effectiveTo.isPresent() && !effectiveFrom.isBefore(effectiveTo.get())) {
            throw new IllegalArgumentException("rate card " + name + " ends at " + effectiveTo.get()
                    + ", which is not after its start " + effectiveFrom);
        }
        prices = Collections.unmodifiableSortedMap(new TreeMap<>(prices));
    }

    public boolean effectiveAt(Instant instant) {
        return !instant.isBefore(effectiveFrom)
                && effectiveTo.map(instant::isBefore).orElse(true);
    }

    /** With prices that are so many times as high. */
    RateCard times(BigDecimal factor) {
        SortedMap<String, MeterPrice> multiplied = new TreeMap<>();
        prices.forEach((meter, price) -> multiplied.put(meter, price.times(factor)));
        return new RateCard(name, match, multiplied, effectiveFrom, effectiveTo);
    }

    RateCard startingAt(Instant instant) {
        return new RateCard(name, match, prices, instant, effectiveTo);
    }

    /** Empty when the card does not price the meter. */
    public Optional<MeterPrice> priceOf(String meter) {
        return Optional.ofNullable(prices.get(meter));
    }
}
