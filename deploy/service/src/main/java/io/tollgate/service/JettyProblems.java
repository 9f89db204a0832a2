package io.tollgate.service;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Errors that Jetty or a servlet filter finds before Jersey sees the request, as problems too. */
final class JettyProblems extends ErrorHandler {

    private final JsonMapper json;
    private final Dialects dialects;

    JettyProblems(JsonMapper json, Dialects dialects) {
        this.dialects = dialects;
        this.json = json;
        setShowStacks(false);
    }

    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }

    @Override
    protected void generateResponse(
            Request request,
            Response response,
            int status,
            @Nullable String message,
            @Nullable Throwable cause,
            Callback callback)
            throws IOException {
        String path = request.getHttpURI() == null
                ? ""
                : String.valueOf(request.getHttpURI().getPath());
        Problem plain = Problem.of(status);
        Problem problem = new Problem(
                        plain.type(),
                        plain.title(),
                        status,
                        detail(status, plain.title(), message),
                        Optional.of(path),
                        plain.code(),
                        plain.extensions())
                .with("requestId", RequestId.given(request.getHeaders().get(RequestId.HEADER)));
        Optional<Dialect> dialect = dialects.at(path);
        response.getHeaders()
                .put(
                        HttpHeader.CONTENT_TYPE,
                        dialect.isPresent() ? MediaType.APPLICATION_JSON : Problem.MEDIA_TYPE.toString());
        Content.Sink.write(
                response,
                true,
                write(dialect.<Record>map(each -> each.error(problem)).orElse(problem)),
                callback);
    }

    /** Jetty's message says what it stumbled over; what to do about it is ours to say. */
    private static String detail(int status, String title, @Nullable String message) {
        String what = message == null || message.isBlank() || message.startsWith(title) ? title : message;
        String advice = switch (status) {
            case HttpStatus.BAD_REQUEST_400 ->
                "The request cannot be read. Check its path: each of its segments must be percent-encoded UTF-8"
                        + " without control characters, and can hold an encoded slash or backslash only where names"
                        + " may have them; elsewhere no name with one is ever found.";
            case HttpStatus.URI_TOO_LONG_414, HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431 ->
                "The address and the headers of a request must fit into 8 kilobytes. Ask for less at once.";
            case HttpStatus.METHOD_NOT_ALLOWED_405 -> "No path takes this method. /openapi.json lists what there is.";
            default -> "The request was refused before it was read. Check its first line and its headers.";
        };
        return what.replaceAll("\\p{Cntrl}", "?") + ". " + advice;
    }

    private String write(Record problem) {
        try {
            return json.writeValueAsString(problem);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a problem without extensions is always written", e);
        }
    }
}
