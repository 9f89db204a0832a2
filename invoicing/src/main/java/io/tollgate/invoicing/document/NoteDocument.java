package io.tollgate.invoicing.document;

import io.swagger.v3.oas.annotations.media.Schema;
import io.tollgate.invoicing.invoice.Adjustment;
import io.tollgate.invoicing.invoice.Note;
import io.tollgate.invoicing.usage.Product;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A credit or debit note as JSON. Its amounts are differences, cumulative minus billed, and so negative where something is
 * credited: those of an invoice and of all its notes add up to what an invoice made now would say.
 *
 * @param id the next revision of the invoice's
 * @param kind {@code credit_note} or {@code debit_note}
 * @param number without gaps in the series of its kind
 * @param invoice id of the invoice that it corrects
 * @param invoiceNumber its number
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
        LocalDate dueOn) {

    /**
     * A line that differs.
     *
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

    public static NoteDocument of(Note note) {
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
                lines(adjustment),
                adjustment.exactSum().digits(),
                adjustment.subtotal().digits(),
                adjustment.total().digits(),
                adjustment.evidence().eventCount(),
                adjustment.evidence().digest().toString(),
                note.issuedAt(),
                note.issue().dueOn());
    }

    /** The lines of a difference, numbered from 1. */
    public static List<Line> lines(Adjustment adjustment) {
        List<Line> lines = new ArrayList<>();
        for (Adjustment.Line line : adjustment.lines()) {
            Product product = line.key().product();
            lines.add(new Line(
                    lines.size() + 1,
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
