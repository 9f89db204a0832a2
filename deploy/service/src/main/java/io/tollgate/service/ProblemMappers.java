package io.tollgate.service;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import io.dropwizard.jersey.errors.ErrorMessage;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.jetty.io.EofException;
import org.glassfish.jersey.server.ParamException;
import org.jspecify.annotations.Nullable;

/** From exceptions to answers. What they leave open, {@link ProblemCompletion} fills in. */
final class ProblemMappers {

    private static final String UNPROCESSABLE_CODE = "invalid_body";
    private static final int UNPROCESSABLE = 422;

    /** How Jackson names where it read from, before line and column. */
    private static final Pattern SOURCE = Pattern.compile("\\[?Source: [^;\\]]*; |(?<=column: \\d{1,9})\\]");

    private static final Pattern INSIDE = Pattern.compile("Feature|Constraints|Source|`");

    private ProblemMappers() {}

    static List<Object> all() {
        return List.of(new Named(), new Http(), new Json(), new GoneAway(), new Unexpected());
    }

    private static Response answer(Problem problem) {
        return Response.status(problem.status())
                .entity(problem)
                .type(Problem.MEDIA_TYPE)
                .build();
    }

    private static Response answer(ProblemException exception) {
        Response.ResponseBuilder response = Response.fromResponse(answer(exception.problem()));
        exception.headers().forEach(response::header);
        return response.build();
    }

    static final class Named implements ExceptionMapper<ProblemException> {
        @Override
        public Response toResponse(ProblemException exception) {
            return answer(exception);
        }
    }

    /** Jersey's own: not found, method not allowed and so on, and parameters that do not parse. */
    static final class Http implements ExceptionMapper<WebApplicationException> {
        @Override
        public Response toResponse(WebApplicationException exception) {
            if (exception instanceof ParamException parameter
                    && !(exception instanceof ParamException.PathParamException)) {
                return answer(Problem.of(
                                Response.Status.BAD_REQUEST,
                                "invalid_parameter",
                                "The value of " + parameter.getParameterName()
                                        + " cannot be read: it is of the wrong type, or not"
                                        + " percent-encoded UTF-8.")
                        .with("parameter", parameter.getParameterName()));
            }
            Response response = exception.getResponse();
            if (response.getStatus() >= Response.Status.INTERNAL_SERVER_ERROR.getStatusCode()
                    && response.getStatus() != Response.Status.SERVICE_UNAVAILABLE.getStatusCode()) {
                return Response.serverError().entity(new Crash(exception)).build();
            }
            if (response.getEntity() instanceof ErrorMessage message && message.getMessage() != null) {
                Response.Status status = Response.Status.BAD_REQUEST;
                return answer(Problem.of(status, "invalid_parameter", message.getMessage()));
            }
            // Without its entity: the completion writes a sentence from status, headers and path.
            return Response.fromResponse(response).entity(null).build();
        }
    }

    /** Bodies that are not JSON, or JSON that does not fit; and answers of ours that cannot be written, which are bugs. */
    static final class Json implements ExceptionMapper<JsonProcessingException> {
        @Override
        public Response toResponse(JsonProcessingException exception) {
            for (Throwable cause = exception.getCause(); cause != null; cause = cause.getCause()) {
                if (cause instanceof ProblemException problem) {
                    return answer(problem);
                }
            }
            boolean reading = exception.getProcessor() instanceof JsonParser || exception.getLocation() != null;
            if (!reading || exception instanceof InvalidDefinitionException) {
                return Response.serverError().entity(new Crash(exception)).build();
            }
            if (exception instanceof StreamReadException || exception.getCause() instanceof StreamReadException) {
                return answer(located(
                        Problem.of(
                                Response.Status.BAD_REQUEST,
                                "malformed_json",
                                "The body is not JSON: " + words(exception) + "."),
                        exception.getLocation()));
            }
            String pointer = exception instanceof JsonMappingException mapping ? pointer(mapping) : "";
            return answer(located(
                    Problem.of(UNPROCESSABLE, UNPROCESSABLE_CODE, misfit(exception, pointer))
                            .with("pointer", pointer),
                    exception.getLocation()));
        }

