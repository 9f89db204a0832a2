package io.tollgate.invoicing.http;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.tollgate.invoicing.billing.Explaining;
import io.tollgate.invoicing.clickhouse.LineEvents.Place;
import io.tollgate.service.Caller;
import io.tollgate.service.Role;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Every line explains itself, down to its events. */
@Path("/v1/invoices")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Role.Names.FINANCE, Role.Names.TENANT})
public final class ExplainResource {

    private static final int LIMIT_MAX = 1000;

    private final Explaining explaining;
    private final Clock clock;

    public ExplainResource(Explaining explaining, Clock clock) {
        this.explaining = explaining;
        this.clock = clock;
    }

    @GET
    @Path("/{id}/lines/{number}/explain")
    @Operation(
            operationId = "explainLine",
            summary = "Trace a line of an invoice to rollups and events",
            description =
                    "The line with its price version and arithmetic; the rollups behind it; its events page by page;"
                            + " and whether they still prove what was billed.")
    @ApiResponse(responseCode = "200", description = "what is behind the line", useReturnTypeSchema = true)
    @ApiResponse(
            responseCode = "404",
            description = Described.NO_INVOICE + "; `no_line`: there is no such line of an invoice (a note's lines are"
                    + " differences; explain its invoice's)")
    public ExplanationDocument explain(
            @Auth Caller caller,
            @Parameter(description = Described.INVOICE_ID, example = "acme.2023-11.1") @PathParam("id") String id,
            @Parameter(
                            description = "of the line, from 1",
                            schema = @Schema(type = "integer", format = "int32", minimum = "1"))
                    @PathParam("number")
                    int number,
            @Parameter(
                            description = "how many events at most",
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
        int most = Parameters.limit(limit, LIMIT_MAX);
        Optional<List<String>> after = Parameters.cursor(cursor, 3);
        return explaining
                .explain(
                        Callers.invoice(caller, id),
                        number,
                        after.map(ExplainResource::place).orElse(Place.START),
                        most + 1,
                        clock.instant().truncatedTo(ChronoUnit.MILLIS))
                .map(explanation -> ExplanationDocument.of(explanation, after.isEmpty(), most))
                .orElseThrow(() -> Refusals.of(
                        Refusals.NOT_FOUND, "no_line", "there is no line " + number + " of " + Parameters.shown(id)));
    }

    private static Place place(List<String> parts) {
        if (!parts.get(0).matches("[0-9]{1,10}")) {
            throw Parameters.invalid("cursor is none of ours");
        }
        return new Place(Long.parseLong(parts.get(0)), parts.get(1), parts.get(2));
    }
}
