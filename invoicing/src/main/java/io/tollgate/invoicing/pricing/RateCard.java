package io.tollgate.invoicing.pricing;

import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Prices of the meters of some products over some time.
 *
 * @param name how invoices refer to it; not blank
 * @param prices meter to price; at least one
 * @param effectiveFrom first instant it applies at
 * @param effectiveTo first instant it no longer applies at, after {@code effectiveFrom}; empty for no end
 */
public record RateCard(
        String name,
        Match match,
        SortedMap<String, UnitPrice> prices,
        Instant effectiveFrom,
        Optional<Instant> effectiveTo) {

    public RateCard {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a rate card needs a name");
        }
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

    /** Empty when the card does not price the meter. */
    public Optional<UnitPrice> priceOf(String meter) {
        return Optional.ofNullable(prices.get(meter));
    }
}
