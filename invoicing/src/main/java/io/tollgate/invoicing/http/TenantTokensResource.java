package io.tollgate.invoicing.http;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.tollgate.invoicing.access.TenantToken;
import io.tollgate.invoicing.access.TokenSecret;
import io.tollgate.invoicing.postgres.TenantTokenStore;
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
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Tokens that a tenant sees its own with, and nothing else. */
@Path("/v1/tenants/{tenant}/tokens")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.Names.FINANCE)
public final class TenantTokensResource {

    private static final String INVALID_TENANT = "`invalid_tenant`: it can be no tenant's name";
    private static final int LABEL_MAX = 128;
    private static final int TOKENS_MAX = 100;
    /** PostgreSQL has no time in the year 999999999. */
    private static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z");

    private final TenantTokenStore tokens;
    private final SecureRandom random;
    private final Clock clock;

    public TenantTokensResource(TenantTokenStore tokens, SecureRandom random, Clock clock) {
        this.tokens = tokens;
        this.random = random;
        this.clock = clock;
    }

    /**
     * A token to make.
     *
     * @param label what it is for, in at most 128 characters
     * @param expiresAt from when on it is not taken any more; never, if it is left out
     */
    @Schema(name = "TenantTokenWish")
    public record Wish(String label, Optional<Instant> expiresAt) {}

    /**
     * A token.
     *
     * @param token what the tenant sends, in the answer that made it only: nobody can look it up later
     * @param expiresAt from when on it is not taken any more; absent if never
     * @param revokedAt when it was taken back
     */
    @Schema(name = "TenantToken")
    public record Shown(
            String id,
            String tenant,
            String label,
            Instant createdAt,
            Optional<Instant> expiresAt,
            Optional<Instant> revokedAt,
            Optional<String> token) {

        static Shown of(TenantToken token, Optional<TokenSecret> secret) {
            return new Shown(
                    token.id(),
                    token.tenant(),
                    token.label(),
                    token.createdAt(),
                    token.expiresAt(),
                    token.revokedAt(),
                    secret.map(TokenSecret::text));
        }
    }

    /** Tokens of a tenant, in the order in which they were made. */
    @Schema(name = "TenantTokens")
    public record AllShown(List<Shown> tokens) {}

    @POST
    @Operation(
            operationId = "createTenantToken",
            summary = "Give a tenant a token",
            description = "Whoever sends it sees what is this tenant's, and nothing of others. The token is in this"
                    + " answer, and never again.")
    @ApiResponse(
            responseCode = "201",
            description = "the token",
            content = @Content(schema = @Schema(implementation = Shown.class)))
    @ApiResponse(responseCode = "409", description = "`too_many_tokens`: revoke some; a tenant has at most 100")
    @ApiResponse(
            responseCode = "422",
            description = INVALID_TENANT + "; `invalid_body`; `invalid_tenant_token`: its label or expiry is none")
    public Response create(
            @Parameter(description = "whose", schema = @Schema(type = "string", pattern = Described.TENANT))
                    @PathParam("tenant")
                    String tenant,
            @RequestBody(
                            description = "the token",
                            required = true,
                            content = @Content(schema = @Schema(implementation = Wish.class)))
                    @Nullable Wish wish) {
        Instant now = now();
        TenantToken token = token(Parameters.billable(tenant), wish, now);
        TokenSecret secret = TokenSecret.draw(random);
        if (!tokens.create(token, secret, TOKENS_MAX)) {
            throw Refusals.of(
                    Refusals.CONFLICT,
                    "too_many_tokens",
                    "a tenant has at most " + TOKENS_MAX + " tokens; revoke some that nobody uses any more");
        }
        return Response.created(URI.create("/v1/tenants/" + token.tenant() + "/tokens/" + token.id()))
                .entity(Shown.of(token, Optional.of(secret)))
                .build();
    }

    @GET
    @Operation(operationId = "listTenantTokens", summary = "List a tenant's tokens that are not revoked")
    @ApiResponse(responseCode = "200", description = "the tokens, without what is sent", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "422", description = INVALID_TENANT)
    public AllShown list(
            @Parameter(description = "whose", schema = @Schema(type = "string", pattern = Described.TENANT))
                    @PathParam("tenant")
                    String tenant) {
        return new AllShown(tokens.list(Parameters.billable(tenant)).stream()
                .map(token -> Shown.of(token, Optional.empty()))
                .toList());
    }

    @DELETE
    @Path("/{id}")
    @Operation(
            operationId = "revokeTenantToken",
            summary = "Take a token back",
            description = "It is refused everywhere after five seconds at most. Doing it again changes nothing.")
    @ApiResponse(responseCode = "200", description = "the token, revoked", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", description = "`no_tenant_token`: it is none of this tenant's")
    @ApiResponse(responseCode = "422", description = INVALID_TENANT)
    public Shown revoke(
            @Parameter(description = "whose", schema = @Schema(type = "string", pattern = Described.TENANT))
                    @PathParam("tenant")
                    String tenant,
            @Parameter(description = "of the token; not what is sent") @PathParam("id") String id) {
        // What can be no id is not looked for: PostgreSQL has no text with a NUL in it.
        Optional<TenantToken> revoked =
                id.matches("[0-9a-f-]{36}") ? tokens.revoke(Parameters.billable(tenant), id, now()) : Optional.empty();
        return revoked.map(token -> Shown.of(token, Optional.empty()))
                .orElseThrow(() -> Refusals.of(
                        Refusals.NOT_FOUND,
                        "no_tenant_token",
                        Parameters.shown(id) + " is the id of no token of " + Parameters.shown(tenant)));
    }

    private static TenantToken token(String tenant, @Nullable Wish wish, Instant now) {
        if (wish == null || wish.label() == null) {
            throw invalid("label is missing");
        }
        String label = wish.label();
        if (!Parameters.isText(label) || label.length() > LABEL_MAX) {
            throw invalid("label must say in 1 to " + LABEL_MAX + " characters what the token is for");
        }
        Optional<Instant> expiresAt = wish.expiresAt().map(at -> at.truncatedTo(ChronoUnit.MILLIS));
        if (expiresAt.filter(at -> !at.isAfter(now) || at.isAfter(LATEST)).isPresent()) {
            throw invalid("expiresAt must be in the future, and before " + LATEST);
        }
        return new TenantToken(UUID.randomUUID().toString(), tenant, label, now, expiresAt, Optional.empty());
    }

    private static ProblemException invalid(String detail) {
        return Refusals.of(Refusals.UNPROCESSABLE, "invalid_tenant_token", detail);
    }

    /** To the millisecond, so that what is stored and what is written are the same. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
