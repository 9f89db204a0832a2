package io.tollgate.invoicing.postgres;

import io.tollgate.invoicing.document.BilledDocuments;
import io.tollgate.invoicing.document.CanonicalJson;
import io.tollgate.invoicing.document.NoteDocument;
import io.tollgate.invoicing.invoice.Adjustment;
import io.tollgate.invoicing.invoice.Adjustment.Billed;
import io.tollgate.invoicing.invoice.BillingTerms;
import io.tollgate.invoicing.invoice.Invoice;
import io.tollgate.invoicing.invoice.InvoiceId;
import io.tollgate.invoicing.invoice.InvoiceStatus.Issue;
import io.tollgate.invoicing.invoice.Note;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.receivable.Account;
import io.tollgate.invoicing.receivable.Account.Change;
import io.tollgate.invoicing.receivable.Account.Corrected;
import io.tollgate.invoicing.receivable.Payment;
import io.tollgate.invoicing.receivable.Standing;
import io.tollgate.invoicing.receivable.Voiding;
import io.tollgate.invoicing.usage.Evidence;
import io.tollgate.invoicing.webhook.Event;
import io.tollgate.invoicing.webhook.EventType;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * What happens to final invoices. Whoever changes an account holds its invoice's row, so changes come one after the other
 * and their events are told in that order.
 */
public final class ReceivableStore {

    private static final int OVERDUE_AT_ONCE = 200;
    /** The reference of what prepaid credits paid when the invoice was closed; no payer can give it. */
    private static final String CREDITS = " credits ";

    /** An invoice that is due longer than a year was told long ago; who is overdue is the account's to say. */
    private static final String DUE =
            "SELECT i.id FROM invoice i WHERE i.kind = 'invoice' AND i.due_on < :day AND i.due_on > :day::date - 366"
                    + " AND NOT EXISTS (SELECT 1 FROM overdue_notice n WHERE n.invoice_id = i.id)"
                    + " AND NOT EXISTS (SELECT 1 FROM voiding v WHERE v.invoice_id = i.id)"
                    + " AND (SELECT coalesce(sum(amount), 0) FROM payment p WHERE p.invoice_id = i.id)"
                    + "     + i.total - coalesce(i.due, i.total)"
                    + "   < (SELECT sum(total) FROM invoice a WHERE a.tenant = i.tenant AND a.month = i.month"
                    + "     AND (a.total < 0 OR a.due_on < :day))"
                    + " ORDER BY i.due_on, i.id LIMIT " + OVERDUE_AT_ONCE;

    private final Jdbi jdbi;
    private final BillingTerms terms;

    public ReceivableStore(Database database, BillingTerms terms) {
        this.jdbi = database.jdbi();
        this.terms = terms;
    }

    /**
     * An invoice's account and the documents that it comes from.
     *
     * @param revisions the invoice, then its notes in their order
     */
    public record Receivable(Account account, List<FinalInvoice> revisions) {

        public FinalInvoice invoice() {
            return revisions.get(0);
        }

        public List<FinalInvoice> notes() {
            return revisions.subList(1, revisions.size());
        }
    }

    /** What became of a wish to issue a note. */
    public record Noted(Change change, Optional<String> document) {}

    /** Empty if the invoice is not final. */
    public Optional<Receivable> find(InvoiceId id) {
        return jdbi.withHandle(handle -> find(handle, id));
    }

    /** All that was billed by the invoice and its notes; empty if it is not final. */
    public Optional<Billed> billed(InvoiceId id) {
        return jdbi.withHandle(handle -> find(handle, id).map(ledger -> billed(handle, ledger)));
    }

    /** Takes a payment; empty if the invoice is not final. */
    public Optional<Change> pay(InvoiceId id, Payment payment, Instant now) {
        return jdbi.inTransaction(handle -> locked(handle, id).map(ledger -> {
            Change change = ledger.account().pay(payment);
            if (change instanceof Change.Made made) {
                handle.execute(
                        "INSERT INTO payment (invoice_id, reference, amount, paid_on, recorded_at)"
                                + " VALUES (?, ?, ?, ?, ?)",
                        id.toString(),
                        payment.reference(),
                        payment.amount().amount(),
                        payment.paidOn(),
                        now.atOffset(ZoneOffset.UTC));
                tellIfPaid(handle, ledger, made.account(), now);
            }
            return change;
        }));
    }

    /** Whether the invoice, computed anew, would use balances otherwise than it did when it was closed. */
    public boolean usesBalancesOtherwise(Invoice now) {
        return jdbi.withHandle(handle -> Ledger.usesOtherwise(handle, now));
    }

