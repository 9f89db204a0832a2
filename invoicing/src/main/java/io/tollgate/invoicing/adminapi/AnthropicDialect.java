package io.tollgate.invoicing.adminapi;

import io.tollgate.service.Dialect;
import io.tollgate.service.Problem;
import java.util.Optional;
import java.util.function.Function;

/** Keys and errors as Anthropic has them. Source: Anthropic docs, "Admin API" and "Errors". */
final class AnthropicDialect implements Dialect {

    @Override
    public boolean isSpokenAt(String path) {
        return path.startsWith("/v1/organizations/");
    }

    @Override
    public Optional<String> token(Function<String, Optional<String>> header) {
        return header.apply("x-api-key")
                .map(key -> VendorKeys.token(key.trim()))
                .filter(token -> !token.isEmpty());
    }

    @Override
    public Record error(Problem problem) {
        String message = problem.status() == 401
                ? "The header x-api-key has no token of this service's. Check that it was copied whole and that it was"
                        + " not revoked."
                : problem.detail();
        return new AnthropicShapes.Failure(
                "error",
                new AnthropicShapes.Cause(type(problem.status()), message),
                Optional.ofNullable(problem.extensions().get("requestId")).map(Object::toString));
    }

    private static String type(int status) {
        return switch (status) {
            case 401 -> "authentication_error";
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case 413 -> "request_too_large";
            case 429 -> "rate_limit_error";
            case 503 -> "overloaded_error";
            default -> status < 500 ? "invalid_request_error" : "api_error";
        };
    }

    @Override
    public Class<? extends Record> errorType() {
        return AnthropicShapes.Failure.class;
    }
}
