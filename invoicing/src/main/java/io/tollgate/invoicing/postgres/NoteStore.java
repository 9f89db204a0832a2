package io.tollgate.invoicing.postgres;

import io.tollgate.invoicing.billrun.Waiver;
import io.tollgate.invoicing.document.BilledDocuments;
import io.tollgate.invoicing.document.CanonicalJson;
import io.tollgate.invoicing.document.NoteDocument;
import io.tollgate.invoicing.document.RangeDocument;
import io.tollgate.invoicing.document.StatementDocument;
import io.tollgate.invoicing.invoice.Adjustment;
import io.tollgate.invoicing.invoice.Adjustment.Billed;
import io.tollgate.invoicing.invoice.BillingTerms;
import io.tollgate.invoicing.invoice.Closing.Blocker;
import io.tollgate.invoicing.invoice.Invoice;
import io.tollgate.invoicing.invoice.InvoiceId;
import io.tollgate.invoicing.invoice.InvoiceStatus.Issue;
import io.tollgate.invoicing.invoice.Note;
import io.tollgate.invoicing.postgres.ReceivableStore.Receivable;
import io.tollgate.invoicing.rating.UnbilledUsage;
import io.tollgate.invoicing.receivable.Account;
import io.tollgate.invoicing.receivable.Account.Change;
import io.tollgate.invoicing.receivable.Voiding;
import io.tollgate.invoicing.webhook.EventType;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Corrects final invoices, by notes or whole, and what they posted to balances with them. */
public final class NoteStore {

    private final Jdbi jdbi;
    private final BillingTerms terms;

    public NoteStore(Database database, BillingTerms terms) {
        this.jdbi = database.jdbi();
        this.terms = terms;
    }

    /**
     * What is kept of a final invoice and its notes.
     *
     * @param waived sentences of the exceptions that were let pass
     */
    public record Known(Billed billed, Set<String> waived, Account account) {}

    /** What became of a wish to issue a note. */
    public record Noted(Change change, Optional<String> document) {}

    /** Why a note is issued, and what is let pass for it. */
    public record Cause(String reason, List<UnbilledUsage> exceptions, List<Waiver> waivers) {}

    /** Empty if the invoice is not final. */
    public Optional<Known> find(InvoiceId id) {
        return jdbi.withHandle(handle -> ReceivableStore.find(handle, id).map(ledger -> {
            BilledDocuments documents = documents(handle, ledger);
            return new Known(billed(handle, ledger, documents), documents.waived(), ledger.account());
        }));
    }

    /**
     * Issues a note over what a period comes to now less what was billed for it, and posts the difference to balances;
     * empty if its invoice is not final.
     *
     * @param current the invoice, computed anew
     * @param against what speaks against issuing the difference, which is taken under the invoice's lock
     * @throws BalancesChangedException if other documents used the balances meanwhile; nothing is issued then
     * @throws BalanceInUseException if later invoices used what would be taken back
     */
    public Optional<Noted> note(
            Invoice current, Function<Adjustment, Optional<Blocker>> against, Cause cause, Instant now) {
        InvoiceId id = current.id();
        return jdbi.inTransaction(handle -> ReceivableStore.locked(handle, id).map(ledger -> {
            Ledger.requireUnchanged(handle, List.of(current));
            BilledDocuments documents = documents(handle, ledger);
            Adjustment difference = Adjustment.of(billed(handle, ledger, documents), current);
            Optional<Blocker> blocker = against.apply(difference);
            if (blocker.isPresent()) {
                return new Noted(
                        new Change.Refused(blocker.get().code(), blocker.get().detail()), Optional.empty());
            }
            LocalDate due = current.statement()
                    .map(agreed -> agreed.contract())
                    .map(contract ->
                            LocalDate.ofInstant(now, contract.timeZone()).plusDays(contract.paymentTermDays()))
                    .orElseGet(() -> terms.dueOn(now));
            Change change =
                    ledger.account().note(difference.total(), difference.total().minus(difference.due()), due);
            if (!(change instanceof Change.Made made)) {
                return new Noted(change, Optional.empty());
            }
            String document = issue(
                    handle,
                    ledger,
                    made.account(),
                    new Draft(
                            difference,
                            RangeDocument.of(current.period().range()),
                            current.statement().map(StatementDocument::of).or(documents::contract),
                            due),
                    cause,
                    now);
            ReceivableStore.tellIfPaid(handle, ledger, made.account(), now);
            return new Noted(change, Optional.of(document));
        }));
    }

