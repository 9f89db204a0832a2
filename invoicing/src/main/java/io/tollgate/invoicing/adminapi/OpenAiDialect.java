package io.tollgate.invoicing.adminapi;

import io.tollgate.service.Dialect;
import io.tollgate.service.Problem;
import java.util.Optional;
import java.util.function.Function;

/** Keys and errors as OpenAI has them. Source: OpenAI, API reference, "Authentication" and "Error codes". */
final class OpenAiDialect implements Dialect {

    private static final String SCHEME = "Bearer ";
    private static final int FIRST_FAULT = 500;

    @Override
    public boolean isSpokenAt(String path) {
        return path.startsWith("/v1/organization/");
    }

    @Override
    public Optional<String> token(Function<String, Optional<String>> header) {
        return header.apply("Authorization")
                .filter(value -> value.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
                .map(value -> VendorKeys.token(value.substring(SCHEME.length()).trim()))
                .filter(token -> !token.isEmpty());
    }

    @Override
    public Record error(Problem problem) {
        Object parameter = problem.extensions().get("parameter");
        return new OpenAiShapes.Failure(new OpenAiShapes.Cause(
                problem.detail(),
                problem.status() < FIRST_FAULT ? "invalid_request_error" : "server_error",
                parameter instanceof String name ? Optional.of(name) : Optional.empty(),
                Optional.of(problem.status() == 401 ? "invalid_api_key" : problem.code())));
    }

    @Override
    public Class<? extends Record> errorType() {
        return OpenAiShapes.Failure.class;
    }
}
