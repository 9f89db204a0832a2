package io.tollgate.ingest.edge;

import com.google.protobuf.Any;
import com.google.rpc.BadRequest;
import com.google.rpc.Status;
import io.tollgate.ingest.otlp.OtlpEncoding;
import io.tollgate.service.Problem;
import jakarta.annotation.Priority;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.lang.annotation.Annotation;

/**
 * Below {@code /otlp} errors are a {@code google.rpc.Status} in the request's encoding, as exporters want them (OTLP
 * specification 1.9, "Failures"). It comes after the filter that completes problems, so it sees the frame's as well.
 */
@Priority(-1)
final class OtlpErrors implements ContainerResponseFilter {

    private static final int BAD_REQUEST = 400;
    private static final int REQUEST_TIMEOUT = 408;
    private static final int UNAVAILABLE = 503;

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (!(response.getEntity() instanceof Problem problem)
                || !request.getUriInfo().getPath().startsWith(OtlpResource.BASE + "/")) {
            return;
        }
        Status.Builder status = Status.newBuilder().setMessage(problem.code() + ": " + problem.detail());
        if (response.getStatus() == BAD_REQUEST) {
            status.addDetails(Any.pack(BadRequest.newBuilder()
                    .addFieldViolations(BadRequest.FieldViolation.newBuilder()
                            .setField("body")
                            .setDescription(problem.detail()))
                    .build()));
        }
        if (response.getStatus() == REQUEST_TIMEOUT) {
            // Exporters drop what gets a 408, and send what gets a 503 again.
            response.setStatus(UNAVAILABLE);
        }
        OtlpEncoding encoding = OtlpEncoding.of(request.getHeaderString(HttpHeaders.CONTENT_TYPE));
        response.setEntity(encoding.write(status.build()), new Annotation[0], MediaType.valueOf(encoding.mediaType()));
    }
}