    /**
     * Issues a note over what a period comes to now less what was billed for it; empty if its invoice is not final.
     *
     * @param adjustment gets what was billed; says what to issue, if anything
     * @param dueOn last day on which a debit note is paid in time; the operator's terms say it if nothing is agreed
     */
    public Optional<Noted> note(
            InvoiceId id,
            Function<Billed, Optional<Adjustment>> adjustment,
            Optional<LocalDate> dueOn,
            String reason,
            Instant now) {
        LocalDate due = dueOn.orElseGet(() -> terms.dueOn(now));
        return jdbi.inTransaction(handle -> locked(handle, id).map(ledger -> {
            Optional<Adjustment> difference = adjustment.apply(billed(handle, ledger));
            if (difference.isEmpty()) {
                return new Noted(new Change.None(ledger.account()), Optional.empty());
            }
            Change change = ledger.account().note(difference.get().total(), due);
            if (change instanceof Change.Made made) {
                String document = issue(handle, ledger, made.account(), difference.get(), due, reason, now);
                tellIfPaid(handle, ledger, made.account(), now);
                return new Noted(change, Optional.of(document));
            }
            return new Noted(change, Optional.empty());
        }));
    }

    /** Takes the invoice back whole, by a credit note; empty if it is not final. */
    public Optional<Change> take(InvoiceId id, Voiding voiding) {
        return jdbi.inTransaction(handle -> locked(handle, id).map(ledger -> {
            if (Ledger.hasPostings(handle, id)) {
                return new Change.Refused(
                        "draws_balances", "the invoice drew on a commitment or on credits, which would be lost");
            }
            Change change = ledger.account().take(voiding);
            if (change instanceof Change.Made made) {
                Adjustment back = Adjustment.takingBack(billed(handle, ledger));
                if (!back.isNothing()) {
                    issue(handle, ledger, made.account(), back, day(voiding.at()), voiding.reason(), voiding.at());
                }
                handle.execute(
                        "INSERT INTO voiding (invoice_id, voided_by, reason, voided_at) VALUES (?, ?, ?, ?)",
                        id.toString(),
                        voiding.by(),
                        voiding.reason(),
                        voiding.at().atOffset(ZoneOffset.UTC));
                tell(handle, EventType.INVOICE_VOIDED, ledger, made.account(), Optional.empty(), voiding.at());
            }
            return change;
        }));
    }

    /** Tells of invoices that have become overdue, each once; how many. */
    public int tellOverdue(Instant now) {
        LocalDate today = day(now);
        List<InvoiceId> due =
                jdbi.withHandle(handle -> handle.createQuery(DUE).bind("day", today).mapTo(String.class).list().stream()
                        .flatMap(id -> InvoiceId.parse(id).stream())
                        .toList());
        int told = 0;
        for (InvoiceId id : due) {
            told += jdbi.inTransaction(handle -> locked(handle, id)
                    .filter(ledger -> ledger.account().on(today) instanceof Standing.Overdue)
                    .filter(ledger -> handle.execute(
                                    "INSERT INTO overdue_notice (invoice_id, noticed_at) VALUES (?, ?)"
                                            + " ON CONFLICT DO NOTHING",
                                    id.toString(),
                                    now.atOffset(ZoneOffset.UTC))
                            > 0)
                    .map(ledger -> {
                        tell(handle, EventType.INVOICE_OVERDUE, ledger, ledger.account(), Optional.empty(), now);
                        return 1;
                    })
                    .orElse(0));
        }
        return told;
    }

    private static Optional<Receivable> locked(Handle handle, InvoiceId id) {
        handle.createQuery("SELECT id FROM invoice WHERE id = :id FOR UPDATE")
                .bind("id", id.toString())
                .mapTo(String.class)
                .findOne();
        return find(handle, id);
    }

