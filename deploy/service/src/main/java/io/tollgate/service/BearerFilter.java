package io.tollgate.service;

import io.dropwizard.auth.AuthFilter;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes the bearer token from the Authorization header (RFC 6750, section 2.1). Dropwizard's own OAuth filter also takes
 * it from the query string, from where it would end up in logs and browser histories.
 */
@Priority(Priorities.AUTHENTICATION)
final class BearerFilter extends AuthFilter<String, Caller> {

    private static final String SCHEME = "Bearer";
    private static final String REALM = "tollgate";

    BearerFilter(KnownTokens tokens) {
        this.prefix = SCHEME;
        this.realm = REALM;
        this.authenticator = tokens::callerOf;
        this.authorizer = (caller, role, request) -> caller.role().mayActAs(role);
    }

    @Override
    public void filter(ContainerRequestContext request) {
        Optional<String> token = token(request.getHeaderString(HttpHeaders.AUTHORIZATION));
        if (token.isEmpty() || !authenticate(request, token.get(), SCHEME)) {
            throw unauthorized(token.isPresent());
        }
    }

    /** Why a request with this Authorization header is not let in; empty if it is. */
    static Optional<ProblemException> refusal(@Nullable String header, KnownTokens tokens) {
        Optional<String> token = token(header);
        try {
            return token.flatMap(tokens::callerOf).isPresent()
                    ? Optional.empty()
                    : Optional.of(unauthorized(token.isPresent()));
        } catch (ProblemException cannotTell) {
            return Optional.of(cannotTell);
        }
    }

    private static Optional<String> token(@Nullable String header) {
        if (header == null || !header.regionMatches(true, 0, SCHEME + " ", 0, SCHEME.length() + 1)) {
            return Optional.empty();
        }
        String token = header.substring(SCHEME.length() + 1).trim();
        return token.isEmpty() ? Optional.empty() : Optional.of(token);
    }

    private static ProblemException unauthorized(boolean given) {
        String detail = given
                ? "The bearer token is not one of this service's. Check that it was copied whole and that it was not"
                        + " replaced meanwhile."
                : "This path wants a token: send the header 'Authorization: Bearer <token>'.";
        String challenge = SCHEME + " realm=\"" + REALM + "\"" + (given ? ", error=\"invalid_token\"" : "");
        return new ProblemException(Problem.of(Response.Status.UNAUTHORIZED, "unauthorized", detail))
                .withHeader(HttpHeaders.WWW_AUTHENTICATE, challenge);
    }
}
