package io.tollgate.invoicing.http;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.tollgate.invoicing.anomaly.Explanation;
import io.tollgate.invoicing.billing.DailySpend;
import io.tollgate.invoicing.billing.Freshness;
import io.tollgate.invoicing.billing.Zones;
import io.tollgate.invoicing.document.CanonicalJson;
import io.tollgate.invoicing.document.ChangeDocument;
import io.tollgate.invoicing.spend.SpendDimension;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.Whose;
import io.tollgate.service.Caller;
import io.tollgate.service.Role;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Why a day cost more or less than another. */
@Path("/v1/spend/explain")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Role.Names.FINANCE, Role.Names.TENANT})
public final class ChangesResource {

    private final DailySpend spend;
    private final Zones zones;
    private final Freshness freshness;
    private final Clock clock;

    public ChangesResource(DailySpend spend, Zones zones, Freshness freshness, Clock clock) {
        this.spend = spend;
        this.zones = zones;
        this.freshness = freshness;
        this.clock = clock;
    }

    /**
     * The change of a tenant's cost from one day to another, explained.
     *
     * @param day of the zone
     * @param against the day that it is compared with
     * @param countedThrough event time before which all usage is counted that has reached the archive; absent if the later of
     *     the days was over days ago
     */
    @Schema(name = "ExplainedChange")
    public record Answer(
            String tenant,
            LocalDate day,
            LocalDate against,
            String zone,
            String currency,
            ChangeDocument change,
            Optional<Instant> countedThrough) {}

    @GET
    @Operation(
            operationId = "explainSpend",
            summary = "Explain why a day cost more or less than another",
            description = """
                    The difference in parts that add up to it exactly, each the effect of one substitution, in this order. \
                    `volume`: all quantities grow as their sum did (all tokens together, other meters each by itself). \
                    `mix`: each product and meter gets its own quantity at the old unit prices, with each product's prompts \
                    split into fresh, cached and written as before. `cacheHit`: they are split as now. `price`: unit prices \
                    become the new ones; tiers, discounts and reservations make unit prices, too. What is new has no old \
                    price and is taken at its new one: new products are mix. Usage only, at effective cost; fees, \
                    commitments and taxes are not in it.""")
    @ApiResponse(
            responseCode = "200",
            description = "the change",
            content = @Content(schema = @Schema(implementation = Answer.class)))
    @ApiResponse(responseCode = "304", description = "it is what `If-None-Match` says, still")
    @ApiResponse(responseCode = "403", description = Callers.NOT_YOURS)
    @ApiResponse(
            responseCode = "409",
            description = Described.NO_PRICES + "; `mixed_currencies`: the days are billed in different currencies")
    @ApiResponse(
            responseCode = "422",
            description =
                    "`invalid_tenant`: it can be no tenant's name; `not_on_window_boundary`: the zone's days did not"
                            + " begin on a 15-minute boundary then; " + Unanswerable.TOO_MUCH_DETAIL)
    public Response explain(
            @Auth Caller caller,
            @Context Request request,
            @Parameter(description = OneTenant.WHOSE, schema = @Schema(type = "string", pattern = Described.TENANT))
                    @QueryParam("tenant")
                    @Nullable String tenant,
            @Parameter(description = "a date in the zone", required = true, example = "2023-11-17")
                    @QueryParam("day")
                    @Nullable String day,
            @Parameter(description = "a date in the zone; else the day before `day`", example = "2023-11-10")
                    @QueryParam("against")
                    @Nullable String against,
            @Parameter(
                            description = SpendQuestions.FILTER,
                            array = @ArraySchema(schema = @Schema(type = "string", example = "project=search")))
                    @QueryParam("filter")
                    List<String> filter,
            @Parameter(description = OneTenant.ZONE) @QueryParam("zone") @Nullable String zone) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        String whose = OneTenant.of(caller, tenant);
        LocalDate after = Parameters.date("day", day).orElseThrow(() -> Parameters.invalid("day is missing"));
        LocalDate before = Parameters.date("against", against).orElseGet(() -> after.minusDays(1));
        ZoneId days = Parameters.zone(zone).orElseGet(() -> zones.of(Whose.tenants(Set.of(whose))));
        Map<SpendDimension, Set<String>> only = Parameters.filters(filter);
        List<TimeRange> ranges = List.of(range(before, days), range(after, days));
        DailySpend.Days was = of(whose, before, days, only, now);
        DailySpend.Days is = of(whose, after, days, only, now);
        if (!was.currency().equals(is.currency())) {
            throw Refusals.of(Refusals.CONFLICT, "mixed_currencies", "the days are billed in different currencies");
        }
        Explanation change =
                Explanation.of(was.days().get(0).usage(), is.days().get(0).usage());
        Answer answer = new Answer(
                whose,
                after,
                before,
                days.getId(),
                is.currency().getCurrencyCode(),
                ChangeDocument.of(change),
                freshness.countedThrough(Collections.max(ranges), Whose.tenants(Set.of(whose)), now));
        return Tagged.json(request, CanonicalJson.write(answer), MediaType.APPLICATION_JSON);
    }

    private DailySpend.Days of(
            String tenant, LocalDate day, ZoneId zone, Map<SpendDimension, Set<String>> only, Instant now) {
        return spend.of(tenant, day, day.plusDays(1), zone, only, now).orElseThrow(Refusals::noListPrices);
    }

    /** Some zones had other offsets once than multiples of 15 minutes. */
    private static TimeRange range(LocalDate day, ZoneId zone) {
        try {
            return DailySpend.range(day, day.plusDays(1), zone);
        } catch (IllegalArgumentException e) {
            throw Refusals.of(
                    Refusals.UNPROCESSABLE,
                    "not_on_window_boundary",
                    "in " + zone + " " + day + " does not begin and end on 15-minute boundaries, and usage is not told"
                            + " apart within a window");
        }
    }
}
