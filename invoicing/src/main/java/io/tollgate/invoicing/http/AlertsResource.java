package io.tollgate.invoicing.http;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.tollgate.invoicing.http.BudgetDocuments.AlertPage;
import io.tollgate.invoicing.http.BudgetDocuments.ShownAlert;
import io.tollgate.invoicing.postgres.Alerts;
import io.tollgate.service.Caller;
import io.tollgate.service.Role;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Alerts that were raised. */
@Path("/v1/alerts")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Role.Names.FINANCE, Role.Names.TENANT})
public final class AlertsResource {

    private static final int LIMIT_MAX = 500;

    private final Alerts alerts;

    public AlertsResource(Alerts alerts) {
        this.alerts = alerts;
    }

    @GET
    @Operation(operationId = "listAlerts", summary = "List alerts", description = "The latest first.")
    @ApiResponse(responseCode = "200", description = "a page of the list", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "403", description = Callers.NOT_YOURS)
    @ApiResponse(responseCode = "422", description = "`invalid_tenant`: it can be no tenant's name")
    public AlertPage list(
            @Auth Caller caller,
            @Parameter(description = "only this one's", schema = @Schema(type = "string", pattern = Described.TENANT))
                    @QueryParam("tenant")
                    @Nullable String tenant,
            @Parameter(
                            description = "only of this kind",
                            schema =
                                    @Schema(
                                            type = "string",
                                            allowableValues = {
                                                "threshold_crossed",
                                                "breach_forecast",
                                                "currency_differs",
                                                "anomaly"
                                            }))
                    @QueryParam("kind")
                    @Nullable String kind,
            @Parameter(description = "only of the budget or anomaly of that id") @QueryParam("subject") @Nullable String subject,
            @Parameter(
                            description = "how many at most",
                            schema =
                                    @Schema(
                                            type = "integer",
                                            format = "int32",
                                            minimum = "1",
                                            maximum = "" + LIMIT_MAX,
                                            defaultValue = "100"))
                    @QueryParam("limit")
                    @DefaultValue("100")
                    int limit,
            @Parameter(description = "`nextCursor` of the page before") @QueryParam("cursor") @Nullable String cursor) {
        int wanted = Parameters.limit(limit, LIMIT_MAX);
        Alerts.Wanted which = new Alerts.Wanted(
                BudgetsResource.whose(caller, tenant), plain("kind", kind), plain("subject", subject));
        List<Alerts.Raised> found = alerts.list(which, wanted + 1, before(cursor));
        List<Alerts.Raised> page = found.subList(0, Math.min(wanted, found.size()));
        return new AlertPage(
                page.stream().map(ShownAlert::of).toList(),
                found.size() > wanted
                        ? Optional.of(Parameters.cursorOf(
                                Long.toString(page.get(page.size() - 1).seq())))
                        : Optional.empty());
    }

    private static Optional<String> plain(String name, @Nullable String text) {
        return Parameters.given(text).map(value -> {
            if (!value.matches("[A-Za-z0-9._-]{1,128}")) {
                throw Parameters.invalid(name + " has other signs than letters, digits and . _ -");
            }
            return value;
        });
    }

    private static Optional<Long> before(@Nullable String cursor) {
        return Parameters.cursor(cursor, 1).map(parts -> {
            if (!parts.get(0).matches("[0-9]{1,18}")) {
                throw Parameters.invalid("cursor is none of ours");
            }
            return Long.parseLong(parts.get(0));
        });
    }
}
