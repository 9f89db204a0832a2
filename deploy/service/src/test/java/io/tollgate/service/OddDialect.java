package io.tollgate.service;

import java.util.Optional;
import java.util.function.Function;

/** Ways that others laid down: the token in a header of its own, errors in a shape of its own. */
final class OddDialect implements Dialect {

    /** What is told when something is wrong. */
    public record OddError(String complaint, int number) {}

    @Override
    public boolean isSpokenAt(String path) {
        return path.startsWith("/v1/odd/");
    }

    @Override
    public Optional<String> token(Function<String, Optional<String>> header) {
        return header.apply("x-odd-key");
    }

    @Override
    public Record error(Problem problem) {
        return new OddError(problem.code(), problem.status());
    }

    @Override
    public Class<? extends Record> errorType() {
        return OddError.class;
    }
}
