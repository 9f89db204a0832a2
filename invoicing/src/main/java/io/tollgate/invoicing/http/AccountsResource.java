package io.tollgate.invoicing.http;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.tollgate.invoicing.billing.Finalisation;
import io.tollgate.invoicing.billing.Notes;
import io.tollgate.invoicing.document.NoteDocument;
import io.tollgate.invoicing.http.AccountDocuments.AccountDocument;
import io.tollgate.invoicing.http.AccountDocuments.NoteWish;
import io.tollgate.invoicing.http.AccountDocuments.PaymentWish;
import io.tollgate.invoicing.http.AccountDocuments.VoidWish;
import io.tollgate.invoicing.invoice.InvoiceId;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.postgres.ReceivableStore;
import io.tollgate.invoicing.postgres.ReceivableStore.Receivable;
import io.tollgate.invoicing.receivable.Account.Change;
import io.tollgate.invoicing.receivable.Payment;
import io.tollgate.invoicing.receivable.Voiding;
import io.tollgate.service.ProblemException;
import io.tollgate.service.Role;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Currency;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What happens to final invoices: payments, notes, and that they are taken back. */
@Path("/v1/invoices")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.Names.FINANCE)
public final class AccountsResource {

    private static final String EXAMPLE = "acme.2023-11.1";
    private static final String NOT_FINAL = "`not_final`: it is not closed";
    private static final Pattern AMOUNT = Pattern.compile("-?[0-9]{1,18}(\\.[0-9]{1,6})?");

    private final ReceivableStore receivables;
    private final Notes notes;
    private final Clock clock;

    public AccountsResource(ReceivableStore receivables, Notes notes, Clock clock) {
        this.receivables = receivables;
        this.notes = notes;
        this.clock = clock;
    }

