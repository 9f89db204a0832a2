package io.tollgate.service;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Ends a request with a problem. For failures that the caller can do something about, not for bugs. */
public final class ProblemException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Problem problem;
    private final transient Map<String, String> headers;

    public ProblemException(Problem problem) {
        this(problem, Map.of());
    }

    private ProblemException(Problem problem, Map<String, String> headers) {
        // No stack trace: it is an answer, and answers to bad requests must stay cheap.
        super(problem.code() + ": " + problem.detail(), null, false, false);
        this.problem = problem;
        this.headers = headers;
    }

    /** The same with an HTTP response header, such as Retry-After. */
    public ProblemException withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new ProblemException(problem, Collections.unmodifiableMap(more));
    }

    public Problem problem() {
        return problem;
    }

    /** Response headers by name. */
    public Map<String, String> headers() {
        return headers;
    }
}
