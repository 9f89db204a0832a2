package io.tollgate.invoicing.http;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.tollgate.invoicing.billing.Finding;
import io.tollgate.invoicing.billing.FocusExports;
import io.tollgate.invoicing.billing.Invoices;
import io.tollgate.invoicing.invoice.InvoiceId;
import io.tollgate.service.Caller;
import io.tollgate.service.Role;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Invoices, drafts and notes as rows of FOCUS 1.2. */
@Path("/v1/invoices/{id}/focus")
@Produces({FocusFiles.CSV, FocusFiles.PARQUET})
@RolesAllowed({Role.Names.FINANCE, Role.Names.TENANT})
public final class FocusResource {

    private final FocusExports exports;
    private final Invoices invoices;
    private final Clock clock;

    public FocusResource(FocusExports exports, Invoices invoices, Clock clock) {
        this.exports = exports;
        this.invoices = invoices;
        this.clock = clock;
    }

    @GET
    @Operation(
            operationId = "getInvoiceFocus",
            summary = "Get an invoice, a draft or a note as rows of FOCUS 1.2",
            description = "`BilledCost` adds up to what is due, and so does `EffectiveCost`. Rows of a draft have no"
                    + " `InvoiceId` and may change until it is closed.")
    @ApiResponse(
            responseCode = "200",
            description = "the rows",
            content = {
                @Content(mediaType = FocusFiles.CSV, schema = @Schema(type = "string", format = "binary")),
                @Content(mediaType = FocusFiles.PARQUET, schema = @Schema(type = "string", format = "binary"))
            })
    @ApiResponse(
            responseCode = "404",
            description = Described.NO_INVOICE + "; `no_usage`: there was nothing to bill; `billed_by_account`")
    @ApiResponse(responseCode = "409", description = Described.NO_PRICES)
    @ApiResponse(responseCode = "422", description = Unanswerable.TOO_MUCH_DETAIL)
    public Response invoice(
            @Auth Caller caller,
            @Parameter(description = Described.INVOICE_ID, example = "acme.2023-11.1") @PathParam("id") String id,
            @Parameter(
                            description = FocusFiles.FORMAT,
                            schema =
                                    @Schema(
                                            type = "string",
                                            allowableValues = {"csv", "parquet"}))
                    @QueryParam("format")
                    @Nullable String format,
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.ACCEPT) @Nullable String accept) {
        boolean parquet = FocusFiles.isParquet(format, accept);
        InvoiceId invoice = Callers.invoice(caller, id);
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        if (invoices.find(invoice, now) instanceof Finding.None none) {
            throw FocusFiles.refused(none.why());
        }
        return FocusFiles.file(
                exports.of(invoice, now).orElseThrow(Refusals::noListPrices), parquet, "focus-" + invoice);
    }
}
