package io.tollgate.invoicing.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import io.tollgate.invoicing.postgres.FinalInvoice;
import io.tollgate.invoicing.postgres.ReceivableStore.Receivable;
import io.tollgate.invoicing.receivable.Account;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Accounts of final invoices as JSON. */
final class AccountDocuments {

    private AccountDocuments() {}

    /**
     * How a final invoice stands. Amounts are decimal digits.
     *
     * @param number of the invoice; absent if it was closed before there were numbers
     * @param standing {@code open}, {@code overdue}, {@code paid} or {@code void}
     * @param total of the invoice
     * @param invoiced what is left of it after its notes
     * @param paid what was paid of it
     * @param balance what is left to pay; negative if too much was paid
     * @param dueOn the last day, in UTC, on which it is paid in time
     */
    @Schema(name = "Account")
    record AccountDocument(
            String id,
            Optional<String> number,
            String standing,
            String currency,
            String total,
            String invoiced,
            String paid,
            String balance,
            Optional<LocalDate> dueOn,
            List<PaymentDocument> payments,
            List<NoteHead> notes,
            List<WaivedDocument> waivers,
            Optional<VoidingDocument> voiding) {}

    /** What somebody let pass when the invoice was closed by itself, or a note was issued. */
    @Schema(name = "DocumentWaiver")
    record WaivedDocument(String code, String detail, String by, String reason, Instant at) {}

    /** Money that came. */
    @Schema(name = "Payment")
    record PaymentDocument(String reference, String amount, LocalDate paidOn) {}

    /**
     * A note without its lines.
     *
     * @param total negative of a credit note
     */
    @Schema(name = "NoteHead")
    record NoteHead(String id, String kind, String number, String total, Instant finalisedAt) {}

    /** Who took the invoice back, why, and when. */
    @Schema(name = "Voiding")
    record VoidingDocument(String by, String reason, Instant at) {}

    /**
     * A payment to keep.
     *
     * @param amount above zero, decimal digits in the invoice's currency
     * @param reference the payer's or the bank's; told twice it counts once
     * @param paidOn a date; today, if absent
     */
    @Schema(name = "PaymentWish")
    record PaymentWish(
            @JsonProperty(required = true) String amount,
            @JsonProperty(required = true) String reference,
            Optional<String> paidOn) {
        PaymentWish {
            Objects.requireNonNull(amount, "amount");
            Objects.requireNonNull(reference, "reference");
        }
    }

    /** Who takes an invoice back, and why. */
    @Schema(name = "VoidWish")
    record VoidWish(
            @JsonProperty(required = true) String by,
            @JsonProperty(required = true) String reason) {
        VoidWish {
            Objects.requireNonNull(by, "by");
            Objects.requireNonNull(reason, "reason");
        }
    }

    /**
     * A note to issue.
     *
     * @param reason why, for the customer
     * @param expectedTotal the difference as it was shown: nothing else is issued; decimal digits
     * @param waivers exceptions to let pass
     */
    @Schema(name = "NoteWish")
    record NoteWish(
            @JsonProperty(required = true) String reason,
            Optional<String> expectedTotal,
            Optional<List<Waiving>> waivers) {
        NoteWish {
            Objects.requireNonNull(reason, "reason");
        }
    }

    static AccountDocument of(Receivable ledger, LocalDate today) {
        Account account = ledger.account();
        FinalInvoice invoice = ledger.invoice();
        return new AccountDocument(
                invoice.id().toString(),
                invoice.issue().map(issue -> issue.number().toString()),
                account.on(today).label(),
                account.total().currency().getCurrencyCode(),
                account.total().digits(),
                account.invoiced().digits(),
                account.paid().rounded().digits(),
                account.balance().digits(),
                account.dueOn(),
                account.payments().stream()
                        .map(payment -> new PaymentDocument(
                                payment.reference(), payment.amount().digits(), payment.paidOn()))
                        .toList(),
                ledger.notes().stream().map(AccountDocuments::head).toList(),
                ledger.waivers().stream()
                        .map(waiver -> new WaivedDocument(
                                waiver.exception().code(),
                                waiver.exception().detail(),
                                waiver.by(),
                                waiver.reason(),
                                waiver.at()))
                        .toList(),
                account.voiding().map(voiding -> new VoidingDocument(voiding.by(), voiding.reason(), voiding.at())));
    }

    private static NoteHead head(FinalInvoice note) {
        return new NoteHead(
                note.id().toString(),
                note.issue().map(issue -> issue.number().series().label()).orElse(""),
                note.issue().map(issue -> issue.number().toString()).orElse(""),
                note.total().digits(),
                note.finalisedAt());
    }
}
