package io.tollgate.service;

import java.util.Optional;
import java.util.function.Function;

/**
 * How some paths bring their token and are told what is wrong, where others laid down what the API looks like, so that
 * tools which were written for theirs work with ours. All else about these paths is as everywhere.
 */
public interface Dialect {

    /** @param path decoded, with a slash in front */
    boolean isSpokenAt(String path);

    /**
     * The token that a request brings.
     *
     * @param header the value of a request's header by its name
     */
    Optional<String> token(Function<String, Optional<String>> header);

    /**
     * What stands in the answer's body in place of a problem; a record, written as {@code application/json}.
     *
     * @param problem with the path and, as {@code requestId}, the request's id
     */
    Record error(Problem problem);

    /** The type of {@link #error}, for the OpenAPI document. */
    Class<? extends Record> errorType();
}
