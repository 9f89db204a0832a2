package io.tollgate.invoicing.http;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.tollgate.invoicing.billing.Freshness;
import io.tollgate.invoicing.billing.UsageQuery;
import io.tollgate.invoicing.billing.Zones;
import io.tollgate.invoicing.document.CanonicalJson;
import io.tollgate.invoicing.rendering.SpendCsv;
import io.tollgate.invoicing.spend.SpendQuestion;
import io.tollgate.invoicing.spend.UsageTally;
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

/** Quantities over time, priced or not. */
@Path("/v1/usage")
@Produces({MediaType.APPLICATION_JSON, SpendResource.CSV})
@RolesAllowed({Role.Names.FINANCE, Role.Names.TENANT})
public final class UsageResource {

    private static final int LIMIT_MAX = SpendResource.LIMIT_MAX;

    private final UsageQuery query;
    private final UsageQuery everybodys;
    private final SpendQuestions questions;
    private final Freshness freshness;
    private final Clock clock;

    /** @param everybodys for who may ask for it: it is not refused for being many tenants' */
    public UsageResource(UsageQuery query, UsageQuery everybodys, Zones zones, Freshness freshness, Clock clock) {
        this.query = query;
        this.everybodys = everybodys;
        this.questions = new SpendQuestions(zones);
        this.freshness = freshness;
        this.clock = clock;
    }

    @GET
    @Operation(
            operationId = "getUsage",
            summary = "Get quantities over time, grouped",
            description = "By meter always, and by whatever else is asked for. What has no price is in it, too.")
    @ApiResponse(
            responseCode = "200",
            description = "the usage",
            content = {
                @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = UsageAnswer.class)),
                @Content(mediaType = SpendResource.CSV, schema = @Schema(type = "string", format = "binary"))
            })
    @ApiResponse(responseCode = "304", description = "it is what `If-None-Match` says, still")
    @ApiResponse(responseCode = "403", description = Callers.NOT_YOURS)
    @ApiResponse(
            responseCode = "422",
            description = "`not_on_window_boundary`, `empty_range`, `range_too_long`: the range cannot be answered for;"
                    + " `invalid_tenant`: it can be no tenant's name; " + Unanswerable.TOO_MUCH_DETAIL)
    public Response usage(
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
        SpendQuestion question = SpendQuestions.perMeter(questions.question(
                caller, new SpendQuestions.Asked(from, to, granularity, zone, groupBy, filter, tenant)));
        int most = Parameters.limit(limit, LIMIT_MAX);
        boolean csv = Parameters.isCsv(format, headers);
        List<UsageTally.Row> rows = (question.whose() instanceof Whose.Everybodys ? everybodys : query).of(question);
        if (csv) {
            return Tagged.bytes(request, SpendCsv.write(question, rows), SpendResource.CSV + ";charset=utf-8");
        }
        Pages.Page<UsageTally.Row> page = Pages.page(
                rows,
                row -> Pages.place(row.period(), row.group()),
                question.groupBy().size(),
                cursor,
                most);
        Optional<Instant> counted = freshness.countedThrough(question.range(), question.whose(), now);
        return Tagged.json(
                request, CanonicalJson.write(UsageAnswer.of(question, page, counted)), MediaType.APPLICATION_JSON);
    }
}
