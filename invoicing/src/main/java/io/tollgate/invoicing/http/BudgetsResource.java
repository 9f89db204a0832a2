package io.tollgate.invoicing.http;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.tollgate.invoicing.billing.Budgets;
import io.tollgate.invoicing.budget.Budget;
import io.tollgate.invoicing.budget.Measure;
import io.tollgate.invoicing.budget.SpendSource;
import io.tollgate.invoicing.document.BudgetDocument;
import io.tollgate.invoicing.document.Reading;
import io.tollgate.invoicing.http.BudgetDocuments.Page;
import io.tollgate.invoicing.http.BudgetDocuments.Shown;
import io.tollgate.invoicing.mail.MailConfig;
import io.tollgate.invoicing.postgres.BudgetStore;
import io.tollgate.service.Caller;
import io.tollgate.service.ProblemException;
import io.tollgate.service.Role;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Budgets: how much somebody wants to spend in a period. */
@Path("/v1/budgets")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RolesAllowed({Role.Names.FINANCE, Role.Names.TENANT})
public final class BudgetsResource {

    private static final String NO_BUDGET = "`no_budget`: it is no budget's id";
    private static final String INVALID =
            "`invalid_body`, `invalid_value`: it makes no sense; `errors` has all reasons,"
                    + " with a JSON pointer to what is wrong; `currency_differs`: the tenant's spend is told in another; `mail_not_configured`: it has recipients, and the service sends no mail";
    private static final String CHANGED = "`budget_changed`: it is not of that revision any more";
    private static final int LIMIT_MAX = 500;
    private static final int FORBIDDEN = 403;

    private final BudgetStore store;
    private final Budgets budgets;
    private final SpendSource source;
    private final boolean sendsMail;
    private final Clock clock;

    /** @param sendsMail whether letters can be sent */
    public BudgetsResource(BudgetStore store, Budgets budgets, SpendSource source, boolean sendsMail, Clock clock) {
        this.store = store;
        this.budgets = budgets;
        this.source = source;
        this.sendsMail = sendsMail;
        this.clock = clock;
    }

    @POST
    @Operation(
            operationId = "createBudget",
            summary = "Make a budget",
            description =
                    "Alerts are raised once for each threshold and period, also of what was used before it was made.")
    @ApiResponse(
            responseCode = "201",
            description = "the budget, and what is used of it",
            content = @Content(schema = @Schema(implementation = Shown.class)))
    @ApiResponse(responseCode = "403", description = Callers.NOT_YOURS)
    @ApiResponse(responseCode = "422", description = INVALID)
    public Response create(
            @Auth Caller caller,
            @RequestBody(
                            description = "the budget",
                            required = true,
                            content = @Content(schema = @Schema(implementation = BudgetDocument.class)))
                    @Nullable BudgetDocument document) {
        Budget.Wish wish = wish(caller, document);
        Instant now = now();
        Budget budget =
                store.create(UUID.randomUUID().toString(), wish, caller.tenant().isPresent(), now);
        return Response.created(URI.create("/v1/budgets/" + budget.id()))
                .entity(Shown.of(budgets.counted(budget), now))
                .build();
    }

    @GET
    @Operation(
            operationId = "listBudgets",
            summary = "List budgets",
            description = "By tenant, with what was used of them when they were last counted.")
    @ApiResponse(responseCode = "200", description = "a page of the list", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "403", description = Callers.NOT_YOURS)
    @ApiResponse(responseCode = "422", description = "`invalid_tenant`: it can be no tenant's name")
    public Page list(
            @Auth Caller caller,
            @Parameter(description = "only this one's", schema = @Schema(type = "string", pattern = Described.TENANT))
                    @QueryParam("tenant")
                    @Nullable String tenant,
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
        List<Budget> found = store.list(whose(caller, tenant), Parameters.cursor(cursor, 2), wanted + 1);
        List<Budget> page = found.subList(0, Math.min(wanted, found.size()));
        Instant now = now();
        return new Page(
                page.stream()
                        .map(budget -> Shown.of(budgets.standing(budget), now))
                        .toList(),
                found.size() > wanted
                        ? Optional.of(Parameters.cursorOf(
                                page.get(page.size() - 1).subject().tenant(),
                                page.get(page.size() - 1).id()))
                        : Optional.empty());
    }

