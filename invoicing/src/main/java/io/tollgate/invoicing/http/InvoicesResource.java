package io.tollgate.invoicing.http;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.tollgate.invoicing.billing.Finalisation;
import io.tollgate.invoicing.billing.Finding;
import io.tollgate.invoicing.billing.InvoiceList;
import io.tollgate.invoicing.billing.Invoices;
import io.tollgate.invoicing.document.CanonicalJson;
import io.tollgate.invoicing.document.InvoiceDocument;
import io.tollgate.invoicing.invoice.Closing.Blocker;
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
    @Operation(summary = "List invoices: final ones, and drafts of whoever used something, by month and tenant")
    public InvoicePage list(
            @QueryParam("tenant") @Nullable String tenant,
            @QueryParam("period") @Nullable String period,
            @QueryParam("status") @Nullable String status,
            @QueryParam("limit") @DefaultValue("100") int limit,
            @QueryParam("cursor") @Nullable String cursor) {
        return list.page(
                        Parameters.tenant(tenant),
                        Parameters.month(period),
                        wanted(status),
                        Parameters.limit(limit, LIMIT_MAX),
                        Parameters.cursor(cursor),
                        now())
                .map(InvoicePage::of)
                .orElseThrow(Refusals::noListPrices);
    }

    /** Text, not an object: a final invoice is handed out as it was written. */
    @GET
    @Path("/{id}")
    @Operation(summary = "One invoice with its lines: the final one if it is closed, else as it stands now")
    @ApiResponse(
            responseCode = "200",
            description = "the invoice",
            content = @Content(schema = @Schema(implementation = InvoiceDocument.class)))
    public String invoice(@PathParam("id") String id) {
        Finding finding = invoices.find(Parameters.invoiceId(id), now());
        if (finding instanceof Finding.Kept kept) {
            return kept.document();
        }
        if (finding instanceof Finding.Drafted drafted) {
            return CanonicalJson.write(InvoiceDocument.of(drafted.draft()));
        }
        throw refused(List.of(((Finding.None) finding).why()));
    }

    @GET
    @Path("/{id}/usage-since-final")
    @Operation(summary = "What came or changed after the invoice was closed; it stays as it is")
    public UsageSinceFinal sinceFinal(@PathParam("id") String id) {
        return invoices.sinceFinal(Parameters.invoiceId(id), now())
                .map(UsageSinceFinal::of)
                .orElseThrow(() -> Refusals.of(Refusals.CONFLICT, "not_final", id + " is not a final invoice"));
    }

    @POST
    @Path("/{id}:finalize")
    @Operation(summary = "Close an invoice for ever; doing it again answers the same")
    @ApiResponse(
            responseCode = "200",
            description = "the final invoice",
            content = @Content(schema = @Schema(implementation = InvoiceDocument.class)))
    public String finalise(@PathParam("id") String id) {
        Finalisation finalisation = invoices.finalise(Parameters.invoiceId(id), now());
        if (finalisation instanceof Finalisation.Kept kept) {
            return kept.document();
        }
        throw refused(((Finalisation.Refused) finalisation).blockers());
    }

    /** To the millisecond, so that what is stored and what is written are the same. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
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
                        blocker.code().equals("no_usage") || blocker.code().equals("no_invoice"));
        return Refusals.of(
                nothing ? Refusals.NOT_FOUND : Refusals.CONFLICT,
                blockers.stream()
                        .map(blocker -> new Refusals.Reason(blocker.code(), blocker.detail()))
                        .toList());
    }
}
