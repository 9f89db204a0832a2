package io.tollgate.invoicing.http;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.tollgate.invoicing.billing.ChargebackQuery;
import io.tollgate.invoicing.chargeback.Accounts;
import io.tollgate.invoicing.chargeback.AllocationRules.Mode;
import io.tollgate.invoicing.chargeback.ChargebackReport;
import io.tollgate.invoicing.chargeback.Difference;
import io.tollgate.invoicing.chargeback.Journal;
import io.tollgate.invoicing.chargeback.Run;
import io.tollgate.invoicing.document.ChargebackDifferenceDocument;
import io.tollgate.invoicing.document.ChargebackDocument;
import io.tollgate.invoicing.document.JournalDocument;
import io.tollgate.invoicing.postgres.ChargebackStore;
import io.tollgate.invoicing.rendering.ChargebackPdf;
import io.tollgate.service.Caller;
import io.tollgate.service.Role;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whose cost a tenant's month is: computed now, kept, compared, and as entries for a ledger. */
@Path("/v1/chargeback/{tenant}/{period}")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Role.Names.FINANCE, Role.Names.TENANT})
public final class ChargebackResource {

    private final ChargebackQuery query;
    private final ChargebackStore store;
    private final ChargebackAnswers answers;
    private final Clock clock;

    public ChargebackResource(ChargebackQuery query, ChargebackStore store, ChargebackPdf pdf, Clock clock) {
        this.query = query;
        this.store = store;
        this.answers = new ChargebackAnswers(pdf);
        this.clock = clock;
    }

    @GET
    @Produces({MediaType.APPLICATION_JSON, ChargebackAnswers.CSV, ChargebackAnswers.PDF})
    @Operation(
            operationId = "getChargeback",
            summary = "Get whose cost a month is",
            description =
                    "The invoice, or the draft as it stands, and its notes, divided among cost centres by the rules"
                            + " in force on the days of the usage. Cost is effective cost: usage that a reservation covers has its"
                            + " share of the fee. The shares add up to each document to the minor unit.")
    @ApiResponse(
            responseCode = "200",
            description = "the report",
            content = {
                @Content(
                        mediaType = MediaType.APPLICATION_JSON,
                        schema = @Schema(implementation = ChargebackDocument.class)),
                @Content(mediaType = ChargebackAnswers.CSV, schema = @Schema(type = "string", format = "binary")),
                @Content(mediaType = ChargebackAnswers.PDF, schema = @Schema(type = "string", format = "binary"))
            })
    @ApiResponse(responseCode = "403", description = Callers.NOT_YOURS)
    @ApiResponse(responseCode = "409", description = ChargebackMonth.CONFLICTS)
    @ApiResponse(responseCode = "422", description = ChargebackMonth.INVALID)
    public Response report(
            @Auth Caller caller,
            @Context HttpHeaders headers,
            @Parameter(
                            description = ChargebackMonth.WHOSE,
                            schema = @Schema(type = "string", pattern = Described.TENANT))
                    @PathParam("tenant")
                    String tenant,
            @Parameter(
                            description = ChargebackMonth.MONTH,
                            schema = @Schema(type = "string", pattern = ChargebackMonth.MONTH_PATTERN))
                    @PathParam("period")
                    String period,
            @Parameter(
                            description = ChargebackMonth.FORMAT,
                            schema =
                                    @Schema(
                                            type = "string",
                                            allowableValues = {"json", "csv", "pdf"}))
                    @QueryParam("format")
                    @Nullable String format) {
        ChargebackMonth asked = ChargebackMonth.of(caller, tenant, period);
        Instant now = now();
        return answers.report(
                asked.found(query, () -> query.now(asked.tenant(), asked.month(), now)), now, format, headers);
    }

