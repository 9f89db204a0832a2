package io.tollgate.service;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Which paths have ways of their own. */
record Dialects(List<Dialect> dialects) {

    Dialects {
        dialects = List.copyOf(dialects);
    }

    Optional<Dialect> at(String path) {
        return dialects.stream().filter(each -> each.isSpokenAt(path)).findFirst();
    }

    /** The token that a request brings; nothing where there should be one is nobody's, too. */
    Optional<String> token(String path, Function<String, Optional<String>> header) {
        return at(path).map(dialect -> dialect.token(header)).orElseGet(() -> BearerFilter.token(header));
    }
}
