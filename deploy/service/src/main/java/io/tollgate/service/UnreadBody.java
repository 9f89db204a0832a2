package io.tollgate.service;

import jakarta.annotation.Priority;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Watches how bodies arrive, and says {@code Connection: close} in refusals that come before the body was read to its end. The server then closes the
 * connection, and a client that was not told would send its next request into it and get no answer.
 */
@PreMatching
@Priority(0)
final class UnreadBody implements ContainerRequestFilter, ContainerResponseFilter {

    private static final String CONNECTION = "Connection";
    private static final String CLOSE = "close";
    private static final String TRANSFER_ENCODING = "Transfer-Encoding";
    private static final String PROPERTY = UnreadBody.class.getName();
    private static final int FIRST_ERROR = 400;

    private final SlowestBody slowest;

    UnreadBody(SlowestBody slowest) {
        this.slowest = slowest;
    }

    /** Says so in a refusal by a servlet filter, which never reads a body. */
    static void mark(HttpServletRequest request, HttpServletResponse response) {
        if (hasBody(request::getHeader)) {
            response.setHeader(CONNECTION, CLOSE);
        }
    }

    @Override
    public void filter(ContainerRequestContext request) {
        if (hasBody(request::getHeaderString)) {
            ArrivingBody body = new ArrivingBody(request.getEntityStream(), request.getLength(), slowest);
            request.setEntityStream(body);
            request.setProperty(PROPERTY, body);
        }
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (response.getStatus() >= FIRST_ERROR
                && request.getProperty(PROPERTY) instanceof ArrivingBody body
                && !body.isAtItsEnd()) {
            response.getHeaders().putSingle(CONNECTION, CLOSE);
        }
    }

    private static boolean hasBody(UnaryOperator<@Nullable String> header) {
        String length = header.apply(HttpHeaders.CONTENT_LENGTH);
        return header.apply(TRANSFER_ENCODING) != null || (length != null && !length.equals("0"));
    }
}