    @GET
    @Path("/difference")
    @Operation(operationId = "getChargebackDifference", summary = "Get what moved since a run, and why")
    @ApiResponse(responseCode = "200", description = "what moved", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "403", description = Callers.NOT_YOURS)
    @ApiResponse(responseCode = "404", description = ChargebackMonth.NO_RUN)
    @ApiResponse(responseCode = "409", description = ChargebackMonth.CONFLICTS)
    @ApiResponse(responseCode = "422", description = ChargebackMonth.INVALID)
    public ChargebackDifferenceDocument difference(
            @Auth Caller caller,
            @Parameter(
                            description = ChargebackMonth.WHOSE,
                            schema = @Schema(type = "string", pattern = Described.TENANT))
                    @PathParam("tenant")
                    String tenant,
            @Parameter(
                            description = ChargebackMonth.MONTH,
                            schema = @Schema(type = "string", pattern = ChargebackMonth.MONTH_PATTERN))
                    @PathParam("period")
                    String period,
            @Parameter(
                            description = "number of the run; the latest if absent",
                            schema = @Schema(type = "integer", format = "int32", minimum = "1"))
                    @QueryParam("since")
                    @Nullable Integer since) {
        ChargebackMonth asked = ChargebackMonth.of(caller, tenant, period);
        Run run = asked.run(store, since);
        Difference moved = asked.found(query, () -> query.since(run, now())).difference();
        return ChargebackDifferenceDocument.of(run.number(), run.report().currency(), moved);
    }

    @GET
    @Path("/journal")
    @Produces({MediaType.APPLICATION_JSON, ChargebackAnswers.CSV})
    @Operation(
            operationId = "getChargebackJournal",
            summary = "Get a month's cost as entries for a ledger",
            description = "Every cost centre's expense against what is payable, for each final invoice and note; by the"
                    + " accounts of the rules in force at the month's end. Debits are credits.")
    @ApiResponse(
            responseCode = "200",
            description = "the entries",
            content = {
                @Content(
                        mediaType = MediaType.APPLICATION_JSON,
                        schema = @Schema(implementation = JournalDocument.class)),
                @Content(mediaType = ChargebackAnswers.CSV, schema = @Schema(type = "string", format = "binary"))
            })
    @ApiResponse(responseCode = "403", description = Callers.NOT_YOURS)
    @ApiResponse(responseCode = "404", description = ChargebackMonth.NO_RUN)
    @ApiResponse(
            responseCode = "409",
            description = ChargebackMonth.CONFLICTS
                    + "; `not_final`: a draft is not posted; `showback`: the rules do not post")
    @ApiResponse(responseCode = "422", description = ChargebackMonth.INVALID)
    public Response journal(
            @Auth Caller caller,
            @Context HttpHeaders headers,
            @Parameter(
                            description = ChargebackMonth.WHOSE,
                            schema = @Schema(type = "string", pattern = Described.TENANT))
                    @PathParam("tenant")
                    String tenant,
            @Parameter(
                            description = ChargebackMonth.MONTH,
                            schema = @Schema(type = "string", pattern = ChargebackMonth.MONTH_PATTERN))
                    @PathParam("period")
                    String period,
            @Parameter(
                            description = "number of the run that is posted; what it is now if absent",
                            schema = @Schema(type = "integer", format = "int32", minimum = "1"))
                    @QueryParam("run")
                    @Nullable Integer number,
            @Parameter(
                            description = "`json` or `csv`; if absent, what the `Accept` header asks for",
                            schema =
                                    @Schema(
                                            type = "string",
                                            allowableValues = {"json", "csv"}))
                    @QueryParam("format")
                    @Nullable String format) {
        ChargebackMonth asked = ChargebackMonth.of(caller, tenant, period);
        ChargebackReport report = number == null
                ? asked.found(query, () -> query.now(asked.tenant(), asked.month(), now()))
                : asked.run(store, number).report();
        if (!report.isFinal()) {
            throw Refusals.of(
                    Refusals.CONFLICT, "not_final", "an invoice of the month is a draft, which is not posted");
        }
        Accounts accounts = Optional.of(report)
                .filter(each -> each.mode() == Mode.CHARGEBACK)
                .flatMap(query::accounts)
                .orElseThrow(() -> Refusals.of(
                        Refusals.CONFLICT,
                        "showback",
                        "the rules in force at the month's end show cost and do not post it"));
        return answers.journal(JournalDocument.of(Journal.of(report, accounts)), format, headers);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
