package io.tollgate.invoicing.document;

import io.swagger.v3.oas.annotations.media.Schema;
import io.tollgate.invoicing.chargeback.Journal;
import java.util.List;
import java.util.Optional;

/**
 * A month's cost as entries for a ledger, as JSON. The debits of each reference are its credits.
 *
 * @param entries in order of documents; of each, by cost centre and account, the payable last
 */
@Schema(name = "ChargebackJournal")
public record JournalDocument(String tenant, String period, String currency, List<Entry> entries) {

    /**
     * One entry; one of debit and credit is zero, and neither is negative.
     *
     * @param date when the invoice or note was issued, in the billing zone
     * @param costCentre absent of what is unallocated, and of the payable
     * @param reference number of the invoice or note
     */
    @Schema(name = "ChargebackJournalEntry")
    public record Entry(
            String date,
            String account,
            String debit,
            String credit,
            String currency,
            Optional<String> costCentre,
            String reference,
            String memo) {}

    public static JournalDocument of(Journal journal) {
        String currency = journal.currency().getCurrencyCode();
        return new JournalDocument(
                journal.tenant(),
                journal.month().toString(),
                currency,
                journal.entries().stream()
                        .map(entry -> new Entry(
                                entry.date().toString(),
                                entry.account(),
                                entry.debit().digits(),
                                entry.credit().digits(),
                                currency,
                                entry.costCentre(),
                                entry.reference(),
                                entry.memo()))
                        .toList());
    }
}