    /**
     * Takes the invoice back whole, by a credit note, and gives back what it used of balances; empty if it is not final.
     *
     * @throws BalanceInUseException if later invoices used what would be taken back
     */
    public Optional<Change> take(InvoiceId id, Voiding voiding) {
        return jdbi.inTransaction(handle -> ReceivableStore.locked(handle, id).map(ledger -> {
            Change change = ledger.account().take(voiding);
            if (change instanceof Change.Made made) {
                Ledger.lock(handle, Set.of(id.tenant()));
                BilledDocuments documents = documents(handle, ledger);
                Adjustment back = Adjustment.takingBack(billed(handle, ledger, documents));
                if (!back.isNothing()) {
                    issue(
                            handle,
                            ledger,
                            made.account(),
                            new Draft(
                                    back,
                                    documents.servicePeriod(),
                                    documents.contract(),
                                    ReceivableStore.day(voiding.at())),
                            new Cause(voiding.reason(), List.of(), List.of()),
                            voiding.at());
                }
                handle.execute(
                        "INSERT INTO voiding (invoice_id, voided_by, reason, voided_at) VALUES (?, ?, ?, ?)",
                        id.toString(),
                        voiding.by(),
                        voiding.reason(),
                        voiding.at().atOffset(ZoneOffset.UTC));
                ReceivableStore.tell(
                        handle, EventType.INVOICE_VOIDED, ledger, made.account(), Optional.empty(), voiding.at());
            }
            return change;
        }));
    }

    private static BilledDocuments documents(Handle handle, Receivable ledger) {
        return BilledDocuments.of(
                InvoiceStore.documents(handle, ledger.invoice().id()));
    }

    private static Billed billed(Handle handle, Receivable ledger, BilledDocuments documents) {
        return documents.billed(Ledger.posted(handle, ledger.invoice().id()));
    }

    /** What a note will say. */
    private record Draft(
            Adjustment adjustment, RangeDocument period, Optional<StatementDocument> contract, LocalDate due) {}

    private String issue(Handle handle, Receivable ledger, Account after, Draft draft, Cause cause, Instant now) {
        FinalInvoice invoice = ledger.invoice();
        Adjustment adjustment = draft.adjustment();
        String issuer = invoice.issuer().orElse(terms.issuer());
        Numbers numbers = Numbers.lock(handle, issuer, Note.kindOf(adjustment));
        FinalInvoice last = ledger.revisions().get(ledger.revisions().size() - 1);
        Note note = new Note(
                new InvoiceId(
                        invoice.id().tenant(), invoice.id().month(), last.id().revision() + 1),
                new Issue(numbers.draw(), draft.due()),
                invoice.id(),
                invoice.issue().map(issue -> issue.number().toString()).orElse(""),
                invoice.finalisedAt(),
                cause.exceptions(),
                adjustment,
                cause.reason(),
                now);
        String document = CanonicalJson.write(NoteDocument.of(note, draft.period(), draft.contract()));
        InvoiceStore.insert(
                handle,
                List.of(new InvoiceStore.Row(
                        note.id(),
                        issuer,
                        adjustment.exactSum(),
                        adjustment.subtotal(),
                        adjustment.total(),
                        adjustment.due(),
                        adjustment.lines().size(),
                        adjustment.evidence(),
                        now,
                        document,
                        note.issue(),
                        invoice.id().revision(),
                        Optional.empty())));
        numbers.keep();
        Ledger.append(handle, note.id(), adjustment.postings());
        Waivers.insert(handle, note.id(), cause.waivers());
        ReceivableStore.tell(
                handle,
                EventType.NOTE_ISSUED,
                ledger,
                after,
                Optional.of(note.issue().number().toString()),
                now);
        return document;
    }
}
