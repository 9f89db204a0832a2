package io.tollgate.ingest.http;

import io.tollgate.service.Problem;
import io.tollgate.service.ProblemException;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Unpacks bodies in zstd (RFC 8878), and refuses what nobody unpacks (RFC 9110, sections 8.4 and 15.5.16). The service
 * has unpacked gzip before, and taken it out of the header. It stands before the limit of bytes, which so counts
 * unpacked ones.
 */
@Priority(Priorities.ENTITY_CODER - 1)
public final class ContentCodings implements ContainerRequestFilter {

    private static final String ZSTD = "zstd";
    private static final String TAKEN = "gzip, zstd";

    @Override
    public void filter(ContainerRequestContext request) {
        List<String> codings = request.getHeaders().getOrDefault(HttpHeaders.CONTENT_ENCODING, List.of()).stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .map(coding -> coding.strip().toLowerCase(Locale.ROOT))
                .filter(coding -> !coding.isEmpty() && !coding.equals("identity"))
                .toList();
        if (codings.isEmpty()) {
            return;
        }
        // Packed twice is never smaller, and only makes more of a few bytes.
        if (!codings.equals(List.of(ZSTD))) {
            throw new ProblemException(Problem.of(
                            415,
                            "unsupported_content_encoding",
                            "The body is packed in a way that is not known here. Pack it once, with gzip or zstd, or"
                                    + " not at all."))
                    .withHeader(HttpHeaders.ACCEPT_ENCODING, TAKEN);
        }
        request.setEntityStream(new ZstdBody(request.getEntityStream()));
    }
}