    @GET
    @Path("/{id}/account")
    @Operation(
            operationId = "getAccount",
            summary = "See how a final invoice stands",
            description = "Its payments, its notes, and what is left to pay.")
    @ApiResponse(responseCode = "200", description = "the account", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", description = Described.NO_INVOICE)
    @ApiResponse(responseCode = "409", description = NOT_FINAL)
    public AccountDocument account(
            @Parameter(description = Described.INVOICE_ID, example = EXAMPLE) @PathParam("id") String id) {
        return document(Parameters.invoiceId(id));
    }

    @POST
    @Path("/{id}/payments")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "recordPayment",
            summary = "Record a payment",
            description = "In parts, too. The same reference with the same amount and date counts once.")
    @ApiResponse(responseCode = "200", description = "the account after it", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", description = Described.NO_INVOICE)
    @ApiResponse(
            responseCode = "409",
            description = NOT_FINAL + "; `invoice_void`: it was taken back; `payment_differs`: the reference is that of"
                    + " another payment")
    @ApiResponse(responseCode = "422", description = "`invalid_payment`: the amount, reference or date is none")
    public AccountDocument pay(
            @Parameter(description = Described.INVOICE_ID, example = EXAMPLE) @PathParam("id") String id,
            @RequestBody(
                            description = "the payment",
                            required = true,
                            content = @Content(schema = @Schema(implementation = PaymentWish.class)))
                    @Nullable PaymentWish wish) {
        InvoiceId invoice = Parameters.invoiceId(id);
        if (wish == null) {
            throw Parameters.invalid("say which payment");
        }
        Receivable ledger = ledger(invoice);
        return changed(
                invoice,
                receivables.pay(invoice, payment(wish, ledger.account().total().currency()), now()));
    }

    @POST
    @Path("/{id}:void")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "voidInvoice",
            summary = "Take a final invoice back whole",
            description =
                    "A credit note over all that is left of it is issued, what it used of commitments and credits is given"
                            + " back. Its month may then be billed again, by the revision after that note; if nobody does so, it is"
                            + " waived. Doing it again changes nothing.")
    @ApiResponse(responseCode = "200", description = "the account after it", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", description = Described.NO_INVOICE)
    @ApiResponse(
            responseCode = "409",
            description = NOT_FINAL + "; `has_payments`: it was paid, in part at least;"
                    + " `balance_in_use`: later invoices used what it rolled over")
    @ApiResponse(responseCode = "422", description = "`invalid_reason`: say who does so (by), and why (reason)")
    public AccountDocument take(
            @Parameter(description = Described.INVOICE_ID, example = EXAMPLE) @PathParam("id") String id,
            @RequestBody(
                            description = "who and why",
                            required = true,
                            content = @Content(schema = @Schema(implementation = VoidWish.class)))
                    @Nullable VoidWish wish) {
        InvoiceId invoice = Parameters.invoiceId(id);
        if (wish == null) {
            throw Parameters.invalid("say who and why");
        }
        Voiding voiding = new Voiding(text(wish.by(), "by"), text(wish.reason(), "reason"), now());
        return changed(invoice, notes.take(invoice, voiding));
    }

    @GET
    @Path("/{id}/usage-since-final")
    @Operation(
            operationId = "getUsageSinceFinal",
            summary = "Get what came or changed after an invoice was closed",
            description = "The invoice stays as it is; `lines` are what a note issued now would say.")
    @ApiResponse(responseCode = "200", description = "the difference", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", description = Described.NO_INVOICE)
    @ApiResponse(
            responseCode = "409",
            description = NOT_FINAL + "; `invoice_void`: its month is the next revision's to bill")
    public UsageSinceFinal sinceFinal(
            @Parameter(description = Described.INVOICE_ID, example = "acme.2023-11.1") @PathParam("id") String id) {
        InvoiceId invoice = Parameters.invoiceId(id);
        if (ledger(invoice).account().voiding().isPresent()) {
            throw Refusals.of(
                    Refusals.CONFLICT, "invoice_void", invoice + " was voided; the next revision bills its month");
        }
        return notes.since(invoice, now())
                .map(UsageSinceFinal::of)
                .orElseThrow(() -> Refusals.of(Refusals.CONFLICT, "not_final", id + " is not a final invoice"));
    }

    @POST
    @Path("/{id}/notes")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "issueNote",
            summary = "Issue a credit or debit note",
            description = "Over what the invoice's period comes to now less what was billed for it, as"
                    + " `usage-since-final` shows it. It is the next revision of the invoice's id.")
    @ApiResponse(
            responseCode = "200",
            description = "the note",
            content = @Content(schema = @Schema(implementation = NoteDocument.class)))
    @ApiResponse(responseCode = "404", description = Described.NO_INVOICE)
    @ApiResponse(
            responseCode = "409",
            description = NOT_FINAL + "; `nothing_to_adjust`; `amount_changed`: it is not what was shown;"
                    + " `credit_exceeds_invoice`; `invoice_void`; `balance_in_use`: later invoices used what it rolled"
                    + " over; `balances_changed`; of a contract `no_issuer`, `no_tax_rate`, `no_exchange_rate`; or the usage has exceptions that"
                    + " nobody has let pass, and `errors` has them:"
                    + " `unpriced_usage`, `negative_usage`, `meter_counted_two_ways`, `unmatched_reversal`;"
                    + " `no_price_book`")
    @ApiResponse(responseCode = "422", description = "`invalid_reason`, `invalid_amount`, `invalid_waiver`")
    public String note(
            @Parameter(description = Described.INVOICE_ID, example = EXAMPLE) @PathParam("id") String id,
            @RequestBody(
                            description = "why",
                            required = true,
                            content = @Content(schema = @Schema(implementation = NoteWish.class)))
                    @Nullable NoteWish wish) {
        InvoiceId invoice = Parameters.invoiceId(id);
        if (wish == null) {
            throw Parameters.invalid("say why");
        }
        Optional<BigDecimal> expected = wish.expectedTotal().map(text -> amount(text, "invalid_amount"));
        Finalisation issued =
                notes.issue(invoice, expected, Waiving.wishes(wish.waivers()), text(wish.reason(), "reason"), now());
        if (issued instanceof Finalisation.Kept kept) {
            return kept.document();
        }
        throw Refusals.of(
                Refusals.CONFLICT,
                ((Finalisation.Refused) issued)
                        .blockers().stream()
                                .map(blocker -> new Refusals.Reason(blocker.code(), blocker.detail()))
                                .toList());
    }

    private AccountDocument changed(InvoiceId invoice, Optional<Change> change) {
        if (change.isPresent() && change.get() instanceof Change.Refused refused) {
            throw Refusals.of(Refusals.CONFLICT, refused.code(), refused.detail());
        }
        return document(invoice);
    }

    private AccountDocument document(InvoiceId invoice) {
        return AccountDocuments.of(ledger(invoice), LocalDate.ofInstant(now(), ZoneOffset.UTC));
    }

    private Receivable ledger(InvoiceId invoice) {
        return receivables
                .find(invoice)
                .orElseThrow(() -> Refusals.of(Refusals.CONFLICT, "not_final", invoice + " is not a final invoice"));
    }

    private Payment payment(PaymentWish wish, Currency currency) {
        BigDecimal amount = amount(wish.amount(), "invalid_payment");
        Money money = new Money(amount, currency);
        if (amount.signum() <= 0 || money.rounded().amount().compareTo(amount) != 0) {
            throw invalidPayment("an amount is above zero and in whole minor units of " + currency);
        }
        if (!Parameters.isText(wish.reference())) {
            throw invalidPayment("a reference has 1 to " + Parameters.TEXT_MAX + " characters");
        }
        try {
            LocalDate paidOn = wish.paidOn().map(LocalDate::parse).orElse(LocalDate.ofInstant(now(), ZoneOffset.UTC));
            if (paidOn.getYear() < 1 || paidOn.getYear() > 9999) {
                throw invalidPayment("a date is in the years 1 to 9999");
            }
            return new Payment(wish.reference().strip(), money.rounded(), paidOn);
        } catch (DateTimeParseException e) {
            throw invalidPayment("paidOn must be a date such as 2023-12-05");
        }
    }

    private static ProblemException invalidPayment(String detail) {
        return Refusals.of(Refusals.UNPROCESSABLE, "invalid_payment", detail);
    }

    private static BigDecimal amount(String text, String code) {
        if (!AMOUNT.matcher(text).matches()) {
            throw Refusals.of(Refusals.UNPROCESSABLE, code, Parameters.shown(text) + " is no amount such as 47.61");
        }
        return new BigDecimal(text);
    }

    private static String text(String value, String name) {
        if (!Parameters.isText(value)) {
            throw Refusals.of(
                    Refusals.UNPROCESSABLE,
                    "invalid_reason",
                    name + " has 1 to " + Parameters.TEXT_MAX + " characters");
        }
        return value.strip();
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
