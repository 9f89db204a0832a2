package io.tollgate.invoicing.http;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.tollgate.invoicing.billing.Budgets;
import io.tollgate.invoicing.budget.Subject;
import io.tollgate.invoicing.document.LeaseDocument.Spending;
import io.tollgate.invoicing.http.BudgetDocuments.Check;
import io.tollgate.service.Role;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What gateways ask before they spend. */
@Path("/v1/budgets/check")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.Names.PLATFORM)
public final class BudgetChecksResource {

    private final Budgets budgets;

    public BudgetChecksResource(Budgets budgets) {
        this.budgets = budgets;
    }

    @GET
    @Operation(
            operationId = "checkBudgets",
            summary = "Whether somebody may spend",
            description =
                    "Answered from memory, and changes nothing: who asks holds nothing of what is left, so many who ask"
                            + " at once may all be let go on. Whoever must not overspend takes a lease.")
    @ApiResponse(responseCode = "200", description = "yes or no, and what each budget says", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "422", description = "`invalid_tenant`: it can be no tenant's name")
    public Check check(
            @Parameter(
                            description = "who wants to spend",
                            required = true,
                            schema = @Schema(type = "string", pattern = Described.TENANT))
                    @QueryParam("tenant")
                    @Nullable String tenant,
            @Parameter(description = "its project, as the usage will say") @QueryParam("project") @Nullable String project,
            @Parameter(description = "its tags, each as `key:value`; an API key is `api_key_id:…`") @QueryParam("tag")
                    List<String> tags,
            @Parameter(
                            description = "how much: an amount of money in the tenant's currency, or `meter:quantity`;"
                                    + " whether anything is left, if absent")
                    @QueryParam("estimate")
                    List<String> estimates) {
        String whose = Parameters.tenant(tenant).orElseThrow(() -> Parameters.invalid("tenant is missing"));
        Map<String, String> labels = pairs("tag", tags);
        Map<String, String> meters = new HashMap<>();
        Optional<String> money = Optional.empty();
        for (String estimate : estimates) {
            int colon = estimate.lastIndexOf(':');
            if (colon < 0) {
                money = Optional.of(estimate);
            } else {
                meters.put(estimate.substring(0, colon), estimate.substring(colon + 1));
            }
        }
        try {
            return Check.of(budgets.check(
                    new Subject(whose, Parameters.given(project), new TreeMap<>(labels)),
                    Spending.amounts(money, meters)));
        } catch (IllegalArgumentException e) {
            throw Parameters.invalid("estimate: " + e.getMessage());
        }
    }

    private static Map<String, String> pairs(String name, List<String> texts) {
        Map<String, String> pairs = new HashMap<>();
        for (String text : texts) {
            int colon = text.indexOf(':');
            if (colon < 1) {
                throw Parameters.invalid(name + " must be key:value, not " + Parameters.shown(text));
            }
            pairs.put(text.substring(0, colon), text.substring(colon + 1));
        }
        return pairs;
    }
}
