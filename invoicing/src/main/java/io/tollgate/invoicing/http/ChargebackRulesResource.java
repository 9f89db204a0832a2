package io.tollgate.invoicing.http;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.tollgate.invoicing.chargeback.AllocationRules;
import io.tollgate.invoicing.document.AllocationRulesDocument;
import io.tollgate.invoicing.document.Reading;
import io.tollgate.invoicing.postgres.ChargebackStore;
import io.tollgate.invoicing.postgres.ChargebackStore.Publication;
import io.tollgate.invoicing.postgres.ChargebackStore.Published;
import io.tollgate.service.Caller;
import io.tollgate.service.Role;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
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
import org.jspecify.annotations.Nullable;

/** How tenants divide their invoices: rules, published in versions that never change. */
@Path("/v1/chargeback/{tenant}/rules")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RolesAllowed({Role.Names.FINANCE, Role.Names.TENANT})
public final class ChargebackRulesResource {

    private final ChargebackStore store;
    private final Clock clock;

    public ChargebackRulesResource(ChargebackStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * A published version.
     *
     * @param version from 1; of those effective on a day, the highest applies
     */
    @Schema(name = "PublishedAllocationRules")
    public record PublishedRules(int version, Instant publishedAt, AllocationRulesDocument rules) {

        static PublishedRules of(Published published) {
            return new PublishedRules(
                    published.rules().version(),
                    published.publishedAt(),
                    AllocationRulesDocument.of(published.rules().rules()));
        }
    }

    @PUT
    @Operation(
            operationId = "publishAllocationRules",
            summary = "Publish a tenant's allocation rules as their next version",
            description = "The same content as the latest version's changes nothing. A version never changes. From its"
                    + " first day on it applies alone, whatever the versions before it say.")
    @ApiResponse(
            responseCode = "200",
            description = "the latest version, which says the same already",
            content = @Content(schema = @Schema(implementation = PublishedRules.class)))
    @ApiResponse(
            responseCode = "201",
            description = "the new version",
            content = @Content(schema = @Schema(implementation = PublishedRules.class)))
    @ApiResponse(responseCode = "403", description = Callers.NOT_YOURS)
    @ApiResponse(
            responseCode = "422",
            description = "`invalid_tenant`, `invalid_body`, `invalid_value`, `duplicate_id`, `unknown_cost_centre`,"
                    + " `cost_centre_cycle`, `shares_above_100`, `overlapping_assignments`, `overlapping_shared_rules`,"
                    + " `overlapping_cost_centres`, `no_accounts`, `too_many`: no invoice can be divided by them;"
                    + " `errors` has all reasons, with a JSON pointer to what is wrong")
    public Response publish(
            @Auth Caller caller,
            @Parameter(description = "whose rules", schema = @Schema(type = "string", pattern = Described.TENANT))
                    @PathParam("tenant")
                    String tenant,
            @RequestBody(
                            description = "the rules",
                            required = true,
                            content = @Content(schema = @Schema(implementation = AllocationRulesDocument.class)))
                    @Nullable AllocationRulesDocument document) {
        AllocationRules rules = rules(Callers.own(caller, tenant), document);
        Publication publication = store.publish(rules, clock.instant().truncatedTo(ChronoUnit.MILLIS));
        PublishedRules shown = PublishedRules.of(publication.published());
        return publication.isNew()
                ? Response.created(URI.create("/v1/chargeback/" + rules.tenant() + "/rules?version=" + shown.version()))
                        .entity(shown)
                        .build()
                : Response.ok(shown).build();
    }

    @GET
    @Operation(
            operationId = "getAllocationRules",
            summary = "Get a version of a tenant's allocation rules",
            description = "The latest, or by its number.")
    @ApiResponse(responseCode = "200", description = "the version", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "403", description = Callers.NOT_YOURS)
    @ApiResponse(responseCode = "404", description = "`no_allocation_rules`: there is no such version")
    @ApiResponse(responseCode = "422", description = "`invalid_tenant`: it can be no tenant's name")
    public PublishedRules get(
            @Auth Caller caller,
            @Parameter(description = "whose rules", schema = @Schema(type = "string", pattern = Described.TENANT))
                    @PathParam("tenant")
                    String tenant,
            @Parameter(
                            description = "the version of this number; the latest if absent",
                            schema = @Schema(type = "integer", format = "int32", minimum = "1"))
                    @QueryParam("version")
                    @Nullable Integer version) {
        return store.versions(Callers.own(caller, tenant)).stream()
                .filter(each -> version == null || each.rules().version() == version)
                .reduce((earlier, later) -> later)
                .map(PublishedRules::of)
                .orElseThrow(() -> Refusals.of(
                        Refusals.NOT_FOUND,
                        "no_allocation_rules",
                        "no such version of allocation rules of " + Parameters.shown(tenant)));
    }

    private static AllocationRules rules(String tenant, @Nullable AllocationRulesDocument document) {
        if (document == null) {
            throw Refusals.of(Refusals.UNPROCESSABLE, "invalid_body", "the rules are missing");
        }
        try {
            return document.toRules(tenant);
        } catch (Reading.FaultsException e) {
            throw Refusals.faults(e.faults());
        }
    }
}
