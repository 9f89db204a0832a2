package io.tollgate.invoicing.http;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.tollgate.invoicing.billing.Budgets;
import io.tollgate.invoicing.billing.Budgets.Taken;
import io.tollgate.invoicing.budget.Amounts;
import io.tollgate.invoicing.budget.Lease;
import io.tollgate.invoicing.budget.Subject;
import io.tollgate.invoicing.document.LeaseDocument.Spending;
import io.tollgate.invoicing.http.BudgetDocuments.Check;
import io.tollgate.invoicing.http.BudgetDocuments.LeaseRequest;
import io.tollgate.invoicing.http.BudgetDocuments.Renewal;
import io.tollgate.invoicing.http.BudgetDocuments.Settling;
import io.tollgate.invoicing.http.BudgetDocuments.ShownLease;
import io.tollgate.service.Problem;
import io.tollgate.service.ProblemException;
import io.tollgate.service.Role;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Leave to spend, which gateways take of what is left of budgets. */
@Path("/v1/budgets/leases")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.Names.PLATFORM)
public final class BudgetLeasesResource {

    private static final String NO_LEASE = "`no_lease`: there is none of that id, or it ended more than a day ago";
    private static final int SECONDS_USUAL = 60;
    private static final int SECONDS_MAX = 3600;

    private final Budgets budgets;
    private final Clock clock;

    public BudgetLeasesResource(Budgets budgets, Clock clock) {
        this.budgets = budgets;
        this.clock = clock;
    }

    @POST
    @Operation(
            operationId = "takeBudgetLease",
            summary = "Take leave to spend so much for a while",
            description =
                    "Until it is settled or expires, nobody else is given what it holds, and what was spent under it stays"
                            + " held until it is counted. Repeating the call with its id gives the same lease.")
    @ApiResponse(
            responseCode = "200",
            description = "the lease that was given by that id, as it stands",
            content = @Content(schema = @Schema(implementation = ShownLease.class)))
    @ApiResponse(
            responseCode = "201",
            description = "the lease",
            content = @Content(schema = @Schema(implementation = ShownLease.class)))
    @ApiResponse(
            responseCode = "409",
            description =
                    "`budget_exhausted`, `usage_unknown`, `currency_differs`, `no_estimate`: a budget says no, and `budgets` has what each"
                            + " says; `lease_differs`: there is a lease of that id for something else")
    @ApiResponse(responseCode = "422", description = "`invalid_body`, `invalid_lease`, `invalid_tenant`")
    public Response take(
            @RequestBody(
                            description = "the wish",
                            required = true,
                            content = @Content(schema = @Schema(implementation = LeaseRequest.class)))
                    @Nullable LeaseRequest request) {
        if (request == null || request.id() == null || request.tenant() == null) {
            throw invalid("id and tenant are needed");
        }
        if (!isId(request.id())) {
            throw invalid("id has 1 to 128 of letters, digits and . _ : -");
        }
        Subject who = new Subject(
                Parameters.billable(request.tenant()),
                request.project().map(name -> text("project", name)),
                labels(request.tags().orElse(Map.of())));
        Amounts wanted = amounts(request.money(), request.meters());
        if (wanted.equals(Amounts.NONE)) {
            throw invalid("a lease holds some money, or units of a meter");
        }
        Taken taken = budgets.take(request.id(), who, wanted, length(request.seconds()));
        if (taken instanceof Taken.Denied denied) {
            throw denied(Check.of(denied.decision()));
        }
        if (taken instanceof Taken.Different) {
            throw Refusals.of(
                    Refusals.CONFLICT, "lease_differs", "there is a lease of that id for somebody or something else");
        }
        Taken.Given given = (Taken.Given) taken;
        return (given.isNew()
                        ? Response.created(
                                URI.create("/v1/budgets/leases/" + given.lease().id()))
                        : Response.ok())
                .entity(ShownLease.of(given.lease(), now()))
                .build();
    }

