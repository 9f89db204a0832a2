package io.tollgate.invoicing.http;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.tollgate.invoicing.document.IssuerDocument;
import io.tollgate.invoicing.document.Reading;
import io.tollgate.invoicing.postgres.IssuerStore;
import io.tollgate.invoicing.pricing.PriceBookDraft;
import io.tollgate.invoicing.tax.Issuer;
import io.tollgate.service.Role;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Issuers of invoices: sellers, their tax rates and their exchange rates. */
@Path("/v1/issuers")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.Names.FINANCE)
public final class IssuersResource {

    private final IssuerStore issuers;
    private final Clock clock;

    public IssuersResource(IssuerStore issuers, Clock clock) {
        this.issuers = issuers;
        this.clock = clock;
    }

    /** In order of their names. */
    @Schema(name = "Issuers")
    public record All(List<IssuerDocument> issuers) {}

    @PUT
    @Path("/{name}")
    @Operation(
            operationId = "putIssuer",
            summary = "Say all of an issuer",
            description = "Rates are effective-dated, so a new one is added to those before it. What was said before is"
                    + " kept; final invoices stay as they are, and drafts follow.")
    @ApiResponse(responseCode = "200", description = "the issuer", useReturnTypeSchema = true)
    @ApiResponse(
            responseCode = "422",
            description =
                    "`invalid_body`, `invalid_value`, `rate_removed`: it makes no sense; `errors` has all reasons, with a JSON"
                            + " pointer to what is wrong")
    public IssuerDocument put(
            @Parameter(description = "how contracts refer to it", example = "nordic") @PathParam("name") String name,
            @RequestBody(
                            description = "the issuer",
                            required = true,
                            content = @Content(schema = @Schema(implementation = IssuerDocument.class)))
                    @Nullable IssuerDocument document) {
        if (document == null) {
            throw Refusals.of(Refusals.UNPROCESSABLE, "invalid_body", "the issuer is missing");
        }
        if (!document.name().orElse(name).equals(name)) {
            throw Refusals.faults(List.of(
                    new Reading.Fault("invalid_value", "/name", "it is put under the name " + Parameters.shown(name))));
        }
        try {
            Issuer issuer = new IssuerDocument(
                            Optional.of(name), document.seller(), document.taxRates(), document.exchangeRates())
                    .toIssuer();
            requireNoRateRemoved(issuer);
            issuers.put(issuer, clock.instant().truncatedTo(ChronoUnit.MILLIS));
            return IssuerDocument.of(issuer);
        } catch (Reading.FaultsException e) {
            throw Refusals.faults(e.faults());
        }
    }

    /** Drafts of closed months are computed again to tell what changed; without its rate one would be in another currency, or untaxed. */
    private void requireNoRateRemoved(Issuer issuer) {
        Optional<Issuer> before = issuers.find(issuer.name());
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        before.map(Issuer::rates).orElse(List.of()).stream()
                // One that is still to come taxes nothing yet.
                .filter(rate -> !rate.effectiveFrom().isAfter(today))
                .filter(rate -> issuer.rates().stream()
                        .noneMatch(kept -> kept.jurisdiction().equals(rate.jurisdiction())
                                && kept.effectiveFrom().equals(rate.effectiveFrom())))
                .findFirst()
                .ifPresent(rate -> {
                    throw Refusals.faults(List.of(new Reading.Fault(
                            "rate_removed",
                            "/taxRates",
                            "the rate of tax in " + rate.jurisdiction() + " from " + rate.effectiveFrom()
                                    + " may be corrected, but not taken away")));
                });
        before.map(Issuer::exchange).orElse(List.of()).stream()
                .filter(rate -> !issuer.exchangeRate(rate.from(), rate.to(), rate.effectiveFrom())
                        .map(kept -> kept.effectiveFrom().equals(rate.effectiveFrom()))
                        .orElse(false))
                .findFirst()
                .ifPresent(rate -> {
                    throw Refusals.faults(List.of(new Reading.Fault(
                            "rate_removed",
                            "/exchangeRates",
                            "the rate from " + rate.from() + " to " + rate.to() + " of " + rate.effectiveFrom()
                                    + " may be corrected, but not taken away")));
                });
    }

    @GET
    @Operation(operationId = "listIssuers", summary = "List all issuers")
    @ApiResponse(responseCode = "200", description = "the issuers", useReturnTypeSchema = true)
    public All list() {
        return new All(issuers.all().stream().map(IssuerDocument::of).toList());
    }

    @GET
    @Path("/{name}")
    @Operation(operationId = "getIssuer", summary = "Get an issuer")
    @ApiResponse(responseCode = "200", description = "the issuer", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", description = "`no_issuer`: there is none of the name")
    public IssuerDocument get(
            @Parameter(description = "how contracts refer to it", example = "nordic") @PathParam("name") String name) {
        return Optional.of(name)
                // What no issuer can be named gets no further: PostgreSQL has no text with a NUL in it.
                .filter(PriceBookDraft::canBeNamed)
                .flatMap(issuers::find)
                .map(IssuerDocument::of)
                .orElseThrow(() ->
                        Refusals.of(Refusals.NOT_FOUND, "no_issuer", "there is no issuer " + Parameters.shown(name)));
    }
}
