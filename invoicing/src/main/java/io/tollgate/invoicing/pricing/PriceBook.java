package io.tollgate.invoicing.pricing;

import java.time.Instant;
import java.util.Currency;
import java.util.List;

/**
 * A published, immutable version of a price book.
 *
 * @param version from 1, without gaps; a later version overrules an earlier one from its effective instant on
 */
public record PriceBook(PriceBookDraft content, int version) {

    public PriceBook {
        if (version < 1) {
            throw new IllegalArgumentException("versions count from 1, not " + version);
        }
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
