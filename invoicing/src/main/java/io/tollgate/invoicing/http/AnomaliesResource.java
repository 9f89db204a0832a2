package io.tollgate.invoicing.http;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.tollgate.invoicing.http.AnomalyDocuments.Acknowledging;
import io.tollgate.invoicing.http.AnomalyDocuments.Page;
import io.tollgate.invoicing.http.AnomalyDocuments.Shown;
import io.tollgate.invoicing.postgres.AnomalyStore;
import io.tollgate.service.Caller;
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
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Days that cost a tenant another amount than its own past let expect. */
@Path("/v1/anomalies")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RolesAllowed({Role.Names.FINANCE, Role.Names.TENANT})
public final class AnomaliesResource {

    private static final int LIMIT_MAX = 500;
    private static final String NO_ANOMALY = "`no_anomaly`: it is none's id";

    private final AnomalyStore store;
    private final Clock clock;

    public AnomaliesResource(AnomalyStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    @GET
    @Operation(
            operationId = "listAnomalies",
            summary = "List days that cost something out of the ordinary",
            description =
                    "The latest day first. A day is looked at an hour after it is over in the tenant's zone, and again"
                            + " for two days, as usage may come late: what is not out of the ordinary any more stays, with"
                            + " `withdrawnAt`.")
    @ApiResponse(responseCode = "200", description = "a page, without products", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "403", description = Callers.NOT_YOURS)
    @ApiResponse(responseCode = "422", description = "`invalid_tenant`: it can be no tenant's name")
    public Page list(
            @Auth Caller caller,
            @Parameter(
                            description = "only this one's; a tenant's token sees its own alone",
                            schema = @Schema(type = "string", pattern = Described.TENANT))
                    @QueryParam("tenant")
                    @Nullable String tenant,
            @Parameter(description = "the first day, inclusive", example = "2023-11-01") @QueryParam("from") @Nullable String from,
            @Parameter(description = "exclusive", example = "2023-12-01") @QueryParam("to") @Nullable String to,
            @Parameter(description = "anomalies of a page, from 1 to " + LIMIT_MAX)
                    @QueryParam("limit")
                    @DefaultValue("100")
                    int limit,
            @Parameter(description = "`nextCursor` of the page before") @QueryParam("cursor") @Nullable String cursor) {
        int most = Parameters.limit(limit, LIMIT_MAX);
        Optional<String> whose = Callers.whose(
                        caller, Parameters.given(tenant).stream().toList())
                .stream()
                .map(Parameters::billable)
                .findFirst();
        AnomalyStore.Wanted wanted = new AnomalyStore.Wanted(
                whose,
                Parameters.date("from", from),
                Parameters.date("to", to).map(day -> day.minusDays(1)),
                Parameters.cursor(cursor, 2).map(AnomaliesResource::place));
        List<AnomalyStore.Kept> found = store.list(wanted, most + 1);
        List<AnomalyStore.Kept> page = found.subList(0, Math.min(most, found.size()));
        Optional<String> next = found.size() <= most
                ? Optional.empty()
                : Optional.of(Parameters.cursorOf(
                        page.get(most - 1).document().day().toString(),
                        page.get(most - 1).id()));
        return new Page(page.stream().map(Shown::withoutProducts).toList(), next);
    }

    @GET
    @Path("/{id}")
    @Operation(operationId = "getAnomaly", summary = "Get an anomaly with its explanation by product")
    @ApiResponse(responseCode = "200", description = "the anomaly", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", description = NO_ANOMALY)
    public Shown get(@Auth Caller caller, @Parameter(description = "its id") @PathParam("id") String id) {
        return Shown.of(find(caller, id));
    }

    @POST
    @Path("/{id}:acknowledge")
    @Operation(
            operationId = "acknowledgeAnomaly",
            summary = "Say that somebody knows of an anomaly",
            description = "The first time counts; doing it again changes nothing.")
    @ApiResponse(responseCode = "200", description = "the anomaly", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", description = NO_ANOMALY)
    @ApiResponse(responseCode = "422", description = "`invalid_acknowledgement`: who it is, or the note, is no text")
    public Shown acknowledge(
            @Auth Caller caller,
            @Parameter(description = "its id") @PathParam("id") String id,
            @RequestBody(
                            description = "who knows",
                            required = true,
                            content = @Content(schema = @Schema(implementation = Acknowledging.class)))
                    @Nullable Acknowledging wish) {
        AnomalyStore.Kept kept = find(caller, id);
        if (wish == null
                || wish.by() == null
                || !Parameters.isText(wish.by())
                || wish.note().filter(note -> !Parameters.isText(note)).isPresent()) {
            throw Refusals.of(
                    Refusals.UNPROCESSABLE,
                    "invalid_acknowledgement",
                    "by and note are texts of 1 to " + Parameters.TEXT_MAX + " characters; note may be left out");
        }
        AnomalyStore.Acknowledgement acknowledgement = new AnomalyStore.Acknowledgement(
                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                wish.by(),
                wish.note().orElse(""));
        return Shown.of(store.acknowledge(kept.id(), acknowledgement).orElse(kept));
    }

    /** Whether there is one of somebody else's is not told. */
    private AnomalyStore.Kept find(Caller caller, String id) {
        // What can be no id is not looked for: PostgreSQL has no text with a NUL in it.
        Optional<AnomalyStore.Kept> found = id.matches("[0-9a-f-]{36}") ? store.find(id) : Optional.empty();
        return found.filter(each -> caller.tenant().map(each.tenant()::equals).orElse(true))
                .orElseThrow(() -> Refusals.of(
                        Refusals.NOT_FOUND, "no_anomaly", Parameters.shown(id) + " is the id of no anomaly"));
    }

    private static AnomalyStore.Place place(List<String> parts) {
        return new AnomalyStore.Place(Parameters.date("cursor", parts.get(0)).orElse(LocalDate.EPOCH), parts.get(1));
    }
}
