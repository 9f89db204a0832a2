package io.tollgate.invoicing.postgres;

import io.tollgate.invoicing.pricing.PublicationCheck.Refusal;

/** What became of the wish to retire a version of a price book. */
public sealed interface Retirement {

    /** It is retired, by this or by an earlier wish. */
    record Retired(PublishedBook published) implements Retirement {}

    /**
     * It stays as it is.
     *
     * @param why {@code no_price_book}, {@code retirement_in_past}, {@code not_on_window_boundary} or
     *     {@code already_retired}
     */
    record Refused(Refusal why) implements Retirement {}
}
