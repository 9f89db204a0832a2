package io.tollgate.invoicing.postgres;

import io.tollgate.invoicing.pricing.PriceBookDraft;
import java.time.Instant;

/**
 * A kept draft of a price book's next version.
 *
 * @param revision another one each time that it is saved, and greater
 */
public record SavedDraft(PriceBookDraft content, long revision, Instant savedAt) {}
