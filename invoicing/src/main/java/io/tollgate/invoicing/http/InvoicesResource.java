package io.tollgate.invoicing.http;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.tollgate.invoicing.billing.Finalisation;
import io.tollgate.invoicing.billing.Finding;
import io.tollgate.invoicing.billing.InvoiceList;
import io.tollgate.invoicing.billing.Invoices;
import io.tollgate.invoicing.billrun.WaiverWish;
import io.tollgate.invoicing.document.CanonicalJson;
import io.tollgate.invoicing.document.InvoiceDocument;
import io.tollgate.invoicing.invoice.Closing.Blocker;
import io.tollgate.service.Caller;
import io.tollgate.service.ProblemException;
import io.tollgate.service.Role;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Invoices: drafts follow the usage, final ones never change. */
@Path("/v1/invoices")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.Names.FINANCE)
public final class InvoicesResource {

    private static final int LIMIT_MAX = 500;

    private final Invoices invoices;
    private final InvoiceList list;
    private final Clock clock;

    public InvoicesResource(Invoices invoices, InvoiceList list, Clock clock) {
        this.invoices = invoices;
        this.list = list;
        this.clock = clock;
    }

    @GET
    @RolesAllowed({Role.Names.FINANCE, Role.Names.TENANT})
    @Operation(
            operationId = "listInvoices",
            summary = "List invoices",
            description = "Final ones, and a draft for whoever used something that is not closed yet, without their"
                    + " lines, by month and tenant. A tenant's token lists its own.")
    @ApiResponse(responseCode = "200", description = "a page of the list", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "403", description = Callers.NOT_YOURS)
    @ApiResponse(responseCode = "409", description = Described.NO_PRICES)
    @ApiResponse(responseCode = "422", description = "`invalid_tenant`: it can be no tenant's name")
    public InvoicePage list(
            @Auth Caller caller,
            @Parameter(description = "only this one's", schema = @Schema(type = "string", pattern = Described.TENANT))
                    @QueryParam("tenant")
                    @Nullable String tenant,
            @Parameter(
                            description = "only this month's",
                            schema = @Schema(type = "string", pattern = "^[0-9]{4}-[0-9]{2}$", example = "2023-11"))
                    @QueryParam("period")
                    @Nullable String period,
            @Parameter(
                            description = "only drafts, or only final ones",
                            schema =
                                    @Schema(
                                            type = "string",
                                            allowableValues = {"all", "draft", "final"},
                                            defaultValue = "all"))
                    @QueryParam("status")
                    @Nullable String status,
            @Parameter(
                            description = "how many at most",
                            schema =
                                    @Schema(
                                            type = "integer",
                                            format = "int32",
                                            minimum = "1",
                                            maximum = "" + LIMIT_MAX,
                                            defaultValue = "100"))
                    @QueryParam("limit")
                    @DefaultValue("100")
                    int limit,
            @Parameter(description = "`nextCursor` of the page before") @QueryParam("cursor") @Nullable String cursor) {
        return list.page(
                        caller.tenant().isPresent() ? own(caller, tenant) : Parameters.tenant(tenant),
                        Parameters.month(period),
                        wanted(status),
                        Parameters.limit(limit, LIMIT_MAX),
                        Parameters.cursor(cursor),
                        now())
                .map(InvoicePage::of)
                .orElseThrow(Refusals::noListPrices);
    }

    /**
     * What to let pass for a close.
     *
     * @param waivers of exceptions
     */
    @Schema(name = "FinalizeWish")
    public record FinalizeWish(Optional<List<Waiving>> waivers) {}

