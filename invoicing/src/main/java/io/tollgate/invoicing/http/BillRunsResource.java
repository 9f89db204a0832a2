package io.tollgate.invoicing.http;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.tollgate.invoicing.billing.BillRuns;
import io.tollgate.invoicing.billrun.BillRunId;
import io.tollgate.invoicing.billrun.RunException;
import io.tollgate.invoicing.billrun.Waiver;
import io.tollgate.invoicing.http.BillRunDocuments.Entries;
import io.tollgate.invoicing.http.BillRunDocuments.Run;
import io.tollgate.invoicing.http.BillRunDocuments.Runs;
import io.tollgate.invoicing.http.BillRunDocuments.Waived;
import io.tollgate.invoicing.http.BillRunDocuments.WaiverWish;
import io.tollgate.invoicing.http.BillRunDocuments.Wish;
import io.tollgate.invoicing.invoice.Closing.Blocker;
import io.tollgate.invoicing.postgres.BillRunStore;
import io.tollgate.service.ProblemException;
import io.tollgate.service.Role;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The close of a month for all tenants. */
@Path("/v1/bill-runs")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.Names.FINANCE)
public final class BillRunsResource {

    private static final int LIMIT_MAX = 500;
    private static final String NO_RUN = "`no_bill_run`: there is none with that id";
    private static final String ID = "`<yyyy-MM>.<issuer>`, such as `2026-10.tollgate`";

    private final BillRuns runs;
    private final BillRunStore store;
    private final Clock clock;

    public BillRunsResource(BillRuns runs, BillRunStore store, Clock clock) {
        this.runs = runs;
        this.store = store;
        this.clock = clock;
    }

    @POST
    @Operation(
            operationId = "startBillRun",
            summary = "Close a month for all tenants",
            description = "It goes on after this answer. Starting it again goes on where it was blocked or cut off, and"
                    + " changes nothing where it was not: a month has one run, and a tenant one invoice of it.")
    @ApiResponse(responseCode = "200", description = "the run as it stands", useReturnTypeSchema = true)
    @ApiResponse(
            responseCode = "409",
            description = "`period_open`: the month is not over; `in_grace`: late usage is waited for;"
                    + " `no_price_book`: no price book named `list` is published")
    public Run start(
            @RequestBody(
                            description = "which month",
                            required = true,
                            content = @Content(schema = @Schema(implementation = Wish.class)))
                    @Nullable Wish wish) {
        if (wish == null) {
            throw Parameters.invalid("say which period");
        }
        YearMonth month =
                Parameters.month(wish.period()).orElseThrow(() -> Parameters.invalid("period must be a month"));
        Optional<Blocker> blocker = runs.start(month, wish.inGrace().orElse(false));
        if (blocker.isPresent()) {
            throw Refusals.of(
                    Refusals.CONFLICT, blocker.get().code(), blocker.get().detail());
        }
        return found(runs.idOf(month));
    }

    @GET
    @Operation(operationId = "listBillRuns", summary = "List bill runs", description = "The latest month first.")
    @ApiResponse(responseCode = "200", description = "all runs", useReturnTypeSchema = true)
    public Runs list() {
        return new Runs(store.list().stream().map(BillRunDocuments::of).toList());
    }

    @GET
    @Path("/{id}")
    @Operation(operationId = "getBillRun", summary = "See how far a bill run is")
    @ApiResponse(responseCode = "200", description = "the run as it stands", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", description = NO_RUN)
    public Run run(@Parameter(description = ID) @PathParam("id") String id) {
        return found(id(id));
    }

    @GET
    @Path("/{id}/exceptions")
    @Operation(
            operationId = "listBillRunExceptions",
            summary = "List what someone must decide on before a month is closed",
            description = "As last seen, with what was decided; nobody's first, then by tenant.")
    @ApiResponse(responseCode = "200", description = "a page of the list", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", description = NO_RUN)
    public Entries exceptions(
            @Parameter(description = ID) @PathParam("id") String id,
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
        BillRunId run = id(id);
        found(run);
        int most = Parameters.limit(limit, LIMIT_MAX);
        List<RunException> page = store.exceptions(run, Parameters.cursor(cursor, 2), most + 1);
        List<RunException> shown = page.subList(0, Math.min(most, page.size()));
        Map<String, Waiver> waivers = store.waivers(run, shown);
        return new Entries(
                shown.stream()
                        .map(exception ->
                                BillRunDocuments.of(exception, Optional.ofNullable(waivers.get(exception.id()))))
                        .toList(),
                page.size() > most
                        ? Optional.of(Parameters.cursorOf(
                                shown.get(most - 1).tenant(),
                                shown.get(most - 1).id()))
                        : Optional.empty());
    }

    @POST
    @Path("/{id}/waivers")
    @Operation(
            operationId = "waiveBillRunExceptions",
            summary = "Let exceptions of a bill run pass",
            description =
                    "Those of a code, and of a tenant if one is given, that are on the list now. It is kept with the"
                            + " name and the reason for ever. Start the run again to go on.")
    @ApiResponse(
            responseCode = "200",
            description = "how many were let pass",
            content = @Content(schema = @Schema(implementation = Waived.class)))
    @ApiResponse(responseCode = "404", description = NO_RUN + "; `no_exception`: nothing on the list fits")
    @ApiResponse(
            responseCode = "422",
            description = "`invalid_waiver`: name and reason are needed; `cannot_be_waived`: it would make a wrong"
                    + " invoice, or none")
    public Waived waive(
            @Parameter(description = ID) @PathParam("id") String id,
            @RequestBody(
                            description = "what, who and why",
                            required = true,
                            content = @Content(schema = @Schema(implementation = WaiverWish.class)))
                    @Nullable WaiverWish wish) {
        BillRunId run = id(id);
        found(run);
        if (wish == null || !Parameters.isText(wish.by()) || !Parameters.isText(wish.reason())) {
            throw Refusals.of(Refusals.UNPROCESSABLE, "invalid_waiver", "say who lets it pass (by), and why (reason)");
        }
        if (!Parameters.isText(wish.code()) || !new RunException("", wish.code(), "").canBeWaived()) {
            throw Refusals.of(
                    Refusals.UNPROCESSABLE, "cannot_be_waived", Parameters.shown(wish.code()) + " cannot be let pass");
        }
        int waived = store.waive(
                run, wish.code(), tenant(wish), wish.by().strip(), wish.reason().strip(), clock.instant());
        if (waived == 0) {
            throw Refusals.of(
                    Refusals.NOT_FOUND,
                    "no_exception",
                    "no exception of that code and tenant is on the list that is not waived already");
        }
        return new Waived(waived);
    }

    /** What is nobody's has no tenant, and is asked for by an empty name. */
    private static Optional<String> tenant(WaiverWish wish) {
        return wish.tenant()
                .filter(String::isEmpty)
                .or(() -> Parameters.tenant(wish.tenant().orElse("")));
    }

    private Run found(BillRunId id) {
        return store.find(id).map(BillRunDocuments::of).orElseThrow(() -> noRun(id.toString()));
    }

    private static BillRunId id(String text) {
        return BillRunId.parse(text).orElseThrow(() -> noRun(text));
    }

    private static ProblemException noRun(String id) {
        return Refusals.of(Refusals.NOT_FOUND, "no_bill_run", "there is no bill run " + Parameters.shown(id));
    }
}
