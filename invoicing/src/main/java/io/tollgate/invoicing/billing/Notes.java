package io.tollgate.invoicing.billing;

import io.tollgate.invoicing.billrun.RunException;
import io.tollgate.invoicing.billrun.Waiver;
import io.tollgate.invoicing.billrun.WaiverWish;
import io.tollgate.invoicing.invoice.Adjustment;
import io.tollgate.invoicing.invoice.Closing.Blocker;
import io.tollgate.invoicing.invoice.Invoice;
import io.tollgate.invoicing.invoice.InvoiceId;
import io.tollgate.invoicing.invoice.SinceFinal;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.postgres.BalanceInUseException;
import io.tollgate.invoicing.postgres.BalancesChangedException;
import io.tollgate.invoicing.postgres.NoteStore;
import io.tollgate.invoicing.postgres.NoteStore.Cause;
import io.tollgate.invoicing.postgres.NoteStore.Known;
import io.tollgate.invoicing.postgres.NoteStore.Noted;
import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.invoicing.rating.UnbilledUsage;
import io.tollgate.invoicing.receivable.Account.Change;
import io.tollgate.invoicing.receivable.Voiding;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Credit and debit notes: what a final period comes to now less what was billed for it, shown first and then issued. And
 * what takes an invoice back whole.
 */
public final class Notes {

    /** Somebody else may post to the same balances in between, again and again; not this often. */
    private static final int TURNS_MAX = 10;

    private final Drafts drafts;
    private final NoteStore notes;

    public Notes(Drafts drafts, NoteStore notes) {
        this.drafts = drafts;
        this.notes = notes;
    }

    /**
     * What came or changed since the invoice was closed.
     *
     * @param difference what a note would say now
     * @param current the invoice, computed anew
     */
    public record Since(SinceFinal since, Adjustment difference, Invoice current) {}

    /** Empty if the invoice is not final. */
    public Optional<Since> since(InvoiceId id, Instant now) {
        return notes.find(id)
                .flatMap(known -> drafts.prices().map(prices -> {
                    Invoice current = current(id, prices, now);
                    Adjustment difference = Adjustment.of(known.billed(), current);
                    return new Since(
                            SinceFinal.of(difference, undecided(current, known.waived())), difference, current);
                }));
    }

    /**
     * Issues the note.
     *
     * @param expected what somebody was shown, if he says so: nothing else is issued then
     * @param wishes exceptions to let pass
     */
    public Finalisation issue(
            InvoiceId id, Optional<BigDecimal> expected, List<WaiverWish> wishes, String reason, Instant now) {
        Optional<PriceHistory> prices = drafts.prices();
        if (prices.isEmpty()) {
            return refused(Invoices.NO_PRICE_BOOK);
        }
        for (int turn = 0; turn < TURNS_MAX; turn++) {
            // Looked for first: who is a member of an account pays for nothing that could be computed.
            Optional<Known> known = notes.find(id);
            if (known.isEmpty()) {
                return refused(new Blocker("not_final", id + " is not a final invoice"));
            }
            try {
                return issue(current(id, prices.get(), now), known.get(), expected, wishes, reason, now);
            } catch (BalancesChangedException e) {
                // Computed anew, it uses what is open by now.
            } catch (BalanceInUseException e) {
                return refused(inUse(e));
            }
        }
        return refused(
                new Blocker("balances_changed", "balances of " + id.tenant() + " change all the time; try again"));
    }

    private Finalisation issue(
            Invoice current,
            Known known,
            Optional<BigDecimal> expected,
            List<WaiverWish> wishes,
            String reason,
            Instant now) {
        List<UnbilledUsage> exceptions = undecided(current, known.waived());
        List<Blocker> open = new ArrayList<>();
        List<Waiver> waivers = new ArrayList<>();
        for (UnbilledUsage exception : exceptions) {
            RunException found = RunException.of(current.id().tenant(), Blocker.of(exception));
            WaiverWish.of(wishes, found, now).ifPresentOrElse(waivers::add, () -> open.add(found.blocker()));
        }
        current.statement()
                .ifPresent(agreed -> agreed.gaps().forEach(gap -> open.add(new Blocker(gap.code(), gap.detail()))));
        if (!open.isEmpty()) {
            return new Finalisation.Refused(open);
        }
        // The difference is taken under the invoice's lock: of two that ask at once, the second finds nothing left.
        Noted noted = notes.note(current, each -> against(each, expected), new Cause(reason, exceptions, waivers), now)
                .orElseThrow(() -> new IllegalStateException(current.id() + " was final and is no more"));
        if (noted.document().isPresent()) {
            return new Finalisation.Kept(noted.document().get());
        }
        return refused(
                noted.change() instanceof Change.Refused why ? new Blocker(why.code(), why.detail()) : nothing());
    }

    /** Takes the invoice back whole; empty if it is not final. */
    public Optional<Change> take(InvoiceId id, Voiding voiding) {
        try {
            return notes.take(id, voiding);
        } catch (BalanceInUseException e) {
            return Optional.of(new Change.Refused(inUse(e).code(), inUse(e).detail()));
        }
    }

    /** What nobody let pass yet, neither when the invoice was closed nor with a note. */
    private static List<UnbilledUsage> undecided(Invoice current, Set<String> waived) {
        return current.exceptions().stream()
                .filter(exception -> !waived.contains(exception.detail()))
                .toList();
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

    private static Blocker inUse(BalanceInUseException why) {
        return new Blocker("balance_in_use", why.getMessage() + "; void or correct those first");
    }

    private static Blocker nothing() {
        return new Blocker("nothing_to_adjust", "the period comes to what was billed for it");
    }

    private Invoice current(InvoiceId id, PriceHistory prices, Instant now) {
        return drafts.of(id.month(), id.tenant(), prices, OpenBalances.closedOnly(prices), now)
                .map(draft -> draft.as(id))
                .orElseThrow(() -> new IllegalStateException("who pays for a month that is final was changed: " + id));
    }

    private static Finalisation refused(Blocker blocker) {
        return new Finalisation.Refused(List.of(blocker));
    }
}
