package io.tollgate.invoicing.http;

import io.swagger.v3.oas.annotations.Operation;
import io.tollgate.invoicing.billing.SpendQuery;
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

    private final SpendQuery query;

    public SpendResource(SpendQuery query) {
        this.query = query;
    }

    @GET
    @Operation(summary = "Exact spend from (inclusive) to (exclusive), on 15-minute boundaries, grouped")
    public SpendAnswer spend(
            @QueryParam("from") @Nullable String from,
            @QueryParam("to") @Nullable String to,
            @QueryParam("groupBy") List<String> groupBy,
            @QueryParam("tenant") List<String> tenant) {
        TimeRange range = Parameters.range(from, to);
        List<SpendDimension> dimensions = Parameters.groupBy(groupBy);
        if (dimensions.contains(SpendDimension.DAY)
                && Duration.between(range.from(), range.to()).toDays() > DAYS_MAX) {
            throw Refusals.of(
                    Refusals.UNPROCESSABLE,
                    "range_too_long",
                    "grouped by day, a range has at most " + DAYS_MAX + " days");
        }
        return query.of(range, Parameters.whose(tenant), dimensions)
                .map(spend -> SpendAnswer.of(range, spend))
                .orElseThrow(Refusals::noListPrices);
    }
}
