package io.tollgate.invoicing.document;

import io.swagger.v3.oas.annotations.media.Schema;
import io.tollgate.invoicing.invoice.Invoice;
import io.tollgate.invoicing.invoice.InvoiceLine;
import io.tollgate.invoicing.invoice.InvoiceStatus;
import io.tollgate.invoicing.invoice.ReservedUse;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.pricing.AppliedPrice;
import io.tollgate.invoicing.usage.Product;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * An invoice as JSON. Amounts and quantities are strings of decimal digits.
 *
 * @param period {@code yyyy-MM}
 * @param status {@code draft}, {@code grace} (its period is over, late usage is waited for) or {@code final}
 * @param exactSum unrounded sum of the lines
 * @param subtotal the exact sum, rounded half up to the currency's minor unit; the lines' amounts add up to it
 * @param contract what the tenant's contract makes of the subtotal; absent if it has none
 * @param total what is owed, with tax
 * @param eventCount how many usage events it was made from
 * @param digest sum of those events' digests, 32 hexadecimal digits
 * @param exceptions what must be decided before it can be closed: usage that could not be billed, and lines below zero;
 *     in a final invoice those that a named person waived
 * @param asOf when a draft was computed
 * @param graceUntil when one in grace may be closed
 * @param finalisedAt when a final one was closed
 * @param number of a final one: without gaps, per issuing entity
 * @param dueOn of a final one: the last day on which it is paid in time, in the time zone of the tenant's contract or in UTC
 */
