package io.tollgate.invoicing.http;

import io.tollgate.invoicing.document.NoteDocument;
import io.tollgate.invoicing.document.UnbilledDocument;
import io.tollgate.invoicing.invoice.Adjustment;
import io.tollgate.invoicing.invoice.SinceFinal;
import java.util.List;
import java.util.Optional;

/**
 * What came or changed after an invoice was closed, and is on none of its notes.
 *
 * @param eventCount how many events more there are than were billed
 * @param amount exact, decimal digits: what they would add
 * @param exceptions those that cannot be billed
 * @param total what a note issued now would be over, decimal digits; negative if it would be a credit note
 * @param lines what it would say, line by line, with the original service periods
 */
public record UsageSinceFinal(
        boolean changed,
        long eventCount,
        String amount,
        String currency,
        List<UnbilledDocument> exceptions,
        Optional<String> total,
        Optional<List<NoteDocument.Line>> lines) {

    static UsageSinceFinal of(SinceFinal since) {
        return of(since, Optional.empty(), Optional.empty());
    }

    /** @param tenant the invoice's */
    static UsageSinceFinal of(SinceFinal since, Adjustment difference, String tenant) {
        return of(since, Optional.of(difference.total().digits()), Optional.of(NoteDocument.lines(difference, tenant)));
    }

    private static UsageSinceFinal of(
            SinceFinal since, Optional<String> total, Optional<List<NoteDocument.Line>> lines) {
        return new UsageSinceFinal(
                since.changed(),
                since.eventCount(),
                since.amount().digits(),
                since.amount().currency().getCurrencyCode(),
                since.exceptions().stream().map(UnbilledDocument::of).toList(),
                total,
                lines);
    }
}
