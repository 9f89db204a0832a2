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
import io.tollgate.invoicing.focus.FocusRows;
import io.tollgate.invoicing.invoice.InvoiceId;
import io.tollgate.service.Caller;
import io.tollgate.service.Role;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Instant;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is charged in a month as rows of FOCUS 1.2. */
@Path("/v1/focus")
@Produces({FocusFiles.CSV, FocusFiles.PARQUET})
@RolesAllowed({Role.Names.FINANCE, Role.Names.TENANT})
public final class FocusMonthResource {

    private final FocusExports exports;
    private final Invoices invoices;
    private final Clock clock;

    public FocusMonthResource(FocusExports exports, Invoices invoices, Clock clock) {
        this.exports = exports;
        this.invoices = invoices;
        this.clock = clock;
    }

    @GET
    @Operation(
            operationId = "getMonthFocus",
            summary = "Get what is charged to a tenant in a month as rows of FOCUS 1.2",
            description = "The month's invoice, or the draft as it stands, and what was issued in the month to correct"
                    + " others: notes, and invoices of months that are billed again. Their rows are of `ChargeClass`"
                    + " `Correction`, charged in the month that they were issued in, for the time that they are about.")
    @ApiResponse(
            responseCode = "200",
            description = "the rows",
            content = {
                @Content(mediaType = FocusFiles.CSV, schema = @Schema(type = "string", format = "binary")),
                @Content(mediaType = FocusFiles.PARQUET, schema = @Schema(type = "string", format = "binary"))
            })
    @ApiResponse(responseCode = "403", description = Callers.NOT_YOURS)
    @ApiResponse(responseCode = "404", description = "`billed_by_account`: another tenant pays for this one")
    @ApiResponse(responseCode = "409", description = Described.NO_PRICES)
    @ApiResponse(
            responseCode = "422",
            description = "`invalid_tenant`: it can be no tenant's name; " + Unanswerable.TOO_MUCH_DETAIL)
    public Response month(
            @Auth Caller caller,
            @Parameter(
                            description = "whose invoices; a tenant's token sees its own",
                            schema = @Schema(type = "string", pattern = Described.TENANT))
                    @QueryParam("tenant")
                    @Nullable String tenant,
            @Parameter(description = "the month that is charged", required = true, example = "2023-11")
                    @QueryParam("period")
                    @Nullable String period,
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
        List<String> whose =
                Callers.whose(caller, Parameters.tenant(tenant).map(List::of).orElse(List.of()));
        String payer = whose.stream().findFirst().orElseThrow(() -> Parameters.invalid("tenant is missing"));
        YearMonth month = Parameters.month(period).orElseThrow(() -> Parameters.invalid("period is missing"));
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Optional<FocusRows> rows = exports.of(payer, month, now);
        if (rows.isEmpty()
                && invoices.find(new InvoiceId(payer, month, InvoiceId.FIRST_REVISION), now)
                        instanceof Finding.None none) {
            throw FocusFiles.refused(none.why());
        }
        return FocusFiles.file(rows.orElseThrow(Refusals::noListPrices), parquet, "focus-" + payer + "." + month);
    }
}
