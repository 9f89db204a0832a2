package io.tollgate.invoicing.postgres;

import io.tollgate.invoicing.billrun.Waiver;
import io.tollgate.invoicing.invoice.InvoiceId;
import io.tollgate.invoicing.invoice.InvoiceStatus.Issue;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.receivable.Account;
import io.tollgate.invoicing.receivable.Account.Change;
import io.tollgate.invoicing.receivable.Account.Corrected;
import io.tollgate.invoicing.receivable.Payment;
import io.tollgate.invoicing.receivable.Standing;
import io.tollgate.invoicing.receivable.Voiding;
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
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * What happens to final invoices. Whoever changes an account holds its invoice's row, so changes come one after the other
 * and their events are told in that order.
 */
public final class ReceivableStore {

    private static final int OVERDUE_AT_ONCE = 200;

    /** An invoice that is due longer than a year was told long ago; who is overdue is the account's to say. */
    private static final String DUE =
            "SELECT i.id FROM invoice i WHERE i.kind = 'invoice' AND i.due_on < :day AND i.due_on > :day::date - 366"
                    + " AND NOT EXISTS (SELECT 1 FROM overdue_notice n WHERE n.invoice_id = i.id)"
                    + " AND NOT EXISTS (SELECT 1 FROM voiding v WHERE v.invoice_id = i.id)"
                    + " AND (SELECT coalesce(sum(amount), 0) FROM payment p WHERE p.invoice_id = i.id)"
                    + "     + (SELECT sum(c.total - coalesce(c.due, c.total)) FROM invoice c"
                    + "        WHERE c.tenant = i.tenant AND c.month = i.month AND c.of_revision = i.revision)"
                    + "   < (SELECT sum(total) FROM invoice a WHERE a.tenant = i.tenant AND a.month = i.month"
                    + "     AND a.of_revision = i.revision"
                    + "     AND (a.total < 0 OR a.due_on < :day))"
                    + " ORDER BY i.due_on, i.id LIMIT " + OVERDUE_AT_ONCE;

    private final Jdbi jdbi;

    public ReceivableStore(Database database) {
        this.jdbi = database.jdbi();
    }

    /**
     * An invoice's account and the documents that it comes from.
     *
     * @param revisions the invoice, then its notes in their order
     * @param waivers who let what pass, when it was closed by itself or a note was issued
     */
    public record Receivable(Account account, List<FinalInvoice> revisions, List<Waiver> waivers) {

        public FinalInvoice invoice() {
            return revisions.get(0);
        }

        public List<FinalInvoice> notes() {
            return revisions.subList(1, revisions.size());
        }
    }

    /** Empty if the invoice is not final. */
    public Optional<Receivable> find(InvoiceId id) {
        return jdbi.withHandle(handle -> find(handle, id));
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

    static Optional<Receivable> locked(Handle handle, InvoiceId id) {
        handle.createQuery("SELECT id FROM invoice WHERE id = :id FOR UPDATE")
                .bind("id", id.toString())
                .mapTo(String.class)
                .findOne();
        return find(handle, id);
    }

    static Optional<Receivable> find(Handle handle, InvoiceId id) {
        List<FinalInvoice> revisions = InvoiceStore.revisions(handle, id);
        if (revisions.isEmpty()) {
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
        // Credits pay: they do not make the invoice cheaper. What a note gives back, they have not paid.
        Money credits = Money.sum(
                revisions.stream().map(each -> each.total().minus(each.due())).toList(), currency);
        if (credits.signum() > 0) {
            payments.add(0, Payment.byCredits(credits.rounded(), day(invoice.finalisedAt())));
        }
        List<Corrected> notes = revisions.stream()
                .skip(1)
                .map(note -> new Corrected(
                        note.total(), note.issue().map(Issue::dueOn).orElseThrow()))
                .toList();
        return Optional.of(new Receivable(
                new Account(invoice.total(), invoice.issue().map(Issue::dueOn), notes, payments, voiding),
                revisions,
                Waivers.of(handle, revisions)));
    }

    static void tellIfPaid(Handle handle, Receivable before, Account after, Instant now) {
        LocalDate today = day(now);
        if (after.on(today) instanceof Standing.Paid && !(before.account().on(today) instanceof Standing.Paid)) {
            tell(handle, EventType.INVOICE_PAID, before, after, Optional.empty(), now);
        }
    }

    static void tell(
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

    static LocalDate day(Instant now) {
        return LocalDate.ofInstant(now, ZoneOffset.UTC);
    }
}
