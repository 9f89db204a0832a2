package io.tollgate.invoicing.http;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.tollgate.invoicing.billing.ChargebackQuery;
import io.tollgate.invoicing.chargeback.Difference;
import io.tollgate.invoicing.chargeback.Run;
import io.tollgate.invoicing.document.ChargebackDifferenceDocument;
import io.tollgate.invoicing.http.ChargebackAnswers.KeptRun;
import io.tollgate.invoicing.http.ChargebackAnswers.Runs;
import io.tollgate.invoicing.http.ChargebackAnswers.Summary;
import io.tollgate.invoicing.postgres.ChargebackStore;
import io.tollgate.invoicing.postgres.ChargebackStore.Kept;
import io.tollgate.invoicing.rendering.ChargebackPdf;
import io.tollgate.service.Caller;
import io.tollgate.service.Role;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reports of whose cost a tenant's month was that were kept; none of them ever changes. */
@Path("/v1/chargeback/{tenant}/{period}/runs")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Role.Names.FINANCE, Role.Names.TENANT})
public final class ChargebackRunsResource {

    private static final int LIMIT_MAX = 100;

    private final ChargebackQuery query;
    private final ChargebackStore store;
    private final ChargebackAnswers answers;
    private final Clock clock;

    public ChargebackRunsResource(ChargebackQuery query, ChargebackStore store, ChargebackPdf pdf, Clock clock) {
        this.query = query;
        this.store = store;
        this.answers = new ChargebackAnswers(pdf);
        this.clock = clock;
    }

    @POST
    @Operation(
            operationId = "keepChargeback",
            summary = "Keep whose cost a month is now as its next run",
            description = "A run never changes. If the latest run says the same, nothing is kept.")
    @ApiResponse(
            responseCode = "200",
            description = "the latest run, which says the same already",
            content = @Content(schema = @Schema(implementation = KeptRun.class)))
    @ApiResponse(
            responseCode = "201",
            description = "the new run",
            content = @Content(schema = @Schema(implementation = KeptRun.class)))
    @ApiResponse(responseCode = "403", description = Callers.NOT_YOURS)
    @ApiResponse(responseCode = "409", description = ChargebackMonth.CONFLICTS)
    @ApiResponse(responseCode = "422", description = ChargebackMonth.INVALID)
    public Response keep(
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
                    String period) {
        ChargebackMonth asked = ChargebackMonth.of(caller, tenant, period);
        Kept kept = asked.found(query, () -> query.keep(asked.tenant(), asked.month(), now()));
        KeptRun shown = KeptRun.of(kept.run());
        return kept.isNew()
                ? Response.created(URI.create("/v1/chargeback/" + asked.tenant() + "/" + asked.month() + "/runs/"
                                + kept.run().number()))
                        .entity(shown)
                        .build()
                : Response.ok(shown).build();
    }

    @GET
    @Operation(operationId = "listChargebackRuns", summary = "List the runs of a month, without their cost centres")
    @ApiResponse(responseCode = "200", description = "the runs", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "403", description = Callers.NOT_YOURS)
    @ApiResponse(responseCode = "422", description = ChargebackMonth.INVALID)
    public Runs runs(
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
                            description = "how many at most",
                            schema =
                                    @Schema(
                                            type = "integer",
                                            format = "int32",
                                            minimum = "1",
                                            maximum = "" + LIMIT_MAX,
                                            defaultValue = "50"))
                    @QueryParam("limit")
                    @DefaultValue("50")
                    int limit,
            @Parameter(
                            description = "only runs after this one: `nextAfter` of the page before",
                            schema = @Schema(type = "integer", format = "int32", minimum = "0", defaultValue = "0"))
                    @QueryParam("after")
                    @DefaultValue("0")
                    int after) {
        ChargebackMonth asked = ChargebackMonth.of(caller, tenant, period);
        int wanted = Parameters.limit(limit, LIMIT_MAX);
        List<Summary> page = store.runs(asked.tenant(), asked.month(), after, wanted).stream()
                .map(Summary::of)
                .toList();
        return new Runs(
                page,
                Optional.of(page)
                        .filter(full -> full.size() == wanted)
                        .map(full -> full.get(wanted - 1).number()));
    }

    @GET
    @Path("/{number}")
    @Produces({MediaType.APPLICATION_JSON, ChargebackAnswers.CSV, ChargebackAnswers.PDF})
    @Operation(operationId = "getChargebackRun", summary = "Get a run as it was kept")
    @ApiResponse(
            responseCode = "200",
            description = "the run",
            content = {
                @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = KeptRun.class)),
                @Content(mediaType = ChargebackAnswers.CSV, schema = @Schema(type = "string", format = "binary")),
                @Content(mediaType = ChargebackAnswers.PDF, schema = @Schema(type = "string", format = "binary"))
            })
    @ApiResponse(responseCode = "403", description = Callers.NOT_YOURS)
    @ApiResponse(responseCode = "404", description = ChargebackMonth.NO_RUN)
    @ApiResponse(responseCode = "422", description = ChargebackMonth.INVALID)
    public Response run(
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
            @Parameter(description = "from 1", schema = @Schema(type = "integer", format = "int32", minimum = "1"))
                    @PathParam("number")
                    int number,
            @Parameter(
                            description = ChargebackMonth.FORMAT,
                            schema =
                                    @Schema(
                                            type = "string",
                                            allowableValues = {"json", "csv", "pdf"}))
                    @QueryParam("format")
                    @Nullable String format) {
        return answers.run(ChargebackMonth.of(caller, tenant, period).run(store, number), format, headers);
    }

    @GET
    @Path("/{number}/difference")
    @Operation(
            operationId = "getChargebackRunDifference",
            summary = "Get what moved between a run and the one before it, and why")
    @ApiResponse(responseCode = "200", description = "what moved", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "403", description = Callers.NOT_YOURS)
    @ApiResponse(
            responseCode = "404",
            description = ChargebackMonth.NO_RUN + "; `no_earlier_run`: it is the first in its currency")
    @ApiResponse(responseCode = "422", description = ChargebackMonth.INVALID)
    public ChargebackDifferenceDocument runDifference(
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
            @Parameter(description = "from 1", schema = @Schema(type = "integer", format = "int32", minimum = "1"))
                    @PathParam("number")
                    int number) {
        Run run = ChargebackMonth.of(caller, tenant, period).run(store, number);
        Difference since = run.since()
                .orElseThrow(() -> Refusals.of(
                        Refusals.NOT_FOUND,
                        "no_earlier_run",
                        "run " + number + " is the month's first, or the first in its currency"));
        return ChargebackDifferenceDocument.of(number - 1, run.report().currency(), since);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