    @GET
    @Path("/{id}")
    @Operation(operationId = "getBudgetLease", summary = "Get a lease")
    @ApiResponse(responseCode = "200", description = "the lease", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", description = NO_LEASE)
    public ShownLease get(@Parameter(description = "of the lease") @PathParam("id") String id) {
        return Optional.of(id)
                .filter(BudgetLeasesResource::isId)
                .flatMap(budgets::lease)
                .map(lease -> ShownLease.of(lease, now()))
                .orElseThrow(() -> noLease(id));
    }

    @POST
    @Path("/{id}:renew")
    @Operation(
            operationId = "renewBudgetLease",
            summary = "Let a lease last longer",
            description =
                    "Never shorter: a call that comes late or twice changes nothing. It ends with a budget's period.")
    @ApiResponse(responseCode = "200", description = "the lease", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", description = NO_LEASE)
    @ApiResponse(responseCode = "409", description = "`lease_expired`, `lease_settled`: it is over; take another")
    @ApiResponse(responseCode = "422", description = "`invalid_lease`")
    public ShownLease renew(
            @Parameter(description = "of the lease") @PathParam("id") String id,
            @RequestBody(
                            description = "for how long",
                            content = @Content(schema = @Schema(implementation = Renewal.class)))
                    @Nullable Renewal renewal) {
        Duration length = length(Optional.ofNullable(renewal).flatMap(Renewal::seconds));
        return changed(id, isId(id) ? budgets.renew(id, length) : Optional.empty());
    }

    @POST
    @Path("/{id}:settle")
    @Operation(
            operationId = "settleBudgetLease",
            summary = "Say what was spent under a lease, and end it",
            description = "The same again changes nothing. More than was held is taken as it is.")
    @ApiResponse(responseCode = "200", description = "the lease", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", description = NO_LEASE)
    @ApiResponse(responseCode = "409", description = "`lease_settled`: with another amount, before")
    @ApiResponse(responseCode = "422", description = "`invalid_body`, `invalid_lease`")
    public ShownLease settle(
            @Parameter(description = "of the lease") @PathParam("id") String id,
            @RequestBody(
                            description = "what was spent",
                            required = true,
                            content = @Content(schema = @Schema(implementation = Settling.class)))
                    @Nullable Settling settling) {
        if (settling == null) {
            throw Refusals.of(Refusals.UNPROCESSABLE, "invalid_body", "what was spent is missing");
        }
        Amounts spent = amounts(settling.money(), settling.meters());
        return changed(id, isId(id) ? budgets.settle(id, spent) : Optional.empty());
    }

    @DELETE
    @Path("/{id}")
    @Operation(
            operationId = "releaseBudgetLease",
            summary = "Give a lease back that nothing was spent under",
            description = "The same again changes nothing.")
    @ApiResponse(responseCode = "200", description = "the lease", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", description = NO_LEASE)
    @ApiResponse(responseCode = "409", description = "`lease_settled`: something was spent under it")
    public ShownLease release(@Parameter(description = "of the lease") @PathParam("id") String id) {
        return changed(id, isId(id) ? budgets.settle(id, Amounts.NONE) : Optional.empty());
    }

    private ShownLease changed(String id, Optional<Lease.Change> change) {
        Lease.Change came = change.orElseThrow(() -> noLease(id));
        if (came instanceof Lease.Change.Refused refused) {
            throw Refusals.of(Refusals.CONFLICT, refused.code(), refused.detail());
        }
        return ShownLease.of(((Lease.Change.Made) came).lease(), now());
    }

    private static ProblemException denied(Check check) {
        String reason = check.budgets().stream()
                .filter(say -> !say.allowed())
                .map(BudgetDocuments.Say::reason)
                .findFirst()
                .orElse("budget_exhausted");
        return new ProblemException(Problem.of(Refusals.CONFLICT, reason, "a budget does not allow it now")
                .with("budgets", check.budgets()));
    }

    private static Amounts amounts(Optional<String> money, Optional<Map<String, String>> meters) {
        try {
            return Spending.amounts(money, meters.orElse(Map.of()));
        } catch (IllegalArgumentException e) {
            throw invalid(String.valueOf(e.getMessage()));
        }
    }

    private static Duration length(Optional<Integer> seconds) {
        int wanted = seconds.orElse(SECONDS_USUAL);
        if (wanted < 1 || wanted > SECONDS_MAX) {
            throw invalid("seconds must be from 1 to " + SECONDS_MAX);
        }
        return Duration.ofSeconds(wanted);
    }

    private static SortedMap<String, String> labels(Map<String, String> tags) {
        SortedMap<String, String> labels = new TreeMap<>();
        tags.forEach((key, value) -> labels.put(text("a tag", key), text("tag " + key, value)));
        return labels;
    }

    private static String text(String name, @Nullable String value) {
        if (value == null || !Parameters.isText(value)) {
            throw invalid(name + " has no value");
        }
        return value;
    }

    private static boolean isId(String id) {
        return id.matches("[A-Za-z0-9._:-]{1,128}");
    }

    private static ProblemException noLease(String id) {
        return Refusals.of(Refusals.NOT_FOUND, "no_lease", Parameters.shown(id) + " is no lease's id");
    }

    private static ProblemException invalid(String detail) {
        return Refusals.of(Refusals.UNPROCESSABLE, "invalid_lease", detail);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
