package io.tollgate.invoicing.http;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.tollgate.invoicing.billing.DailySpend;
import io.tollgate.invoicing.billing.ForecastQuery;
import io.tollgate.invoicing.billing.Zones;
import io.tollgate.invoicing.document.CanonicalJson;
import io.tollgate.invoicing.forecast.Forecast;
import io.tollgate.invoicing.forecast.Outlook;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.spend.SpendDimension;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the running month will have cost. */
@Path("/v1/spend/forecast")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Role.Names.FINANCE, Role.Names.TENANT})
public final class ForecastResource {

    private final ForecastQuery query;
    private final Zones zones;
    private final Clock clock;

    public ForecastResource(ForecastQuery query, Zones zones, Clock clock) {
        this.query = query;
        this.zones = zones;
        this.clock = clock;
    }

    /**
     * What a tenant's month will have cost.
     *
     * @param period the running month of the zone, {@code yyyy-MM}
     * @param spent effective cost of usage so far, exact, decimal digits
     * @param expected the same when the month is over, in whole minor units; absent if there is no complete day yet to judge
     *     by, as are the other members of the forecast
     * @param low lower end of the interval
     * @param high upper end of it
     * @param coverage how often what comes lies in the interval, from 0 (there is none) to 1, decimal digits
     * @param method how it was made, for people
     * @param basedOnDays how many complete days it was made from
     * @param daysLeft days of the month that are not complete, today among them
     * @param countedThrough event time before which all usage is counted that has reached the archive
     */
    @Schema(name = "SpendForecast")
    public record Answer(
            String tenant,
            String period,
            String zone,
            String currency,
            String spent,
            Optional<String> expected,
            Optional<String> low,
            Optional<String> high,
            Optional<String> coverage,
            Optional<String> method,
            Optional<Integer> basedOnDays,
            int daysLeft,
            Optional<Instant> countedThrough) {

        static Answer of(String tenant, ForecastQuery.Found found) {
            Outlook outlook = found.outlook();
            Optional<Forecast> forecast = outlook.forecast();
            return new Answer(
                    tenant,
                    found.month().toString(),
                    found.zone().getId(),
                    outlook.spent().currency().getCurrencyCode(),
                    outlook.spent().digits(),
                    outlook.expected().map(Money::digits),
                    outlook.low().map(Money::digits),
                    outlook.high().map(Money::digits),
                    forecast.map(each -> each.coverage().toPlainString()),
                    forecast.map(Forecast::method),
                    forecast.map(Forecast::basis),
                    outlook.daysLeft(),
                    found.countedThrough());
        }
    }

    @GET
    @Operation(
            operationId = "getSpendForecast",
            summary = "Forecast a tenant's spend to the month's end",
            description = "Of usage, at its effective cost: fees, commitments and taxes are not in it. The interval is"
                    + " made of how wrong the same method would have been on the days before.")
    @ApiResponse(
            responseCode = "200",
            description = "the forecast",
            content = @Content(schema = @Schema(implementation = Answer.class)))
    @ApiResponse(responseCode = "304", description = "it is what `If-None-Match` says, still")
    @ApiResponse(responseCode = "403", description = Callers.NOT_YOURS)
    @ApiResponse(
            responseCode = "409",
            description = Described.NO_PRICES + "; `mixed_currencies`: its past is billed in another currency")
    @ApiResponse(
            responseCode = "422",
            description = "`invalid_tenant`: it can be no tenant's name; `not_on_window_boundary`: days of"
                    + " the zone do not begin on a 15-minute boundary; " + Unanswerable.TOO_MUCH_DETAIL)
    public Response forecast(
            @Auth Caller caller,
            @Context Request request,
            @Parameter(description = OneTenant.WHOSE, schema = @Schema(type = "string", pattern = Described.TENANT))
                    @QueryParam("tenant")
                    @Nullable String tenant,
            @Parameter(
                            description = SpendQuestions.FILTER,
                            array = @ArraySchema(schema = @Schema(type = "string", example = "project=search")))
                    @QueryParam("filter")
                    List<String> filter,
            @Parameter(description = OneTenant.ZONE) @QueryParam("zone") @Nullable String zone) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        String whose = OneTenant.of(caller, tenant);
        ZoneId days = Parameters.zone(zone).orElseGet(() -> zones.of(Whose.tenants(Set.of(whose))));
        Map<SpendDimension, Set<String>> only = Parameters.filters(filter);
        LocalDate today = LocalDate.ofInstant(now, days);
        try {
            DailySpend.range(today, today.plusDays(1), days);
        } catch (IllegalArgumentException e) {
            throw Refusals.of(
                    Refusals.UNPROCESSABLE,
                    "not_on_window_boundary",
                    "in " + days + " days do not begin on a 15-minute boundary, and usage is not told apart within a"
                            + " window");
        }
        ForecastQuery.Found found = query.of(whose, days, only, now).orElseThrow(Refusals::noListPrices);
        return Tagged.json(request, CanonicalJson.write(Answer.of(whose, found)), MediaType.APPLICATION_JSON);
    }
}
