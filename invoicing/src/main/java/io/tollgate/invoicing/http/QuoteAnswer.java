package io.tollgate.invoicing.http;

import io.swagger.v3.oas.annotations.media.Schema;
import io.tollgate.invoicing.document.ChargeDocument;
import io.tollgate.invoicing.document.InvoiceDocument.PriceReference;
import io.tollgate.invoicing.document.InvoiceDocument.UnitPrice;
import io.tollgate.invoicing.invoice.InvoiceLine;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.usage.Product;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import java.util.Optional;

/**
 * What the quantities would cost, as an invoice would say it.
 *
 * @param at when the usage is thought to happen
 * @param exactSum unrounded sum of the lines
 * @param total the exact sum, rounded half up to the currency's minor unit; the lines' amounts add up to it
 */
@Schema(name = "Quote")
public record QuoteAnswer(String currency, Instant at, List<Line> lines, String exactSum, String total) {

    /**
     * One charge.
     *
     * @param unitPrice where quantity times price is all there is
     * @param exactAmount unrounded
     * @param amount as shown
     * @param price where it stands written, in a book
     * @param explanation the arithmetic, for people
     * @param counted where the quantity lies among all that counts together, where that makes a difference
     * @param charges the arithmetic, step by step, where there is more to it than a unit price
     */
    @Schema(name = "QuoteLine")
    public record Line(
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
            Optional<PriceReference> price,
            String explanation,
            Optional<ChargeDocument.Counted> counted,
            Optional<List<ChargeDocument>> charges) {}

    static QuoteAnswer of(Currency currency, Instant at, List<InvoiceLine> lines, boolean fromBook) {
        Money exact = Money.sum(lines.stream().map(InvoiceLine::exactAmount).toList(), currency);
        return new QuoteAnswer(
                currency.getCurrencyCode(),
                at,
                lines.stream().map(line -> line(line, fromBook)).toList(),
                exact.digits(),
                exact.rounded().digits());
    }

    private static Line line(InvoiceLine line, boolean fromBook) {
        Product product = line.product();
        return new Line(
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
                Optional.of(PriceReference.of(line.price())).filter(reference -> fromBook),
                line.explanation(),
                ChargeDocument.counted(line.price(), line.stretch()),
                ChargeDocument.of(line.price(), line.stretch()));
    }
}
