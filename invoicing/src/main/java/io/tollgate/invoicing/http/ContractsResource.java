package io.tollgate.invoicing.http;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.tollgate.invoicing.contract.Contract;
import io.tollgate.invoicing.document.ContractDocument;
import io.tollgate.invoicing.document.Reading;
import io.tollgate.invoicing.document.Reading.Fault;
import io.tollgate.invoicing.postgres.ContractStore;
import io.tollgate.invoicing.postgres.ContractStore.Publication;
import io.tollgate.invoicing.postgres.ContractStore.Published;
import io.tollgate.invoicing.postgres.InvoiceStore;
import io.tollgate.invoicing.postgres.IssuerStore;
import io.tollgate.invoicing.postgres.PriceBookStore;
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
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Contracts: published in versions that never change. */
@Path("/v1/contracts")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.Names.FINANCE)
public final class ContractsResource {

    private static final int LIMIT_MAX = 500;

    private final ContractStore contracts;
    private final ContractCheck check;
    private final Clock clock;

    public ContractsResource(
            ContractStore contracts, IssuerStore issuers, PriceBookStore books, InvoiceStore invoices, Clock clock) {
        this.contracts = contracts;
        this.check = new ContractCheck(issuers, books, invoices);
        this.clock = clock;
    }

    /**
     * The latest version of each tenant, in order of the tenants.
     *
     * @param nextAfter what asks for the next page; absent on the last
     */
    @Schema(name = "Contracts")
    public record Latest(List<PublishedContract> contracts, Optional<String> nextAfter) {}

    /**
     * A published version.
     *
     * @param version from 1
     */
    @Schema(name = "PublishedContract")
    public record PublishedContract(int version, Instant publishedAt, ContractDocument contract) {

        static PublishedContract of(Published published) {
            return new PublishedContract(
                    published.contract().version(),
                    published.publishedAt(),
                    ContractDocument.of(published.contract().content()));
        }
    }

    @POST
    @Operation(
            operationId = "publishContract",
            summary = "Publish a contract as its tenant's next version",
            description = "The same content as the latest version's changes nothing. A version never changes. From its"
                    + " first day on it applies alone, whatever the versions before it say.")
    @ApiResponse(
            responseCode = "200",
            description = "the latest version, which says the same already",
            content = @Content(schema = @Schema(implementation = PublishedContract.class)))
    @ApiResponse(
            responseCode = "201",
            description = "the new version",
            content = @Content(schema = @Schema(implementation = PublishedContract.class)))
    @ApiResponse(
            responseCode = "422",
            description = "`invalid_body`, `invalid_value`, `issuer_without_buyer`, `minimum_exceeds_maximum`,"
                    + " `price_tie`, `not_on_window_boundary`, `duplicate_card`, `no_price_book`, `currency_differs`,"
                    + " `no_issuer`, `no_tax_rate`, `no_exchange_rate`, `currency_change`, `time_zone_change`,"
                    + " `period_closed`, `members_change`, `member_of_another`, `member_has_members`,"
                    + " `member_has_contract`, `time_zone_differs`: it cannot"
                    + " be billed by; `errors` has all reasons, with a JSON pointer to what is wrong")
    public Response publish(
            @RequestBody(
                            description = "the contract",
                            required = true,
                            content = @Content(schema = @Schema(implementation = ContractDocument.class)))
                    @Nullable ContractDocument document) {
        Contract contract = contract(document);
        List<Fault> faults = check.faults(contract, contracts.versions(contract.tenant()));
        if (!faults.isEmpty()) {
            throw Refusals.faults(faults);
        }
        Publication publication = contracts.publish(contract, clock.instant().truncatedTo(ChronoUnit.MILLIS));
        if (!publication.refusals().isEmpty()) {
            throw Refusals.faults(publication.refusals().stream()
                    .map(refusal -> new Fault(refusal.code(), "/members", refusal.detail()))
                    .toList());
        }
        PublishedContract shown = publication
                .published()
                .map(PublishedContract::of)
                .orElseThrow(() -> Refusals.faults(List.of(ContractCheck.currencyChange(contract))));
        return publication.isNew()
                ? Response.created(URI.create("/v1/contracts/" + contract.tenant() + "?version=" + shown.version()))
                        .entity(shown)
                        .build()
                : Response.ok(shown).build();
    }

    @GET
    @Operation(operationId = "listContracts", summary = "List the latest version of each tenant's contract")
    @ApiResponse(responseCode = "200", description = "the contracts", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "422", description = "`invalid_tenant`: it can be no tenant's name")
    public Latest list(
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
            @Parameter(
                            description = "only tenants after this one: `nextAfter` of the page before",
                            schema = @Schema(type = "string", pattern = Described.TENANT))
                    @QueryParam("after")
                    @Nullable String after) {
        int wanted = Parameters.limit(limit, LIMIT_MAX);
        List<Published> latest = contracts.latest(Parameters.tenant(after).orElse(""), wanted);
        return new Latest(
                latest.stream().map(PublishedContract::of).toList(),
                Optional.of(latest)
                        .filter(page -> page.size() == wanted)
                        .map(page -> page.get(wanted - 1).contract().content().tenant()));
    }

    @GET
    @Path("/{tenant}")
    @Operation(
            operationId = "getContract",
            summary = "Get a version of a tenant's contract",
            description = "The latest, or by its number.")
    @ApiResponse(responseCode = "200", description = "the version", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", description = "`no_contract`: there is no such version")
    public PublishedContract get(
            @Parameter(description = "whose contract", schema = @Schema(type = "string", pattern = Described.TENANT))
                    @PathParam("tenant")
                    String tenant,
            @Parameter(
                            description = "the version of this number; the latest if absent",
                            schema = @Schema(type = "integer", format = "int32", minimum = "1"))
                    @QueryParam("version")
                    @Nullable Integer version) {
        List<Published> versions =
                Parameters.tenant(tenant).map(contracts::versions).orElse(List.of());
        return versions.stream()
                .filter(each -> version == null || each.contract().version() == version)
                .reduce((earlier, later) -> later)
                .map(PublishedContract::of)
                .orElseThrow(() -> noContract(tenant));
    }

    private static Contract contract(@Nullable ContractDocument document) {
        if (document == null) {
            throw Refusals.of(Refusals.UNPROCESSABLE, "invalid_body", "the contract is missing");
        }
        try {
            return document.toContract();
        } catch (Reading.FaultsException e) {
            throw Refusals.faults(e.faults());
        }
    }

    private static ProblemException noContract(String tenant) {
        return Refusals.of(
                Refusals.NOT_FOUND, "no_contract", "no such version of a contract of " + Parameters.shown(tenant));
    }
}
