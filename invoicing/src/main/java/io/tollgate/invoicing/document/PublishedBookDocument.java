package io.tollgate.invoicing.document;

import io.swagger.v3.oas.annotations.media.Schema;
import io.tollgate.invoicing.pricing.PriceBook;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A published version of a price book as JSON.
 *
 * @param version from 1
 * @param retiredFrom first instant at which it no longer applies; absent if it was not retired
 */
@Schema(name = "PublishedPriceBook")
public record PublishedBookDocument(
        String name,
        int version,
        String currency,
        Instant effectiveFrom,
        Instant publishedAt,
        Optional<Instant> retiredFrom,
        List<PriceBookDocument.Card> cards) {

    public static PublishedBookDocument of(PriceBook book, Instant publishedAt) {
        return new PublishedBookDocument(
                book.name(),
                book.version(),
                book.currency().getCurrencyCode(),
                book.effectiveFrom(),
                publishedAt,
                book.retiredFrom(),
                PriceBookDocument.of(book.content()).cards());
    }
}