@Schema(name = "Invoice")
public record InvoiceDocument(
        String id,
        String tenant,
        String period,
        int revision,
        String status,
        String currency,
        RangeDocument servicePeriod,
        PriceBookReference priceBook,
        List<Line> lines,
        String exactSum,
        String subtotal,
        Optional<StatementDocument> contract,
        String total,
        long eventCount,
        String digest,
        List<UnbilledDocument> exceptions,
        Optional<Instant> asOf,
        Optional<Instant> graceUntil,
        Optional<Instant> finalisedAt,
        Optional<String> number,
        Optional<LocalDate> dueOn) {

    /**
     * What it was priced by.
     *
     * @param versions those that its lines name, in order
     */
    public record PriceBookReference(String name, List<Integer> versions) {}

    /**
     * One charge.
     *
     * @param unitPrice where quantity times price is all there is
     * @param exactAmount unrounded
     * @param amount as shown
     * @param servicePeriod the part of the period over which the price applied
     * @param conversion rate by which the price's currency is converted, if it is not the invoice's
     * @param explanation the arithmetic, for people
     * @param counted where the quantity lies among all that counts together, where that makes a difference
     * @param charges the arithmetic, step by step, where there is more to it than a unit price
     * @param eventCount of the product's events in the service period
     * @param digest sum of those events' digests
     * @param reservation id of the one that covers the usage, which costs nothing then; absent at standard prices
     * @param reserved what the line has of it
     */
    @Schema(name = "InvoiceLine")
    public record Line(
            int number,
            String description,
            String provider,
            String model,
            String acceleratorType,
            String region,
            String operation,
            String serviceTier,
            String outcome,
            long contextBand,
            String meter,
            String quantity,
            Optional<UnitPrice> unitPrice,
            String exactAmount,
            String amount,
            RangeDocument servicePeriod,
            PriceReference price,
            Optional<IssuerDocument.Exchange> conversion,
            String explanation,
            Optional<ChargeDocument.Counted> counted,
            Optional<List<ChargeDocument>> charges,
            long eventCount,
            String digest,
            Optional<String> reservation,
            Optional<ReservedUsage> reserved) {}

    /**
     * What a line has of a reservation.
     *
     * @param windowCapacity in a window of 15 minutes, in weighted base units
     * @param weight what one base unit of the line's meter takes of it
     * @param windows in how many windows it covers the line's usage
     * @param fullWindows in how many windows of the line's service period it had nothing left, whatever used it
     */
    public record ReservedUsage(String windowCapacity, String weight, int windows, int fullWindows) {

        static ReservedUsage of(ReservedUse use) {
            return new ReservedUsage(
                    use.capacity().toPlainString(), use.weight().toPlainString(), use.windows(), use.fullWindows());
        }
    }

    /**
     * A price per so many units.
     *
     * @param amount in major units of the currency
     */
    public record UnitPrice(String amount, long per) {

        public static Optional<UnitPrice> of(AppliedPrice price) {
            return price.unitPrice()
                    .map(unit -> new UnitPrice(new Money(unit.amount(), price.currency()).digits(), unit.per()));
        }
    }

    /** Where a price stands written. */
    public record PriceReference(String book, int version, String card) {

        public static PriceReference of(AppliedPrice price) {
            return new PriceReference(price.book(), price.version(), price.card());
        }
    }

    public static InvoiceDocument of(Invoice invoice) {
        return new InvoiceDocument(
                invoice.id().toString(),
                invoice.id().tenant(),
                invoice.period().toString(),
                invoice.id().revision(),
                invoice.status().label(),
                invoice.currency().getCurrencyCode(),
                RangeDocument.of(invoice.period().range()),
                new PriceBookReference(invoice.priceBook(), invoice.priceBookVersions()),
                invoice.lines().stream().map(InvoiceDocument::line).toList(),
                invoice.exactSum().digits(),
                invoice.subtotal().digits(),
                invoice.statement().map(StatementDocument::of),
                invoice.total().digits(),
                invoice.evidence().eventCount(),
                invoice.evidence().digest().toString(),
                invoice.exceptions().stream().map(UnbilledDocument::of).toList(),
                asOf(invoice.status()),
                invoice.status() instanceof InvoiceStatus.Grace grace ? Optional.of(grace.until()) : Optional.empty(),
                closed(invoice).map(InvoiceStatus.Final::finalisedAt),
                closed(invoice)
                        .flatMap(InvoiceStatus.Final::issue)
                        .map(issue -> issue.number().toString()),
                closed(invoice)
                        .flatMap(InvoiceStatus.Final::issue)
                        .map(InvoiceStatus.Issue::dueOn)
                        .or(invoice::dueOn));
    }

    /** The same with a number and a due date. */
    public InvoiceDocument issuedAs(InvoiceStatus.Issue issue) {
        return new InvoiceDocument(
                id,
                tenant,
                period,
                revision,
                status,
                currency,
                servicePeriod,
                priceBook,
                lines,
                exactSum,
                subtotal,
                contract,
                total,
                eventCount,
                digest,
                exceptions,
                asOf,
                graceUntil,
                finalisedAt,
                Optional.of(issue.number().toString()),
                Optional.of(issue.dueOn()));
    }

    private static Optional<InvoiceStatus.Final> closed(Invoice invoice) {
        return invoice.status() instanceof InvoiceStatus.Final closed ? Optional.of(closed) : Optional.empty();
    }

    private static Optional<Instant> asOf(InvoiceStatus status) {
        if (status instanceof InvoiceStatus.Grace grace) {
            return Optional.of(grace.asOf());
        }
        return status instanceof InvoiceStatus.Draft draft ? Optional.of(draft.asOf()) : Optional.empty();
    }

    private static Line line(InvoiceLine line) {
        Product product = line.product();
        return new Line(
                line.number(),
                line.description(),
                product.provider(),
                product.model(),
                product.acceleratorType(),
                product.region(),
                product.operation(),
                product.serviceTier(),
                product.outcome(),
                product.contextBand(),
                line.meter(),
                line.quantity().toString(),
                UnitPrice.of(line.price()),
                line.exactAmount().digits(),
                line.shownAmount().digits(),
                RangeDocument.of(line.servicePeriod()),
                PriceReference.of(line.price()),
                line.conversion().map(IssuerDocument.Exchange::of),
                line.explanation(),
                ChargeDocument.counted(line.price(), line.stretch()),
                ChargeDocument.of(line.price(), line.stretch()),
                line.evidence().eventCount(),
                line.evidence().digest().toString(),
                line.reserved().map(ReservedUse::reservation),
                line.reserved().map(ReservedUsage::of));
    }
}
