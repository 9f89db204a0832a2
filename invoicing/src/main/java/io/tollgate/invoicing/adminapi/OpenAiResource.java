package io.tollgate.invoicing.adminapi;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.tollgate.service.Caller;
import io.tollgate.service.Problem;
import io.tollgate.service.ProblemException;
import io.tollgate.service.Role;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
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

/** OpenAI's admin API of usage and costs, for tools that read it. */
@Path("/v1/organization")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Role.Names.FINANCE, Role.Names.TENANT})
public final class OpenAiResource {

    private static final int COSTS_LIMIT_MAX = 180;
    private static final String WHOSE = "whose, for tokens of no tenant; in its place `OpenAI-Organization`, which is"
            + " passed over for tenants' own tokens";
    private static final String SECONDS = "seconds since 1970";

    private final VendorUsage usage;
    private final VendorCosts costs;
    private final Clock clock;

    OpenAiResource(VendorUsage usage, VendorCosts costs, Clock clock) {
        this.usage = usage;
        this.costs = costs;
        this.clock = clock;
    }

    /** The parameters are read from the address, since each may be spelt in two ways. */
    @GET
    @Path("/usage/{kind}")
    @Operation(
            operationId = "getOrganizationUsage",
            summary = "Get usage as OpenAI's admin API has it",
            description = "Of all models of all providers, priced or not. Values of lists are repeated, with `[]` after"
                    + " the name or without.")
    @Parameter(
            in = ParameterIn.QUERY,
            name = "start_time",
            required = true,
            description = "inclusive; " + SECONDS,
            schema = @Schema(type = "integer", format = "int64"))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "end_time",
            description = "exclusive; now, if left out; " + SECONDS,
            schema = @Schema(type = "integer", format = "int64"))
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
            name = "project_ids",
            description = "only these projects'",
            array = @ArraySchema(schema = @Schema(type = "string")))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "user_ids",
            description = "only with these values of the tag `user_id`",
            array = @ArraySchema(schema = @Schema(type = "string")))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "api_key_ids",
            description = "only with these values of the tag `api_key_id`",
            array = @ArraySchema(schema = @Schema(type = "string")))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "models",
            description = "only of these models",
            array = @ArraySchema(schema = @Schema(type = "string")))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "batch",
            description = "of completions: only batch jobs', or only others'",
            schema = @Schema(type = "boolean"))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "sizes",
            description =
                    "of images, as `sources` is, `context_levels` of searches, `vector_store_ids` of file searches:"
                            + " usage does not tell them, so none is matched",
            array = @ArraySchema(schema = @Schema(type = "string")))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "group_by",
            description = "what results are told apart by; which of them depends on the kind",
            array =
                    @ArraySchema(
                            schema =
                                    @Schema(
                                            type = "string",
                                            allowableValues = {
                                                "project_id",
                                                "user_id",
                                                "api_key_id",
                                                "model",
                                                "batch",
                                                "service_tier",
                                                "size",
                                                "source",
                                                "context_level",
                                                "vector_store_id"
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
    @ApiResponse(responseCode = "404", description = "`not_found`: OpenAI has no usage of that kind")
    public OpenAiShapes.UsagePage usage(
            @Auth Caller caller,
            @Context UriInfo address,
            @Parameter(
                            description = "which endpoint",
                            schema =
                                    @Schema(
                                            type = "string",
                                            allowableValues = {
                                                "completions",
                                                "embeddings",
                                                "moderations",
                                                "images",
                                                "audio_speeches",
                                                "audio_transcriptions",
                                                "web_search_calls",
                                                "vector_stores",
                                                "code_interpreter_sessions",
                                                "file_search_calls"
                                            }))
                    @PathParam("kind")
                    String kind,
            @Parameter(description = WHOSE) @HeaderParam(AskedTenant.HEADER) @Nullable String named,
            @Parameter(hidden = true) @HeaderParam("OpenAI-Organization") @Nullable String organization) {
        OpenAiUsage endpoint = OpenAiUsage.at(kind)
                .orElseThrow(() -> new ProblemException(
                        Problem.of(404, "not_found", "There is no usage of the kind " + Asked.shown(kind) + ".")));
        Asked asked = new Asked(address.getQueryParameters());
        String tenant = AskedTenant.of(caller, Optional.ofNullable(named), Optional.ofNullable(organization));
        asked.requireFlag("batch");
        BucketWidth width = asked.width(EnumSet.allOf(BucketWidth.class));
        UsageReport report = endpoint.report(asked);
        Bucket.Page page = page(asked, width, asked.limit(width.usual(), width.most()));
        List<List<UsageReport.Row>> rows = usage.rows(report, tenant, page.buckets());
        return new OpenAiShapes.UsagePage(
                IntStream.range(0, rows.size())
                        .mapToObj(i -> new OpenAiShapes.UsageBucket(
                                page.buckets().get(i),
                                rows.get(i).stream()
                                        .map(row -> endpoint.result(report, row))
                                        .toList()))
                        .toList(),
                page.next().map(PageCursor::of));
    }

    @GET
    @Path("/costs")
    @Operation(
            operationId = "getOrganizationCosts",
            summary = "Get costs as OpenAI's admin API has them",
            description =
                    "The effective cost of usage on its day; fees, true-ups, taxes and what else an invoice says, but"
                            + " credits, on the last day that it bills. So the days of a month come to the `total` of its invoice and notes.")
    @Parameter(
            in = ParameterIn.QUERY,
            name = "start_time",
            required = true,
            description = "inclusive; " + SECONDS,
            schema = @Schema(type = "integer", format = "int64"))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "end_time",
            description = "exclusive; now, if left out; " + SECONDS,
            schema = @Schema(type = "integer", format = "int64"))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "bucket_width",
            description = "of UTC",
            schema = @Schema(type = "string", allowableValues = "1d", defaultValue = "1d"))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "project_ids",
            description = "only of usage of these projects",
            array = @ArraySchema(schema = @Schema(type = "string")))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "api_key_ids",
            description = "only of usage with these values of the tag `api_key_id`",
            array = @ArraySchema(schema = @Schema(type = "string")))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "user_ids",
            description = "only of usage with these values of the tag `user_id`",
            array = @ArraySchema(schema = @Schema(type = "string")))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "line_items",
            description = "only these line items",
            array = @ArraySchema(schema = @Schema(type = "string")))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "group_by",
            description = "what results are told apart by",
            array =
                    @ArraySchema(
                            schema =
                                    @Schema(
                                            type = "string",
                                            allowableValues = {"project_id", "line_item", "api_key_id", "user_id"})))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "limit",
            description = "how many days",
            schema =
                    @Schema(
                            type = "integer",
                            format = "int32",
                            minimum = "1",
                            maximum = "" + COSTS_LIMIT_MAX,
                            defaultValue = "7"))
    @Parameter(
            in = ParameterIn.QUERY,
            name = "page",
            description = "`next_page` of the page before",
            schema = @Schema(type = "string"))
    @ApiResponse(responseCode = "200", description = "a page of buckets", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "409", description = "`no_price_book`, `mixed_currencies`: there are no costs to tell")
    public OpenAiShapes.CostsPage costs(
            @Auth Caller caller,
            @Context UriInfo address,
            @Parameter(description = WHOSE) @HeaderParam(AskedTenant.HEADER) @Nullable String named,
            @Parameter(hidden = true) @HeaderParam("OpenAI-Organization") @Nullable String organization) {
        Asked asked = new Asked(address.getQueryParameters());
        String tenant = AskedTenant.of(caller, Optional.ofNullable(named), Optional.ofNullable(organization));
        OpenAiCosts question = OpenAiCosts.of(asked);
        BucketWidth width = asked.width(Set.of(BucketWidth.DAY));
        Bucket.Page page = page(asked, width, asked.limit(width.usual(), COSTS_LIMIT_MAX));
        List<Posting> postings = costs.of(question.question(tenant, page.buckets()), clock.instant());
        return new OpenAiShapes.CostsPage(
                page.buckets().stream()
                        .map(bucket -> new OpenAiShapes.CostsBucket(bucket, question.results(bucket, postings)))
                        .toList(),
                page.next().map(PageCursor::of));
    }

    /** OpenAI's first bucket begins when it is asked to; all others begin on the grid. None begins after now. */
    private Bucket.Page page(Asked asked, BucketWidth width, int limit) {
        Instant from = asked.required("start_time", asked.seconds("start_time"));
        Instant now = width.notBefore(clock.instant());
        Instant to = asked.seconds("end_time")
                .map(end -> {
                    if (!from.isBefore(end)) {
                        throw Asked.invalid("end_time", "must be after start_time");
                    }
                    return end.isBefore(now) ? end : now;
                })
                .orElse(now);
        return Bucket.page(asked.page(from, to, width), to, width, limit);
    }
}
