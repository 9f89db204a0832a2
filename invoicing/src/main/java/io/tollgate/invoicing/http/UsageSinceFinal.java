package io.tollgate.invoicing.http;

import io.tollgate.invoicing.document.UnbilledDocument;
import io.tollgate.invoicing.invoice.SinceFinal;
import java.util.List;

/**
 * What came or changed after an invoice was closed.
 *
 * @param eventCount how many events more there are than were billed
 * @param amount exact, decimal digits: what they would add
 * @param exceptions those that cannot be billed
 */
public record UsageSinceFinal(
        boolean changed, long eventCount, String amount, String currency, List<UnbilledDocument> exceptions) {

    static UsageSinceFinal of(SinceFinal since) {
        return new UsageSinceFinal(
                since.changed(),
                since.eventCount(),
                since.amount().digits(),
                since.amount().currency().getCurrencyCode(),
                since.exceptions().stream().map(UnbilledDocument::of).toList());
    }
}