        /** The parser's own words, as long as they tell of the body and not of the parser. */
        private static String words(JsonProcessingException exception) {
            String words = SOURCE.matcher(exception.getOriginalMessage().split("\\R", 2)[0])
                    .replaceAll("")
                    .replaceAll("\\p{Cntrl}", "?");
            return INSIDE.matcher(words).find() ? "what stands there is not allowed in it" : words;
        }

        private static String misfit(JsonProcessingException exception, String pointer) {
            String where = pointer.isEmpty() ? "The body" : "The value at " + pointer;
            if (exception instanceof UnrecognizedPropertyException unknown) {
                String known = Optional.ofNullable(unknown.getKnownPropertyIds()).stream()
                        .flatMap(ids -> ids.stream().map(String::valueOf).sorted())
                        .collect(Collectors.joining(", "));
                return where + " is not known here. Known are: " + known + ".";
            }
            if (exception instanceof ValueInstantiationException
                    && exception.getCause() instanceof IllegalArgumentException refused) {
                // Records refuse bad values in words meant for users.
                return where + " is refused: " + refused.getMessage() + ".";
            }
            // Jackson's own words name Java types, which mean nothing to a user and tell of our inside.
            if (exception instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
                String value = mismatch instanceof InvalidFormatException format ? " '" + format.getValue() + "'" : "";
                return where + value + " is not " + wanted(mismatch.getTargetType()) + ".";
            }
            return where + " does not fit; /openapi.json says what does.";
        }

        private static String wanted(Class<?> type) {
            if (type.isEnum()) {
                return Arrays.stream(type.getEnumConstants())
                        .map(String::valueOf)
                        .collect(Collectors.joining(", ", "one of ", ""));
            }
            if (type == Instant.class) {
                return "a time as in RFC 3339, such as 2026-01-02T03:04:05Z";
            }
            if (type == LocalDate.class) {
                return "a date, such as 2026-01-02";
            }
            if (type == BigDecimal.class) {
                return "a decimal of at most 64 digits before and after the point, such as \"12.50\"";
            }
            if (type == String.class) {
                return "a string";
            }
            if (type == boolean.class || type == Boolean.class) {
                return "true or false";
            }
            if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
                return "a number in range";
            }
            if (Collection.class.isAssignableFrom(type) || type.isArray()) {
                return "an array";
            }
            return type.isRecord() || Map.class.isAssignableFrom(type) ? "an object" : "of the right form";
        }

        /** RFC 6901. */
        private static String pointer(JsonMappingException exception) {
            return exception.getPath().stream()
                    .map(step -> step.getFieldName() == null ? String.valueOf(step.getIndex()) : step.getFieldName())
                    .map(step -> "/" + step.replace("~", "~0").replace("/", "~1"))
                    .collect(Collectors.joining());
        }

        private static Problem located(Problem problem, @Nullable JsonLocation location) {
            if (location == null || location.getLineNr() < 1) {
                return problem;
            }
            return problem.with("line", location.getLineNr()).with("column", location.getColumnNr());
        }
    }

    /** The caller hung up while sending: nobody reads the answer, and it is no fault of ours. */
    static final class GoneAway implements ExceptionMapper<EofException> {
        @Override
        public Response toResponse(EofException exception) {
            return answer(Problem.of(
                    Response.Status.BAD_REQUEST, "body_incomplete", "The connection ended before the body did."));
        }
    }

    static final class Unexpected implements ExceptionMapper<Throwable> {
        @Override
        public Response toResponse(Throwable exception) {
            return Response.serverError().entity(new Crash(exception)).build();
        }
    }

    /** Stands in a response until the completion has logged it under the request's id. */
    record Crash(Throwable cause) {}
}
