package io.tollgate.invoicing.document;

import io.swagger.v3.oas.annotations.media.Schema;
import io.tollgate.invoicing.invoice.Adjustment;
import io.tollgate.invoicing.invoice.Note;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.usage.Product;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A credit or debit note as JSON. Its amounts are differences, cumulative minus billed, and so negative where something is
 * credited: those of an invoice and of all its notes add up to what an invoice made now would say.
 *
 * @param id the next revision of the invoice's
 * @param kind {@code credit_note} or {@code debit_note}
 * @param number without gaps in the series of its kind
 * @param invoice id of the invoice that it corrects
 * @param invoiceNumber its number
 * @param invoiceFinalisedAt when it was closed
 * @param servicePeriod what the invoice bills
 * @param contract what the contract's terms make of it, as differences: entries by step, a breakdown of tax, the amount
 *     that is due more; with the parties. Absent if there is none
 * @param balances what it uses of commitments and credits more, negative where it gives back
 * @param exceptions usage that cannot be billed and was let pass for this note
 * @param dueOn the last day, in UTC, on which a debit note is paid in time
 * @param eventCount how many events more there are than were billed; negative if fewer
 * @param digest what the digests of the billed events lack to those of today's
 */
@Schema(name = "Note")
public record NoteDocument(
        String id,
        String kind,
        String number,
        String invoice,
        String invoiceNumber,
        String tenant,
        String period,
        int revision,
        String currency,
        String reason,
        List<Line> lines,
        String exactSum,
        String subtotal,
        String total,
        long eventCount,
        String digest,
        Instant finalisedAt,
        LocalDate dueOn,
        Optional<Instant> invoiceFinalisedAt,
        Optional<RangeDocument> servicePeriod,
        Optional<StatementDocument> contract,
        Optional<List<BalanceChange>> balances,
        Optional<List<UnbilledDocument>> exceptions) {

    /**
     * What a note uses of a balance more.
     *
     * @param amount negative where it gives back
     */
    @Schema(name = "BalanceChange")
    public record BalanceChange(String balance, String amount) {}

    /**
     * A line that differs.
     *
     * @param usedBy whose usage it is, if not that of the invoice's tenant
     * @param servicePeriod the original one
     * @param quantity difference
     * @param exactAmount difference, unrounded
     * @param amount difference as shown
     * @param billedQuantity what was billed before
     * @param billedAmount what was billed before, unrounded
     * @param reservation id of the one that covers the usage; absent at standard prices
     */
    @Schema(name = "AdjustmentLine")
    public record Line(
            int number,
            Optional<String> usedBy,
            String provider,
            String model,
            String acceleratorType,
            String region,
            String operation,
            String serviceTier,
            String outcome,
            long contextBand,
            String meter,
            RangeDocument servicePeriod,
            String quantity,
            String exactAmount,
            String amount,
            String billedQuantity,
            String billedAmount,
            Optional<String> reservation) {}

    /**
     * As JSON.
     *
     * @param contract of the invoice as it is now, or was; its parties are the note's
     */
    public static NoteDocument of(Note note, RangeDocument servicePeriod, Optional<StatementDocument> contract) {
        Adjustment adjustment = note.adjustment();
        return new NoteDocument(
                note.id().toString(),
                note.issue().number().series().label(),
                note.issue().number().toString(),
                note.invoice().toString(),
                note.invoiceNumber(),
                note.id().tenant(),
                note.id().month().toString(),
                note.id().revision(),
                adjustment.total().currency().getCurrencyCode(),
                note.reason(),
                lines(adjustment, note.id().tenant()),
                adjustment.exactSum().digits(),
                adjustment.subtotal().digits(),
                adjustment.total().digits(),
                adjustment.evidence().eventCount(),
                adjustment.evidence().digest().toString(),
                note.issuedAt(),
                note.issue().dueOn(),
                Optional.of(note.invoiceFinalisedAt()),
                Optional.of(servicePeriod),
                contract.map(terms -> terms.differing(adjustment)),
                Optional.of(balances(adjustment)).filter(balances -> !balances.isEmpty()),
                Optional.of(note.waived().stream().map(UnbilledDocument::of).toList())
                        .filter(waived -> !waived.isEmpty()));
    }

    private static List<BalanceChange> balances(Adjustment adjustment) {
        SortedMap<String, Money> used = new TreeMap<>();
        adjustment.postings().forEach(posting -> used.merge(posting.balance(), posting.amount(), Money::plus));
        return used.entrySet().stream()
                .filter(each -> each.getValue().signum() != 0)
                .map(each -> new BalanceChange(each.getKey(), each.getValue().digits()))
                .toList();
    }

    /**
     * The lines of a difference, numbered from 1.
     *
     * @param tenant the invoice's
     */
    public static List<Line> lines(Adjustment adjustment, String tenant) {
        List<Line> lines = new ArrayList<>();
        for (Adjustment.Line line : adjustment.lines()) {
            Product product = line.key().product();
            lines.add(new Line(
                    lines.size() + 1,
                    Optional.of(line.key().tenant()).filter(user -> !user.equals(tenant)),
                    product.provider(),
                    product.model(),
                    product.acceleratorType(),
                    product.region(),
                    product.operation(),
                    product.serviceTier(),
                    product.outcome(),
                    product.contextBand(),
                    line.key().meter(),
                    RangeDocument.of(line.key().servicePeriod()),
                    line.difference().quantity().toString(),
                    line.difference().exact().digits(),
                    line.difference().shown().digits(),
                    line.billed().quantity().toString(),
                    line.billed().exact().digits(),
                    line.key().reservation()));
        }
        return lines;
    }
}