    /** Text, not an object: a final invoice is handed out as it was written. */
    @GET
    @Path("/{id}")
    @RolesAllowed({Role.Names.FINANCE, Role.Names.TENANT})
    @Operation(
            operationId = "getInvoice",
            summary = "Get an invoice with its lines",
            description = "The final one, byte for byte, if it is closed; else the draft as it stands now.")
    @ApiResponse(
            responseCode = "200",
            description = "the invoice",
            content = @Content(schema = @Schema(implementation = InvoiceDocument.class)))
    @ApiResponse(
            responseCode = "404",
            description =
                    Described.NO_INVOICE
                            + "; `no_usage`: there was nothing to bill; `billed_by_account`: another pays for it, on the invoice that is named")
    @ApiResponse(responseCode = "409", description = Described.NO_PRICES)
    public String invoice(
            @Auth Caller caller,
            @Parameter(description = Described.INVOICE_ID, example = "acme.2023-11.1") @PathParam("id") String id) {
        Finding finding = invoices.find(Callers.invoice(caller, id), now());
        if (finding instanceof Finding.Kept kept) {
            return kept.document();
        }
        if (finding instanceof Finding.Drafted drafted) {
            return CanonicalJson.write(InvoiceDocument.of(drafted.draft()));
        }
        throw refused(List.of(((Finding.None) finding).why()));
    }

    @POST
    @Path("/{id}:finalize")
    @Operation(
            operationId = "finalizeInvoice",
            summary = "Close an invoice for ever",
            description = "Doing it again changes nothing and answers the same.")
    @ApiResponse(
            responseCode = "200",
            description = "the final invoice",
            content = @Content(schema = @Schema(implementation = InvoiceDocument.class)))
    @ApiResponse(
            responseCode = "404",
            description =
                    Described.NO_INVOICE
                            + "; `no_usage`: there was nothing to bill; `billed_by_account`: another pays for it, on the invoice that is named")
    @ApiResponse(
            responseCode = "409",
            description =
                    "Something must be settled first; `errors` has all of it: `period_open`,"
                            + " `in_grace`, `usage_without_tenant`, `unpriced_usage`, `negative_usage`,"
                            + " `meter_counted_two_ways`, `unmatched_reversal`, `no_price_book`; of a contract: `no_issuer`,"
                            + " `no_tax_rate`, `no_exchange_rate`, `earlier_period_open`, `balances_changed`, `members_changed`; of"
                            + " events `rollup_lag`, `unsettled_rejected_events`; `missing_contract`. Usage and events may be let pass")
    @ApiResponse(responseCode = "422", description = "`invalid_waiver`, `cannot_be_waived`")
    public String finalise(
            @Parameter(description = Described.INVOICE_ID, example = "acme.2023-11.1") @PathParam("id") String id,
            @Parameter(description = "whether not to wait for the end of the grace") @QueryParam("inGrace")
                    boolean inGrace,
            @RequestBody(
                            description = "what to let pass; nothing, if it is left out",
                            content = @Content(schema = @Schema(implementation = FinalizeWish.class)))
                    @Nullable FinalizeWish wish) {
        List<WaiverWish> wishes = Waiving.wishes(Optional.ofNullable(wish).flatMap(FinalizeWish::waivers));
        Finalisation finalisation = invoices.finalise(Parameters.invoiceId(id), inGrace, wishes, now());
        if (finalisation instanceof Finalisation.Kept kept) {
            return kept.document();
        }
        throw refused(((Finalisation.Refused) finalisation).blockers());
    }

    /** To the millisecond, so that what is stored and what is written are the same. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private static Optional<String> own(Caller caller, @Nullable String asked) {
        return Callers.whose(caller, Parameters.given(asked).stream().toList()).stream()
                .findFirst();
    }

    private static InvoiceList.Wanted wanted(@Nullable String status) {
        return switch (Parameters.given(status).orElse("all")) {
            case "all" -> InvoiceList.Wanted.ALL;
            case "draft" -> InvoiceList.Wanted.DRAFT;
            case "final" -> InvoiceList.Wanted.FINAL;
            default -> throw Parameters.invalid("status must be draft or final");
        };
    }

    private static ProblemException refused(List<Blocker> blockers) {
        boolean nothing = blockers.stream()
                .anyMatch(blocker ->
                        List.of("no_usage", "no_invoice", "billed_by_account").contains(blocker.code()));
        return Refusals.of(
                nothing ? Refusals.NOT_FOUND : Refusals.CONFLICT,
                blockers.stream()
                        .map(blocker -> new Refusals.Reason(blocker.code(), blocker.detail()))
                        .toList());
    }
}
