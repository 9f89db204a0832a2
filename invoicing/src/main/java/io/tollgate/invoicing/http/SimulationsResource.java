package io.tollgate.invoicing.http;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.tollgate.invoicing.billing.Drafts;
import io.tollgate.invoicing.billing.Simulation;
import io.tollgate.invoicing.billing.Simulation.Effect;
import io.tollgate.invoicing.billing.TrialBooks;
import io.tollgate.invoicing.billing.TrialBooks.Which;
import io.tollgate.invoicing.invoice.BillingPeriod;
import io.tollgate.invoicing.postgres.PriceBookStore;
import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.service.Role;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** What a month would have cost all tenants by other prices. Nothing is stored. */
@Path("/v1/simulations")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.Names.FINANCE)
public final class SimulationsResource {

    private final PriceBookStore books;
    private final TrialBooks trials;
    private final Simulation simulation;
    private final Clock clock;

    public SimulationsResource(PriceBookStore books, TrialBooks trials, Simulation simulation, Clock clock) {
        this.books = books;
        this.trials = trials;
        this.simulation = simulation;
        this.clock = clock;
    }

    @POST
    @Operation(
            operationId = "createSimulation",
            summary = "Rate a month of all tenants again by another price book, version or draft",
            description = "A version or draft is taken as if it had taken effect when the month started. The answer is"
                    + " written while it is computed, tenant by tenant, with the totals at its end.")
    @ApiResponse(
            responseCode = "200",
            description = "the effect on each tenant and in all",
            content = @Content(schema = @Schema(implementation = SimulationAnswer.class)))
    @ApiResponse(responseCode = "404", description = "`no_price_book`: there is no such version or draft")
    @ApiResponse(responseCode = "409", description = Described.NO_PRICES)
    @ApiResponse(
            responseCode = "422",
            description =
                    "`invalid_body`, `currency_change`: amounts of two currencies have no difference; `price_tie`: the"
                            + " draft has two prices for one use")
    public SimulationAnswer simulate(
            @RequestBody(
                            description = "which month, and by what",
                            required = true,
                            content = @Content(schema = @Schema(implementation = SimulationRequest.class)))
                    @Nullable SimulationRequest request) {
        if (request == null) {
            throw Refusals.of(Refusals.UNPROCESSABLE, "invalid_body", "the body is empty");
        }
        BillingPeriod period = Parameters.month(request.period())
                .map(BillingPeriod::of)
                .orElseThrow(() -> Parameters.invalid("period is missing"));
        Which which = PriceBookReportsResource.which(
                request.version().orElse(null), request.draft().orElse(false));
        PriceHistory present = books.history(Drafts.LIST_PRICES).orElseThrow(Refusals::noListPrices);
        PriceHistory tried = trials.over(request.book(), which, period.range())
                .orElseThrow(() -> Refusals.noPriceBook(request.book()));
        PriceBookReportsResource.refuse(trials.content(request.book(), which), refusal -> true);
        if (!tried.currency().equals(present.currency())) {
            throw Refusals.of(
                    Refusals.UNPROCESSABLE,
                    "currency_change",
                    "tenants are billed in " + present.currency() + ", and " + request.book() + " is in "
                            + tried.currency());
        }
        Iterator<Effect> effects = simulation
                .effects(period, present, tried, clock.instant().truncatedTo(ChronoUnit.MILLIS))
                .iterator();
        // The first tenants are computed before the answer begins: that usage cannot be read can still be told then.
        Iterator<Effect> begun = effects.hasNext() ? effects : Collections.emptyIterator();
        return SimulationAnswer.of(period.toString(), request.book(), tried.currency(), begun);
    }
}
