package io.tollgate.service;

import jakarta.annotation.Priority;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.util.regex.Pattern;

/**
 * Takes {@code %3A} in a path for the colon that it is, and a semicolon for no more than a semicolon. Jersey matches paths
 * as they were sent, but many clients encode each segment whole, and would never reach
 * {@code /v1/invoices/{id}:finalize}; and it leaves out what stands behind a semicolon, so that {@code a;b} would be
 * another's name, {@code a}.
 */
@PreMatching
@Priority(1)
final class ReservedSigns implements ContainerRequestFilter {

    private static final Pattern COLON = Pattern.compile("%3A", Pattern.CASE_INSENSITIVE);

    @Override
    public void filter(ContainerRequestContext request) {
        UriInfo uri = request.getUriInfo();
        String path = uri.getRequestUri().getRawPath();
        String plain = COLON.matcher(path).replaceAll(":").replace(";", "%3B");
        if (!plain.equals(path)) {
            String query = uri.getRequestUri().getRawQuery();
            request.setRequestUri(uri.getBaseUri(), URI.create(plain + (query == null ? "" : "?" + query)));
        }
    }
}