    @GET
    @Path("/{id}")
    @Operation(operationId = "getBudget", summary = "Get a budget, and what is used of it now")
    @ApiResponse(responseCode = "200", description = "the budget", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", description = NO_BUDGET)
    public Shown get(@Auth Caller caller, @Parameter(description = "of the budget") @PathParam("id") String id) {
        return Shown.of(budgets.counted(find(caller, id)), now());
    }

    @PUT
    @Path("/{id}")
    @Operation(
            operationId = "replaceBudget",
            summary = "Say a budget anew",
            description = "What is left out gets its default. Thresholds of another amount are told anew.")
    @ApiResponse(responseCode = "200", description = "the budget", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "403", description = "`kept_by_finance`: finance made it, so a tenant cannot change it")
    @ApiResponse(responseCode = "404", description = NO_BUDGET)
    @ApiResponse(responseCode = "409", description = CHANGED)
    @ApiResponse(responseCode = "422", description = INVALID)
    public Shown replace(
            @Auth Caller caller,
            @Parameter(description = "of the budget") @PathParam("id") String id,
            @Parameter(
                            description = "the one that is to be replaced; whatever it is now when absent",
                            schema = @Schema(type = "integer", format = "int64"))
                    @QueryParam("revision")
                    @Nullable Long revision,
            @RequestBody(
                            description = "the budget",
                            required = true,
                            content = @Content(schema = @Schema(implementation = BudgetDocument.class)))
                    @Nullable BudgetDocument document) {
        Budget seen = own(caller, id, revision);
        Budget.Wish wish = wish(caller, document);
        if (!wish.subject().tenant().equals(seen.subject().tenant())) {
            throw Refusals.faults(List.of(
                    new Reading.Fault("invalid_value", "/tenant", "a budget stays its tenant's; make another one")));
        }
        Budget budget = store.replace(seen, wish, now()).orElseThrow(() -> changed(seen));
        return Shown.of(budgets.counted(budget), now());
    }

    @DELETE
    @Path("/{id}")
    @Operation(operationId = "deleteBudget", summary = "Forget a budget", description = "Its alerts stay.")
    @ApiResponse(responseCode = "200", description = "the budget as it was", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "403", description = "`kept_by_finance`: finance made it, so a tenant cannot change it")
    @ApiResponse(responseCode = "404", description = NO_BUDGET)
    @ApiResponse(responseCode = "409", description = CHANGED)
    public Shown delete(
            @Auth Caller caller,
            @Parameter(description = "of the budget") @PathParam("id") String id,
            @Parameter(
                            description = "the one that is to be deleted; whatever it is now when absent",
                            schema = @Schema(type = "integer", format = "int64"))
                    @QueryParam("revision")
                    @Nullable Long revision) {
        Budget seen = own(caller, id, revision);
        Shown shown = Shown.of(budgets.standing(seen), now());
        if (!store.delete(seen)) {
            throw changed(seen);
        }
        budgets.forget(seen);
        return shown;
    }

    /** What can be no id is not looked for: PostgreSQL has no text with a NUL in it. Another's is like none. */
    private Budget find(Caller caller, String id) {
        return (id.matches("[0-9a-f-]{36}") ? store.find(id) : Optional.<Budget>empty())
                .filter(budget -> caller.tenant()
                        .orElse(budget.subject().tenant())
                        .equals(budget.subject().tenant()))
                .orElseThrow(() ->
                        Refusals.of(Refusals.NOT_FOUND, "no_budget", Parameters.shown(id) + " is no budget's id"));
    }

    private Budget own(Caller caller, String id, @Nullable Long revision) {
        Budget budget = find(caller, id);
        if (caller.tenant().isPresent() && !budget.byTenant()) {
            throw Refusals.of(FORBIDDEN, "kept_by_finance", "finance made this budget; ask them to change it");
        }
        if (revision != null && revision != budget.revision()) {
            throw changed(budget);
        }
        return budget;
    }

    private Budget.Wish wish(Caller caller, @Nullable BudgetDocument document) {
        if (document == null) {
            throw Refusals.of(Refusals.UNPROCESSABLE, "invalid_body", "the budget is missing");
        }
        try {
            Budget.Wish wish = document.toWish(caller.tenant());
            Callers.whose(caller, List.of(wish.subject().tenant()));
            if (!sendsMail && !wish.recipients().isEmpty()) {
                throw Refusals.of(
                        Refusals.UNPROCESSABLE,
                        "mail_not_configured",
                        "this service sends no mail, so a budget has no recipients; use webhooks");
            }
            if (wish.measure() instanceof Measure.OfCost counted
                    && !source.currency(wish.subject().tenant(), now())
                            .orElse(counted.currency())
                            .equals(counted.currency())) {
                throw Refusals.faults(List.of(new Reading.Fault(
                        "currency_differs", "/currency", "the tenant's spend is told in another currency")));
            }
            for (String recipient : wish.recipients()) {
                if (!MailConfig.isAddress(recipient)) {
                    throw Refusals.faults(List.of(new Reading.Fault(
                            "invalid_value", "/recipients", Parameters.shown(recipient) + " is no mail address")));
                }
            }
            return wish;
        } catch (Reading.FaultsException e) {
            throw Refusals.faults(e.faults());
        }
    }

    static Optional<String> whose(Caller caller, @Nullable String tenant) {
        return Callers.whose(caller, Parameters.given(tenant).stream().toList()).stream()
                .findFirst()
                .map(Parameters::billable);
    }

    private static ProblemException changed(Budget budget) {
        return Refusals.of(
                Refusals.CONFLICT, "budget_changed", "the budget is of revision " + budget.revision() + " by now");
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
