package io.tollgate.invoicing.cost;

import io.tollgate.invoicing.invoice.BillingPeriod;
import io.tollgate.invoicing.invoice.InvoiceId;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.rating.UnbilledUsage;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import java.util.Optional;

/**
 * What an invoice, or a note to one, is made of.
 *
 * @param id of the invoice or note; of a draft, the one that it will have
 * @param kind what it is
 * @param number as people know it; empty for a draft
 * @param issuedAt empty for a draft
 * @param subtotal of usage at the tenant's prices, in whole minor units
 * @param total with fees, discounts and tax
 * @param due without what credits pay
 * @param items what the due amount is made of
 * @param unbilled usage that could not be billed, and is in no item
 */
public record CostReport(
        InvoiceId id,
        Kind kind,
        Optional<String> number,
        BillingPeriod period,
        Optional<Instant> issuedAt,
        Money subtotal,
        Money total,
        Money due,
        List<CostItem> items,
        List<UnbilledUsage> unbilled) {

    /** What a report is of. */
    public enum Kind {
        DRAFT,
        INVOICE,
        CREDIT_NOTE,
        DEBIT_NOTE
    }

    public CostReport {
        items = List.copyOf(items);
        unbilled = List.copyOf(unbilled);
        Cost sum = items.stream().map(CostItem::cost).reduce(Cost.zero(due.currency()), Cost::plus);
        // A report that does not add up is worse than none.
        if (!sum.billed().equals(due) || !sum.effective().equals(due)) {
            throw new IllegalArgumentException("items of " + id + " come to " + sum.billed() + " billed and "
                    + sum.effective() + " effective, not to " + due);
        }
    }

    public Currency currency() {
        return due.currency();
    }
}
