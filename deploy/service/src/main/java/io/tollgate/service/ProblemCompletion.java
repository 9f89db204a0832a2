package io.tollgate.service;

import jakarta.annotation.Priority;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.lang.annotation.Annotation;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last stop of every answer: errors without a body get a problem, problems get the path and the request's id,
 * crashes are logged under that id and lose their inside.
 */
@Priority(0)
final class ProblemCompletion implements ContainerResponseFilter {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemCompletion.class);
    private static final int FIRST_ERROR = 400;

    private final Dialects dialects;

    ProblemCompletion(Dialects dialects) {
        this.dialects = dialects;
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (response.getStatus() < FIRST_ERROR) {
            return;
        }
        Object entity = response.getEntity();
        if (entity instanceof Problem problem) {
            complete(problem, request, response);
        } else if (entity instanceof ProblemMappers.Crash crash) {
            LOG.error(
                    "request {} failed: {} {}",
                    RequestId.of(request),
                    request.getMethod(),
                    request.getUriInfo().getPath(),
                    crash.cause());
            complete(crashed(RequestId.of(request)), request, response);
        } else if (entity == null) {
            complete(generic(request, response), request, response);
        }
    }

    private void complete(Problem problem, ContainerRequestContext request, ContainerResponseContext response) {
        String path = "/" + request.getUriInfo().getPath();
        Problem whole = problem.instance().isPresent() ? problem : problem.at(path);
        Problem told = whole.with("requestId", RequestId.of(request));
        Optional<Dialect> dialect = dialects.at(path);
        response.setEntity(
                dialect.<Record>map(each -> each.error(told)).orElse(told),
                new Annotation[0],
                dialect.isPresent() ? MediaType.APPLICATION_JSON_TYPE : Problem.MEDIA_TYPE);
    }

    private static Problem crashed(String requestId) {
        return Problem.of(
                Response.Status.INTERNAL_SERVER_ERROR,
                "internal_error",
                "Something failed inside the service. It is logged under the request id " + requestId
                        + "; quote that id when you report it.");
    }

    private static Problem generic(ContainerRequestContext request, ContainerResponseContext response) {
        String path = "/" + request.getUriInfo().getPath();
        return switch (response.getStatus()) {
            case 403 ->
                Problem.of(
                        403,
                        "forbidden",
                        "The token's role may not do this. Use a token of a role that may, or ask for it.");
            case 404 ->
                Problem.of(404, "not_found", "There is nothing at " + path + ". /openapi.json lists what there is.");
            case 405 ->
                Problem.of(
                        405,
                        "method_not_allowed",
                        "%s is not possible at %s; %s is."
                                .formatted(request.getMethod(), path, response.getHeaderString(HttpHeaders.ALLOW)));
            case 406 ->
                Problem.of(
                        406,
                        "not_acceptable",
                        "%s cannot be given as '%s'. /openapi.json lists the media types."
                                .formatted(path, request.getHeaderString(HttpHeaders.ACCEPT)));
            case 415 ->
                Problem.of(
                        415,
                        "unsupported_media_type",
                        "%s does not take the content type '%s'. /openapi.json lists those it takes."
                                .formatted(path, request.getHeaderString(HttpHeaders.CONTENT_TYPE)));
            default -> Problem.of(response.getStatus());
        };
    }
}
