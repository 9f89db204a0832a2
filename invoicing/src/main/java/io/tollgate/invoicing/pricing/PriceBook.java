package io.tollgate.invoicing.pricing;

import java.time.Instant;
import java.util.Currency;
import java.util.List;
import java.util.Optional;

/**
 * A published, immutable version of a price book.
 *
 * @param version from 1, without gaps; a later version overrules an earlier one from its effective instant on
 * @param retiredFrom first instant at which it no longer applies, so that the versions before it do; empty if it was not
 *     retired
 */
public record PriceBook(PriceBookDraft content, int version, Optional<Instant> retiredFrom) {

    public PriceBook {
        if (version < 1) {
            throw new IllegalArgumentException("versions count from 1, not " + version);
        }
    }

    /** Not retired. */
    public PriceBook(PriceBookDraft content, int version) {
        this(content, version, Optional.empty());
    }

    /** Whether it may apply then, unless a later version does. */
    public boolean isInForce(Instant instant) {
        return !instant.isBefore(effectiveFrom())
                && retiredFrom.map(instant::isBefore).orElse(true);
    }

    public String name() {
        return content.name();
    }

    public Currency currency() {
        return content.currency();
    }

    public Instant effectiveFrom() {
        return content.effectiveFrom();
    }

    public List<RateCard> cards() {
        return content.cards();
    }
}
