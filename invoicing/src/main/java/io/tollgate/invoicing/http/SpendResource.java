package io.tollgate.invoicing.http;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.tollgate.invoicing.billing.Freshness;
import io.tollgate.invoicing.billing.SpendQuery;
import io.tollgate.invoicing.billing.Zones;
import io.tollgate.invoicing.document.CanonicalJson;
import io.tollgate.invoicing.rendering.SpendCsv;
import io.tollgate.invoicing.spend.Spend;
import io.tollgate.invoicing.spend.SpendQuestion;
import io.tollgate.invoicing.usage.Whose;
import io.tollgate.service.Caller;
import io.tollgate.service.Role;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Spend over time: invoices, unrounded and grouped. */
@Path("/v1/spend")
@Produces({MediaType.APPLICATION_JSON, SpendResource.CSV})
@RolesAllowed({Role.Names.FINANCE, Role.Names.TENANT})
public final class SpendResource {

    static final String CSV = "text/csv";
    static final int LIMIT_MAX = 10_000;

    private final SpendQuery query;
    private final SpendQuery everybodys;
    private final SpendQuestions questions;
    private final Freshness freshness;
    private final Clock clock;

    /** @param everybodys for who may ask for it: tenants are read some at a time, and not refused for being many */
    public SpendResource(SpendQuery query, SpendQuery everybodys, Zones zones, Freshness freshness, Clock clock) {
        this.query = query;
        this.everybodys = everybodys;
        this.questions = new SpendQuestions(zones);
        this.freshness = freshness;
        this.clock = clock;
    }

    @GET
    @Operation(
            operationId = "getSpend",
            summary = "Get exact spend over time, grouped",
            description =
                    "The same computation as invoices, unrounded: over whole billing periods, the effective cost of the"
                            + " rows and the `charges` add up to what is due. Usage without a price or a tenant is in"
                            + " `exceptions`.")
    @ApiResponse(
            responseCode = "200",
            description = "the spend",
            content = {
                @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = SpendAnswer.class)),
                @Content(mediaType = CSV, schema = @Schema(type = "string", format = "binary"))
            })
    @ApiResponse(responseCode = "304", description = "it is what `If-None-Match` says, still")
    @ApiResponse(responseCode = "403", description = Callers.NOT_YOURS)
    @ApiResponse(
            responseCode = "409",
            description = Described.NO_PRICES + "; `mixed_currencies`: tenants are billed in different currencies")
    @ApiResponse(
            responseCode = "422",
            description = "`not_on_window_boundary`, `empty_range`, `range_too_long`: the range cannot be answered for;"
                    + " `invalid_tenant`: it can be no tenant's name; " + Unanswerable.TOO_MUCH_DETAIL)
    public Response spend(
            @Auth Caller caller,
            @Context Request request,
            @Context HttpHeaders headers,
            @Parameter(description = "inclusive; " + SpendQuestions.BOUNDARY, required = true, example = "2023-11-01")
                    @QueryParam("from")
                    @Nullable String from,
            @Parameter(description = "exclusive; " + SpendQuestions.BOUNDARY, required = true, example = "2023-12-01")
                    @QueryParam("to")
                    @Nullable String to,
            @Parameter(
                            description = SpendQuestions.GRANULARITY,
                            schema =
                                    @Schema(
                                            type = "string",
                                            allowableValues = {"total", "15min", "hour", "day", "month"},
                                            defaultValue = "total"))
                    @QueryParam("granularity")
                    @Nullable String granularity,
            @Parameter(description = SpendQuestions.ZONE) @QueryParam("zone") @Nullable String zone,
            @Parameter(
                            description = SpendQuestions.GROUP_BY,
                            array = @ArraySchema(schema = @Schema(type = "string", example = "model")))
                    @QueryParam("groupBy")
                    List<String> groupBy,
            @Parameter(
                            description = SpendQuestions.FILTER,
                            array = @ArraySchema(schema = @Schema(type = "string", example = "model=gpt-4o")))
                    @QueryParam("filter")
                    List<String> filter,
            @Parameter(
                            description =
                                    "only theirs; repeated or comma separated; a tenant's token sees its own alone",
                            array = @ArraySchema(schema = @Schema(type = "string", pattern = Described.TENANT)))
                    @QueryParam("tenant")
                    List<String> tenant,
            @Parameter(
                            description = "`json` in pages, or `csv` with all rows at once; if absent, what `Accept`"
                                    + " asks for, or `json`",
                            schema =
                                    @Schema(
                                            type = "string",
                                            allowableValues = {"json", "csv"}))
                    @QueryParam("format")
                    @Nullable String format,
            @Parameter(description = "`nextCursor` of the page before") @QueryParam("cursor") @Nullable String cursor,
            @Parameter(description = "rows of a page, from 1 to " + LIMIT_MAX)
                    @QueryParam("limit")
                    @DefaultValue("1000")
                    int limit) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        SpendQuestion question = questions.question(
                caller, new SpendQuestions.Asked(from, to, granularity, zone, groupBy, filter, tenant));
        int most = Parameters.limit(limit, LIMIT_MAX);
        boolean csv = Parameters.isCsv(format, headers);
        Spend spend = (question.whose() instanceof Whose.Everybodys ? everybodys : query)
                .of(question, now)
                .orElseThrow(Refusals::noListPrices);
        if (csv) {
            return Tagged.bytes(request, SpendCsv.write(spend), CSV + ";charset=utf-8");
        }
        Pages.Page<Spend.Row> page = Pages.page(
                spend.rows(),
                row -> Pages.place(row.period(), row.group()),
                question.groupBy().size(),
                cursor,
                most);
        Optional<Instant> counted = freshness.countedThrough(question.range(), question.whose(), now);
        return Tagged.json(
                request, CanonicalJson.write(SpendAnswer.of(spend, page, counted)), MediaType.APPLICATION_JSON);
    }
}
