package io.tollgate.invoicing.postgres;

import io.tollgate.invoicing.pricing.PriceBook;
import java.time.Instant;

/** A price book with the time of its publication. */
public record PublishedBook(PriceBook book, Instant publishedAt) {}
