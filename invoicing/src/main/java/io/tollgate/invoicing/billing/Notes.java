package io.tollgate.invoicing.billing;

import io.tollgate.invoicing.invoice.Adjustment;
import io.tollgate.invoicing.invoice.Closing.Blocker;
import io.tollgate.invoicing.invoice.Invoice;
import io.tollgate.invoicing.invoice.InvoiceId;
import io.tollgate.invoicing.invoice.SinceFinal;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.postgres.ReceivableStore;
import io.tollgate.invoicing.postgres.ReceivableStore.Noted;
import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.invoicing.receivable.Account.Change;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Credit and debit notes: what a final period comes to now less what was billed for it, shown first and then issued. */
public final class Notes {

    private final Drafts drafts;
    private final ReceivableStore receivables;

    public Notes(Drafts drafts, ReceivableStore receivables) {
        this.drafts = drafts;
        this.receivables = receivables;
    }

    /**
     * What came or changed since the invoice was closed.
     *
     * @param difference what a note would say now
     */
    public record Since(SinceFinal since, Adjustment difference) {}

    /** Empty if the invoice is not final. */
    public Optional<Since> since(InvoiceId id, Instant now) {
        return receivables
                .billed(id)
                .flatMap(billed -> drafts.prices().map(prices -> {
                    Invoice current = current(id, prices, now);
                    return new Since(
                            SinceFinal.of(billed.evidence(), billed.exactSum(), current),
                            Adjustment.of(billed, current));
                }));
    }

    /**
     * Issues the note.
     *
     * @param expected what somebody was shown, if he says so: nothing else is issued then
     */
    public Finalisation issue(InvoiceId id, Optional<BigDecimal> expected, String reason, Instant now) {
        Optional<PriceHistory> prices = drafts.prices();
        if (prices.isEmpty()) {
            return refused(Invoices.NO_PRICE_BOOK);
        }
        if (receivables.find(id).isEmpty()) {
            return refused(new Blocker("not_final", id + " is not a final invoice"));
        }
        Invoice current = current(id, prices.get(), now);
        List<Blocker> open = open(current);
        if (!open.isEmpty()) {
            return new Finalisation.Refused(open);
        }
        Optional<Adjustment> difference = receivables.billed(id).map(billed -> Adjustment.of(billed, current));
        Optional<Blocker> blocker = difference.flatMap(each -> against(each, expected));
        if (blocker.isPresent()) {
            return refused(blocker.get());
        }
        // Taken again under the invoice's lock: of two that ask at once, the second finds nothing left to bill.
        return receivables
                .note(
                        id,
                        billed -> Optional.of(Adjustment.of(billed, current))
                                .filter(each -> against(each, expected).isEmpty()),
                        current.statement()
                                .map(agreed -> agreed.contract())
                                .map(contract -> LocalDate.ofInstant(now, contract.timeZone())
                                        .plusDays(contract.paymentTermDays())),
                        reason,
                        now)
                .map(Notes::finalisation)
                .orElseThrow(() -> new IllegalStateException(id + " was final and is no more"));
    }

    /** What has to be settled before anything can be billed or credited. */
    private List<Blocker> open(Invoice current) {
        List<Blocker> open =
                new ArrayList<>(current.exceptions().stream().map(Blocker::of).toList());
        current.statement()
                .ifPresent(agreed -> agreed.gaps().forEach(gap -> open.add(new Blocker(gap.code(), gap.detail()))));
        if (open.isEmpty() && receivables.usesBalancesOtherwise(current)) {
            open.add(new Blocker(
                    "draws_balances",
                    "the difference is also one of what the invoice drew on a commitment or on credits, which a note"
                            + " cannot give back or take; agree on it in the contract"));
        }
        return open;
    }

    private static Finalisation finalisation(Noted noted) {
        if (noted.document().isPresent()) {
            return new Finalisation.Kept(noted.document().get());
        }
        if (noted.change() instanceof Change.Refused why) {
            return refused(new Blocker(why.code(), why.detail()));
        }
        return refused(nothing());
    }

    private static Optional<Blocker> against(Adjustment difference, Optional<BigDecimal> expected) {
        if (difference.isNothing()) {
            return Optional.of(nothing());
        }
        Money total = difference.total();
        return expected.filter(amount -> amount.compareTo(total.amount()) != 0)
                .map(amount -> new Blocker(
                        "amount_changed", "the difference is " + total + " by now, not " + amount.toPlainString()));
    }

    private static Blocker nothing() {
        return new Blocker("nothing_to_adjust", "the period comes to what was billed for it");
    }

    private Invoice current(InvoiceId id, PriceHistory prices, Instant now) {
        return drafts.of(id.month(), id.tenant(), prices, now)
                .orElseThrow(() -> new IllegalStateException("who pays for a month that is final was changed: " + id));
    }

    private static Finalisation refused(Blocker blocker) {
        return new Finalisation.Refused(List.of(blocker));
    }
}
