package io.tollgate.invoicing.http;

import io.tollgate.invoicing.billing.Notes.Since;
import io.tollgate.invoicing.document.NoteDocument;
import io.tollgate.invoicing.document.StatementDocument;
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
 * @param contract what it would say of the contract's terms: entries, tax and the amount due, as differences
 * @param lines what it would say, line by line, with the original service periods
 */
public record UsageSinceFinal(
        boolean changed,
        long eventCount,
        String amount,
        String currency,
        List<UnbilledDocument> exceptions,
        Optional<String> total,
        Optional<List<NoteDocument.Line>> lines,
        Optional<StatementDocument> contract) {

    static UsageSinceFinal of(SinceFinal since) {
        return of(since, Optional.empty());
    }

    static UsageSinceFinal of(Since since) {
        return of(since.since(), Optional.of(since));
    }

    private static UsageSinceFinal of(SinceFinal since, Optional<Since> whole) {
        Optional<Adjustment> difference = whole.map(Since::difference);
        return new UsageSinceFinal(
                since.changed(),
                since.eventCount(),
                since.amount().digits(),
                since.amount().currency().getCurrencyCode(),
                since.exceptions().stream().map(UnbilledDocument::of).toList(),
                difference.map(each -> each.total().digits()),
                whole.map(each -> NoteDocument.lines(
                        each.difference(), each.current().id().tenant())),
                whole.flatMap(each -> each.current()
                        .statement()
                        .map(StatementDocument::of)
                        .map(terms -> terms.differing(each.difference()))));
    }
}
