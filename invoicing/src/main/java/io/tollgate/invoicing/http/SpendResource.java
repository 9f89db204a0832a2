package io.tollgate.invoicing.http;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.tollgate.invoicing.billing.SpendQuery;
import io.tollgate.invoicing.spend.MixedCurrenciesException;
import io.tollgate.invoicing.spend.SpendDimension;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.service.Role;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Spend over time: the same rating as invoices, unrounded and grouped. */
@Path("/v1/spend")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.Names.FINANCE)
public final class SpendResource {

    /** Each day is a slice of its own; three years of them are plenty for one answer. */
    private static final int DAYS_MAX = 1_100;

    /** Each month may be a slice of its own; a century of them is plenty. */
    private static final int CENTURY_DAYS = 36_525;

    private final SpendQuery query;

    public SpendResource(SpendQuery query) {
        this.query = query;
    }

    @GET
    @Operation(
            operationId = "getSpend",
            summary = "Get exact spend over time, grouped",
            description =
                    "The same rating as invoices, unrounded. Usage without a price or a tenant is in `exceptions`.")
    @ApiResponse(responseCode = "200", description = "the spend", useReturnTypeSchema = true)
    @ApiResponse(
            responseCode = "409",
            description = Described.NO_PRICES + "; `mixed_currencies`: tenants are priced in different currencies")
    @ApiResponse(
            responseCode = "422",
            description = "`not_on_window_boundary`, `empty_range`, `range_too_long`: the range cannot be answered for;"
                    + " `invalid_tenant`: it can be no tenant's name")
    public SpendAnswer spend(
            @Parameter(description = "inclusive; " + Described.BOUNDARY, required = true, example = "2023-11-01")
                    @QueryParam("from")
                    @Nullable String from,
            @Parameter(description = "exclusive; " + Described.BOUNDARY, required = true, example = "2023-12-01")
                    @QueryParam("to")
                    @Nullable String to,
            @Parameter(
                            description =
                                    "repeated or comma separated; nothing is one group; by `day`, a range has at most "
                                            + DAYS_MAX
                                            + " days. Also taken: the same in snake_case, `accelerator`, `tier`",
                            array =
                                    @ArraySchema(
                                            schema =
                                                    @Schema(
                                                            type = "string",
                                                            allowableValues = {
                                                                "tenant",
                                                                "project",
                                                                "provider",
                                                                "model",
                                                                "acceleratorType",
                                                                "region",
                                                                "operation",
                                                                "serviceTier",
                                                                "outcome",
                                                                "contextBand",
                                                                "meter",
                                                                "day"
                                                            })))
                    @QueryParam("groupBy")
                    List<String> groupBy,
            @Parameter(
                            description = "only theirs; repeated or comma separated",
                            array = @ArraySchema(schema = @Schema(type = "string", pattern = Described.TENANT)))
                    @QueryParam("tenant")
                    List<String> tenant) {
        TimeRange range = Parameters.range(from, to);
        List<SpendDimension> dimensions = Parameters.groupBy(groupBy);
        int longest = dimensions.contains(SpendDimension.DAY) ? DAYS_MAX : CENTURY_DAYS;
        if (Duration.between(range.from(), range.to()).toDays() > longest) {
            throw Refusals.of(
                    Refusals.UNPROCESSABLE,
                    "range_too_long",
                    "a range has at most " + CENTURY_DAYS + " days, and grouped by day at most " + DAYS_MAX);
        }
        try {
            return query.of(range, Parameters.whose(tenant), dimensions)
                    .map(spend -> SpendAnswer.of(range, spend))
                    .orElseThrow(Refusals::noListPrices);
        } catch (MixedCurrenciesException e) {
            throw Refusals.of(Refusals.CONFLICT, "mixed_currencies", String.valueOf(e.getMessage()));
        }
    }
}