    private static Optional<Receivable> find(Handle handle, InvoiceId id) {
        List<FinalInvoice> revisions = InvoiceStore.revisions(handle, id);
        if (revisions.isEmpty() || id.revision() != InvoiceId.FIRST_REVISION) {
            return Optional.empty();
        }
        FinalInvoice invoice = revisions.get(0);
        Currency currency = invoice.total().currency();
        List<Payment> payments = new ArrayList<>(handle.createQuery("SELECT reference, amount, paid_on FROM payment"
                        + " WHERE invoice_id = :id ORDER BY recorded_at, reference")
                .bind("id", id.toString())
                .map((row, context) -> new Payment(
                        row.getString("reference"),
                        new Money(row.getBigDecimal("amount"), currency).rounded(),
                        row.getObject("paid_on", LocalDate.class)))
                .list());
        Optional<Voiding> voiding = handle.createQuery("SELECT * FROM voiding WHERE invoice_id = :id")
                .bind("id", id.toString())
                .map((row, context) -> new Voiding(
                        row.getString("voided_by"),
                        row.getString("reason"),
                        row.getObject("voided_at", OffsetDateTime.class).toInstant()))
                .findOne();
        Money credits = invoice.total().minus(invoice.due());
        if (credits.amount().signum() > 0) {
            // Credits pay: they do not make the invoice cheaper.
            payments.add(0, new Payment(CREDITS, credits.rounded(), day(invoice.finalisedAt())));
        }
        List<Corrected> notes = revisions.stream()
                .skip(1)
                .map(note -> new Corrected(
                        note.total(), note.issue().map(Issue::dueOn).orElseThrow()))
                .toList();
        return Optional.of(new Receivable(
                new Account(invoice.total(), invoice.issue().map(Issue::dueOn), notes, payments, voiding), revisions));
    }

    private static Billed billed(Handle handle, Receivable ledger) {
        Currency currency = ledger.invoice().total().currency();
        List<FinalInvoice> all = ledger.revisions();
        return new Billed(
                BilledDocuments.lines(
                        InvoiceStore.documents(handle, ledger.invoice().id())),
                Money.sum(all.stream().map(FinalInvoice::exactSum).toList(), currency),
                Money.sum(all.stream().map(FinalInvoice::subtotal).toList(), currency),
                Money.sum(all.stream().map(FinalInvoice::total).toList(), currency),
                all.stream().map(FinalInvoice::evidence).reduce(Evidence.NONE, Evidence::plus));
    }

    private String issue(
            Handle handle,
            Receivable ledger,
            Account after,
            Adjustment adjustment,
            LocalDate due,
            String reason,
            Instant now) {
        InvoiceId invoice = ledger.invoice().id();
        String issuer = ledger.invoice().issuer().orElse(terms.issuer());
        Numbers numbers = Numbers.lock(handle, issuer, Note.kindOf(adjustment));
        Note note = new Note(
                new InvoiceId(
                        invoice.tenant(),
                        invoice.month(),
                        ledger.revisions()
                                        .get(ledger.revisions().size() - 1)
                                        .id()
                                        .revision()
                                + 1),
                new Issue(numbers.draw(), due),
                invoice,
                ledger.invoice().issue().map(issue -> issue.number().toString()).orElse(""),
                adjustment,
                reason,
                now);
        String document = CanonicalJson.write(NoteDocument.of(note));
        InvoiceStore.insert(
                handle,
                List.of(new InvoiceStore.Row(
                        note.id(),
                        issuer,
                        adjustment.exactSum(),
                        adjustment.subtotal(),
                        adjustment.total(),
                        adjustment.total(),
                        adjustment.lines().size(),
                        adjustment.evidence(),
                        now,
                        document,
                        note.issue())));
        numbers.keep();
        tell(
                handle,
                EventType.NOTE_ISSUED,
                ledger,
                after,
                Optional.of(note.issue().number().toString()),
                now);
        return document;
    }

    private static void tellIfPaid(Handle handle, Receivable before, Account after, Instant now) {
        LocalDate today = day(now);
        if (after.on(today) instanceof Standing.Paid && !(before.account().on(today) instanceof Standing.Paid)) {
            tell(handle, EventType.INVOICE_PAID, before, after, Optional.empty(), now);
        }
    }

    private static void tell(
            Handle handle, EventType type, Receivable ledger, Account after, Optional<String> note, Instant now) {
        FinalInvoice invoice = ledger.invoice();
        Event.AccountHead head = new Event.AccountHead(
                invoice.id().toString(),
                invoice.id().tenant(),
                invoice.id().month().toString(),
                invoice.issue().map(issue -> issue.number().toString()).orElse(""),
                after.on(day(now)).label(),
                invoice.total().currency().getCurrencyCode(),
                invoice.total().digits(),
                after.balance().digits(),
                note,
                "/v1/invoices/" + invoice.id() + "/account");
        Outbox.append(handle, Event.of(type, head, now));
    }

    private static LocalDate day(Instant now) {
        return LocalDate.ofInstant(now, ZoneOffset.UTC);
    }
}
