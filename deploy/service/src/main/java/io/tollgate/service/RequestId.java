package io.tollgate.service;

import jakarta.annotation.Priority;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.PreMatching;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One id per request: the caller's {@code X-Request-Id} if it is a plain one, else a random one. It goes back in the
 * same header and stands in problems, log lines and rejected events, so that all of them can be matched.
 */
@PreMatching
@Priority(0)
public final class RequestId implements ContainerRequestFilter, ContainerResponseFilter {

    /** The header's name, both ways. */
    public static final String HEADER = "X-Request-Id";

    private static final String PROPERTY = RequestId.class.getName();
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    RequestId() {}

    /** The id of the request. */
    public static String of(ContainerRequestContext request) {
        Object known = request.getProperty(PROPERTY);
        if (known instanceof String id) {
            return id;
        }
        String id = given(request.getHeaderString(HEADER));
        request.setProperty(PROPERTY, id);
        return id;
    }

    /** The id that a request gets whose header is this. */
    static String given(@Nullable String header) {
        // Anything else could forge log lines.
        return header != null && PLAIN.matcher(header).matches()
                ? header
                : UUID.randomUUID().toString();
    }

    @Override
    public void filter(ContainerRequestContext request) {
        of(request);
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        response.getHeaders().putSingle(HEADER, of(request));
    }
}
