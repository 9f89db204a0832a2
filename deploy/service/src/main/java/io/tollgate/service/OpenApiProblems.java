package io.tollgate.service;

import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * How operations end in problems, in an OpenAPI document. A resource names the statuses of its own with a description;
 * what they look like, and what the frame answers for every resource, is said here once.
 */
final class OpenApiProblems {

    static final String PROBLEM = "Problem";

    private static final char FIRST_ERROR = '4';
    private static final Set<String> RETRIED = Set.of("409", "429", "503");
    private static final String ANYTHING_ELSE = "Any other problem (RFC 9457); its `code` is stable";

    private final Map<Integer, String> everywhere;

    OpenApiProblems(Map<Integer, String> everywhere) {
        this.everywhere = everywhere;
    }

    /**
     * @param secured whether a token is wanted
     * @param dialect the schema that errors have, if it is another than a problem's
     */
    void complete(Operation operation, boolean secured, Optional<String> dialect) {
        ApiResponses responses = operation.getResponses() == null ? new ApiResponses() : operation.getResponses();
        ApiResponse returned = responses.remove(ApiResponses.DEFAULT);
        if (returned != null && responses.isEmpty()) {
            // The generator's "default response" is what the method returns.
            responses.addApiResponse("200", returned);
        }
        common(operation, secured).forEach((status, description) -> {
            if (!responses.containsKey(String.valueOf(status))) {
                responses.addApiResponse(String.valueOf(status), new ApiResponse().description(description));
            }
        });
        responses.addApiResponse(ApiResponses.DEFAULT, new ApiResponse().description(ANYTHING_ELSE));
        ApiResponses ordered = new ApiResponses();
        new TreeMap<>(responses).forEach((status, response) -> {
            if (status.charAt(0) >= FIRST_ERROR) {
                asProblem(status, response, dialect);
            }
            ordered.addApiResponse(status, response);
        });
        operation.setResponses(ordered);
    }

    private Map<Integer, String> common(Operation operation, boolean secured) {
        Map<Integer, String> answers = new TreeMap<>(everywhere);
        answers.putIfAbsent(400, "`bad_request`, `invalid_parameter`: the address or a parameter cannot be read");
        answers.putIfAbsent(500, "`internal_error`: a fault of the service; quote the `requestId` when you report it");
        if (secured) {
            answers.putIfAbsent(401, "`unauthorized`: there is no bearer token, or it is none of this service's");
            answers.putIfAbsent(403, "`forbidden`: the token's role may not do this");
        }
        if (operation.getRequestBody() != null) {
            answers.put(
                    400,
                    "`malformed_json`: the body is not JSON; `bad_request`, `invalid_parameter`: the address or a"
                            + " parameter cannot be read");
            answers.putIfAbsent(408, "`body_too_slow`: the body came too slowly; send it again");
            answers.putIfAbsent(413, "`body_too_large`: send less at once");
            answers.putIfAbsent(415, "`unsupported_media_type`: the body's Content-Type is not one of those listed");
            answers.putIfAbsent(422, "`invalid_body`: the body is JSON, but does not fit; `pointer` says where");
        }
        return answers;
    }

    private static void asProblem(String status, ApiResponse response, Optional<String> dialect) {
        response.setContent(new Content()
                .addMediaType(
                        dialect.isPresent()
                                ? jakarta.ws.rs.core.MediaType.APPLICATION_JSON
                                : Problem.MEDIA_TYPE.toString(),
                        new MediaType()
                                .schema(new Schema<>().$ref("#/components/schemas/" + dialect.orElse(PROBLEM)))));
        if (status.equals("401")) {
            response.addHeaderObject(
                    "WWW-Authenticate", new Header().description("RFC 6750").schema(new StringSchema()));
        }
        if (RETRIED.contains(status)) {
            response.addHeaderObject(
                    "Retry-After",
                    new Header()
                            .description("seconds after which the same request may succeed; absent if it cannot")
                            .schema(new IntegerSchema()));
        }
    }

    /** Of {@link Problem}, with the extension members that services use. */
    static Schema<?> schema() {
        Schema<?> schema = new ObjectSchema();
        schema.setRequired(List.of("type", "title", "status", "code", "detail", "instance", "requestId"));
        return schema.description("Problem details (RFC 9457)")
                .addProperty("type", new StringSchema().format("uri").description("`urn:tollgate:problem:<code>`"))
                .addProperty("title", new StringSchema().description("the same for every problem of a status"))
                .addProperty("status", new IntegerSchema().description("the HTTP status"))
                .addProperty(
                        "code",
                        new StringSchema().description("stable, snake_case").pattern("^[a-z][a-z0-9_]*$"))
                .addProperty("detail", new StringSchema().description("what is wrong, where, what to do"))
                .addProperty("instance", new StringSchema().description("the path that was called"))
                .addProperty("requestId", new StringSchema().description("under which the service logged it"))
                .addProperty(
                        "errors", new ArraySchema().items(reason()).description("all reasons, if there are several"))
                .addProperty("accepted", count("how many events were taken"))
                .addProperty("rejected", count("how many events were kept out"))
                .addProperty("pointer", new StringSchema().description("where in the body (RFC 6901)"))
                .addProperty("line", count("where in the body, from 1"))
                .addProperty("column", count("where in the line, from 1"))
                .addProperty("parameter", new StringSchema().description("the parameter that cannot be read"))
                .addProperty("maxBytes", count("how large a body may be"))
                .addProperty("maxEvents", count("how many events a request may have"))
                .additionalProperties(true);
    }

    private static Schema<?> reason() {
        Schema<?> schema = new ObjectSchema();
        schema.setRequired(List.of("code", "detail"));
        return schema.addProperty("index", count("the event's place in the request, from 0"))
                .addProperty("id", new StringSchema().description("the event's id, when it could be read"))
                .addProperty("code", new StringSchema().description("stable, snake_case"))
                .addProperty("detail", new StringSchema().description("what is wrong, where, what to do"));
    }

    private static Schema<?> count(String description) {
        return new IntegerSchema().description(description);
    }
}
