package io.tollgate.invoicing.invoice;

import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.rating.UnbilledUsage;
import io.tollgate.invoicing.usage.Evidence;
import java.util.Currency;
import java.util.List;

/**
 * What a tenant owes for a period.
 *
 * @param priceBook name of the price book
 * @param lines in order of product, meter and time, numbered from 1
 * @param exceptions usage of the tenant that could not be billed; empty in a final invoice
 * @param evidence of all usage of the tenant in the period
 */
public record Invoice(
        InvoiceId id,
        BillingPeriod period,
        InvoiceStatus status,
        Currency currency,
        String priceBook,
        List<InvoiceLine> lines,
        List<UnbilledUsage> exceptions,
        Evidence evidence) {

    public Invoice {
        lines = List.copyOf(lines);
        exceptions = List.copyOf(exceptions);
        if (status instanceof InvoiceStatus.Final && !exceptions.isEmpty()) {
            throw new IllegalArgumentException("an invoice with exceptions cannot be final: " + exceptions);
        }
    }

    /** Unrounded sum of the lines. */
    public Money exactSum() {
        return Money.sum(lines.stream().map(InvoiceLine::exactAmount).toList(), currency);
    }

    /** The exact sum, rounded once. */
    public Money subtotal() {
        return exactSum().rounded();
    }

    /** What is owed. */
    public Money total() {
        return subtotal();
    }

    /** The versions of the price book that its lines were priced by, in order. */
    public List<Integer> priceBookVersions() {
        return lines.stream()
                .map(line -> line.price().version())
                .distinct()
                .sorted()
                .toList();
    }

    /** The same invoice with another status. */
    public Invoice as(InvoiceStatus other) {
        return new Invoice(id, period, other, currency, priceBook, lines, exceptions, evidence);
    }
}
