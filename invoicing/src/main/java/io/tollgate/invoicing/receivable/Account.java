package io.tollgate.invoicing.receivable;

import io.tollgate.invoicing.money.Money;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is owed of a final invoice. The invoice itself never changes; this is what happened to it, in which order does not
 * matter.
 *
 * @param total of the invoice, not negative
 * @param dueOn last day on which it is paid in time; absent of invoices that were closed before there were due dates
 * @param notes in the order in which they were issued
 * @param payments in the order in which they were kept
 */
public record Account(
        Money total,
        Optional<LocalDate> dueOn,
        List<Corrected> notes,
        List<Payment> payments,
        Optional<Voiding> voiding) {

    public Account {
        notes = List.copyOf(notes);
        payments = List.copyOf(payments);
        if (total.plus(sum(notes, total)).amount().signum() < 0) {
            throw new IllegalArgumentException("more was credited than " + total + ": " + notes);
        }
    }

    /** Of an invoice that nothing has happened to yet. */
    public static Account of(Money total, Optional<LocalDate> dueOn) {
        return new Account(total, dueOn, List.of(), List.of(), Optional.empty());
    }

    /**
     * By a note.
     *
     * @param amount negative of a credit note, which counts at once
     * @param dueOn last day on which a debit note is paid in time
     */
    public record Corrected(Money amount, LocalDate dueOn) {}

    /** What became of a wish to change it. */
    public sealed interface Change {

        /** It is so now. */
        record Made(Account account) implements Change {}

        /** It was so before. */
        record None(Account account) implements Change {}

        /**
         * It cannot be.
         *
         * @param code stable: {@code invoice_void}, {@code payment_differs}, {@code has_payments},
         *     {@code credit_exceeds_invoice}, {@code wrong_currency}
         */
        record Refused(String code, String detail) implements Change {}
    }

    /** What is left of the invoice after its notes, paid or not: no credit note may exceed it. */
    public Money invoiced() {
        return total.plus(sum(notes, total));
    }

    public Money paid() {
        return Money.sum(payments.stream().map(Payment::amount).toList(), total.currency());
    }

    /** What is left to pay; negative if too much was paid, or what was paid was credited later. */
    public Money balance() {
        return invoiced().minus(paid());
    }

    /** How it stands on that day of UTC. */
    public Standing on(LocalDate day) {
        if (voiding.isPresent()) {
            return new Standing.Voided(voiding.get());
        }
        if (balance().amount().signum() <= 0) {
            return new Standing.Paid();
        }
        // What is not due yet may wait, whatever the rest does.
        List<Corrected> later = notes.stream()
                .filter(note -> note.amount().amount().signum() > 0 && !day.isAfter(note.dueOn()))
                .toList();
        boolean isLate = dueOn.filter(day::isAfter).isPresent()
                && balance().minus(sum(later, total)).amount().signum() > 0;
        return isLate ? new Standing.Overdue() : new Standing.Open();
    }

    private static Money sum(List<Corrected> notes, Money total) {
        return Money.sum(notes.stream().map(Corrected::amount).toList(), total.currency());
    }

    /** Takes a payment. Of a reference that is known it is the same payment, told again. */
    public Change pay(Payment payment) {
        if (!payment.amount().currency().equals(total.currency())) {
            return new Change.Refused("wrong_currency", "the invoice is in " + total.currency());
        }
        Optional<Payment> known = payments.stream()
                .filter(each -> each.reference().equals(payment.reference()))
                .findFirst();
        if (known.isPresent()) {
            return known.get().equals(payment)
                    ? new Change.None(this)
                    : new Change.Refused(
                            "payment_differs",
                            "the payment " + payment.reference() + " is kept as "
                                    + known.get().amount() + " of "
                                    + known.get().paidOn());
        }
        if (voiding.isPresent()) {
            return new Change.Refused("invoice_void", "the invoice was voided, so there is nothing to pay");
        }
        List<Payment> more = new ArrayList<>(payments);
        more.add(payment);
        return new Change.Made(new Account(total, dueOn, notes, more, voiding));
    }

    /**
     * Adds a note.
     *
     * @param amount of a credit note negative
     */
    public Change note(Money amount, LocalDate noteDueOn) {
        return note(amount, Money.zero(total.currency()), noteDueOn);
    }

    /**
     * Adds a note.
     *
     * @param amount of a credit note negative
     * @param byCredits how much more of the invoice prepaid credits pay; negative if they get back what they paid
     */
    public Change note(Money amount, Money byCredits, LocalDate noteDueOn) {
        if (voiding.isPresent()) {
            return new Change.Refused("invoice_void", "the invoice was voided, so there is nothing to correct");
        }
        if (invoiced().plus(amount).amount().signum() < 0) {
            return new Change.Refused(
                    "credit_exceeds_invoice", "of the invoice " + invoiced() + " is left, less than the credit");
        }
        List<Corrected> more = new ArrayList<>(notes);
        more.add(new Corrected(amount, noteDueOn));
        return new Change.Made(new Account(total, dueOn, more, paid(byCredits, noteDueOn), voiding));
    }

    private List<Payment> paid(Money moreByCredits, LocalDate day) {
        Money credits = Money.sum(
                        payments.stream()
                                .filter(Payment::isByCredits)
                                .map(Payment::amount)
                                .toList(),
                        total.currency())
                .plus(moreByCredits);
        List<Payment> paid = new ArrayList<>();
        if (credits.signum() > 0) {
            paid.add(Payment.byCredits(credits, day));
        }
        payments.stream().filter(payment -> !payment.isByCredits()).forEach(paid::add);
        return paid;
    }

    /** Takes the invoice back whole: credits all that is left of it, and gives back what prepaid credits paid. */
    public Change take(Voiding back) {
        if (voiding.isPresent()) {
            return new Change.None(this);
        }
        Money money = Money.sum(
                payments.stream()
                        .filter(payment -> !payment.isByCredits())
                        .map(Payment::amount)
                        .toList(),
                total.currency());
        if (money.signum() > 0) {
            return new Change.Refused(
                    "has_payments",
                    money + " was paid already; correct it by a note, so that the payment keeps its invoice");
        }
        List<Corrected> more = new ArrayList<>(notes);
        Money rest = invoiced();
        if (rest.amount().signum() != 0) {
            more.add(new Corrected(
                    Money.zero(rest.currency()).minus(rest), LocalDate.ofInstant(back.at(), ZoneOffset.UTC)));
        }
        // What credits paid, they have again.
        return new Change.Made(new Account(total, dueOn, more, List.of(), Optional.of(back)));
    }
}
