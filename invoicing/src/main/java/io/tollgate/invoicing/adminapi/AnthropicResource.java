package io.tollgate.invoicing.adminapi;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.enums.SecuritySchemeIn;
import io.swagger.v3.oas.annotations.enums.SecuritySchemeType;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.security.SecurityScheme;
import io.tollgate.service.Caller;
import io.tollgate.service.Role;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Anthropic's admin API of usage and costs, for tools that read it. */
@Path("/v1/organizations")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Role.Names.FINANCE, Role.Names.TENANT})
@SecurityScheme(
        name = "anthropicKey",
        type = SecuritySchemeType.APIKEY,
        in = SecuritySchemeIn.HEADER,
        paramName = "x-api-key")
public final class AnthropicResource {

    private static final String VERSION = "anthropic-version";
    private static final String WHOSE = "whose, for tokens of no tenant";
    private static final String TIMES = "a time of RFC 3339";

    private final VendorUsage usage;
    private final VendorCosts costs;
    private final Clock clock;

    AnthropicResource(VendorUsage usage, VendorCosts costs, Clock clock) {
        this.usage = usage;
        this.costs = costs;
        this.clock = clock;
    }

    @GET
    @Path("/usage_report/messages")
    @Operation(
            operationId = "getMessagesUsageReport",
            summary = "Get usage as Anthropic's admin API has it",
            description = "Of all models of all providers, priced or not. Values of lists are repeated, with `[]` after"
                    + " the name or without.",
            security = @SecurityRequirement(name = "anthropicKey"))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "starting_at",
            required = true,
            description = "buckets that start then or later; " + TIMES,
            schema = @Schema(type = "string", format = "date-time"))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "ending_at",
            description = "buckets that end then or earlier; now, if left out; " + TIMES,
            schema = @Schema(type = "string", format = "date-time"))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "bucket_width",
            description = "of UTC; usage of 15 minutes counts where they start",
            schema =
                    @Schema(
                            type = "string",
                            allowableValues = {"1m", "1h", "1d"},
                            defaultValue = "1d"))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "workspace_ids[]",
            description = "only of these projects",
            array = @ArraySchema(schema = @Schema(type = "string")))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "api_key_ids[]",
            description = "only with these values of the tag `api_key_id`",
            array = @ArraySchema(schema = @Schema(type = "string")))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "account_ids[]",
            description = "only with these values of the tag `user_id`",
            array = @ArraySchema(schema = @Schema(type = "string")))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "models[]",
            description = "only of these models",
            array = @ArraySchema(schema = @Schema(type = "string")))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "service_tiers[]",
            description = "only of these tiers; provisioned throughput is `priority`",
            array = @ArraySchema(schema = @Schema(type = "string")))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "context_window[]",
            description = "only of prompts of that size",
            array =
                    @ArraySchema(
                            schema =
                                    @Schema(
                                            type = "string",
                                            allowableValues = {"0-200k", "200k-1M"})))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "inference_geos[]",
            description = "only of these regions; `not_available` where none is told",
            array = @ArraySchema(schema = @Schema(type = "string")))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "group_by[]",
            description = "what results are told apart by",
            array =
                    @ArraySchema(
                            schema =
                                    @Schema(
                                            type = "string",
                                            allowableValues = {
                                                "api_key_id",
                                                "workspace_id",
                                                "model",
                                                "service_tier",
                                                "context_window",
                                                "inference_geo",
                                                "account_id",
                                                "service_account_id",
                                                "speed"
                                            })))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "limit",
            description = "how many buckets; by default 7 days, 24 hours or 60 minutes; at most 31, 168, 1440",
            schema = @Schema(type = "integer", format = "int32", minimum = "1", maximum = "1440"))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "page",
            description = "`next_page` of the page before",
            schema = @Schema(type = "string"))
    @ApiResponse(responseCode = "200", description = "a page of buckets", useReturnTypeSchema = true)
    public AnthropicShapes.UsagePage usage(
            @Auth Caller caller,
            @Context UriInfo address,
            @Parameter(description = "any date; it is wanted as Anthropic wants it", required = true)
                    @HeaderParam(VERSION)
                    @Nullable String version,
            @Parameter(description = WHOSE) @HeaderParam(AskedTenant.HEADER) @Nullable String named) {
        requireVersion(version);
        Asked asked = new Asked(address.getQueryParameters());
        String tenant = AskedTenant.of(caller, Optional.ofNullable(named), Optional.empty());
        BucketWidth width = asked.width(EnumSet.allOf(BucketWidth.class));
        UsageReport report = AnthropicUsage.report(asked);
        Bucket.Page page = page(asked, width, asked.limit(width.usual(), width.most()));
        List<List<UsageReport.Row>> rows = usage.rows(report, tenant, page.buckets());
        return new AnthropicShapes.UsagePage(
                IntStream.range(0, rows.size())
                        .mapToObj(i -> new AnthropicShapes.UsageBucket(
                                page.buckets().get(i).from(),
                                page.buckets().get(i).to(),
                                rows.get(i).stream()
                                        .map(row -> AnthropicUsage.result(report, row))
                                        .toList()))
                        .toList(),
                page.next().isPresent(),
                page.next().map(PageCursor::of));
    }

    @GET
    @Path("/cost_report")
    @Operation(
            operationId = "getCostReport",
            summary = "Get costs as Anthropic's admin API has them",
            description =
                    "In cents. The effective cost of usage on its day; fees, true-ups, taxes and what else an invoice"
                            + " says, but credits, on the last day that it bills. So the days of a month come to the `total` of its"
                            + " invoice and notes.",
            security = @SecurityRequirement(name = "anthropicKey"))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "starting_at",
            required = true,
            description = "days that start then or later; " + TIMES,
            schema = @Schema(type = "string", format = "date-time"))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "ending_at",
            description = "days that end then or earlier; now, if left out; " + TIMES,
            schema = @Schema(type = "string", format = "date-time"))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "bucket_width",
            description = "of UTC",
            schema = @Schema(type = "string", allowableValues = "1d", defaultValue = "1d"))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "group_by[]",
            description = "what results are told apart by",
            array =
                    @ArraySchema(
                            schema =
                                    @Schema(
                                            type = "string",
                                            allowableValues = {"workspace_id", "description"})))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "limit",
            description = "how many days",
            schema = @Schema(type = "integer", format = "int32", minimum = "1", maximum = "31", defaultValue = "7"))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "page",
            description = "`next_page` of the page before",
            schema = @Schema(type = "string"))
    @ApiResponse(responseCode = "200", description = "a page of buckets", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "409", description = "there are no prices, or several currencies: no costs to tell")
    public AnthropicShapes.CostPage costs(
            @Auth Caller caller,
            @Context UriInfo address,
            @Parameter(description = "any date; it is wanted as Anthropic wants it", required = true)
                    @HeaderParam(VERSION)
                    @Nullable String version,
            @Parameter(description = WHOSE) @HeaderParam(AskedTenant.HEADER) @Nullable String named) {
        requireVersion(version);
        Asked asked = new Asked(address.getQueryParameters());
        String tenant = AskedTenant.of(caller, Optional.ofNullable(named), Optional.empty());
        AnthropicCosts question = AnthropicCosts.of(asked);
        BucketWidth width = asked.width(Set.of(BucketWidth.DAY));
        Bucket.Page page = page(asked, width, asked.limit(width.usual(), width.most()));
        List<Posting> postings = costs.of(question.question(tenant, page.buckets()), clock.instant());
        return new AnthropicShapes.CostPage(
                page.buckets().stream()
                        .map(bucket -> new AnthropicShapes.CostBucket(
                                bucket.from(), bucket.to(), question.results(bucket, postings)))
                        .toList(),
                page.next().isPresent(),
                page.next().map(PageCursor::of));
    }

    /** Anthropic's buckets are whole; the last is the one that now lies in, if nobody says which. */
    private Bucket.Page page(Asked asked, BucketWidth width, int limit) {
        Instant startingAt = asked.required("starting_at", asked.time("starting_at"));
        Instant from = width.notBefore(startingAt);
        Instant now = width.notBefore(clock.instant());
        Instant to = asked.time("ending_at")
                .map(end -> {
                    if (!startingAt.isBefore(end)) {
                        throw Asked.invalid("ending_at", "must be after starting_at");
                    }
                    Instant whole = width.before(end);
                    return whole.isBefore(now) ? whole : now;
                })
                .orElse(now);
        return Bucket.page(asked.page(from, to, width), to, width, limit);
    }

    private static void requireVersion(@Nullable String version) {
        if (version == null || !version.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}")) {
            throw Asked.invalid(VERSION, "is a header that is required, such as 2023-06-01");
        }
    }
}
