package io.tollgate.service;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What an OpenAPI document leaves open that somebody must know who writes a client from it. */
final class OpenApiFaults {

    /** Not {@code list_1}, which the generator makes of a method's name that occurs twice. */
    private static final Pattern OPERATION_ID = Pattern.compile("[a-z][A-Za-z]*");

    private static final Set<String> METHODS =
            Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

    private final List<String> faults = new ArrayList<>();
    private final Set<String> ids = new HashSet<>();

    private OpenApiFaults() {}

    /** A sentence for each; empty when nothing is left open. */
    static List<String> of(JsonNode document) {
        OpenApiFaults found = new OpenApiFaults();
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
                if (METHODS.contains(operation.getKey())) {
                    found.operation(operation.getKey() + " " + path.getKey(), operation.getValue());
                }
            }
        }
        return List.copyOf(found.faults);
    }

    private void operation(String name, JsonNode operation) {
        String id = operation.path("operationId").asText();
        check(OPERATION_ID.matcher(id).matches(), name + " has no readable operationId but '" + id + "'");
        check(ids.add(id), name + " shares its operationId " + id);
        check(isText(operation, "summary"), name + " has no summary");
        for (JsonNode parameter : operation.path("parameters")) {
            String which = name + ", parameter " + parameter.path("name").asText();
            check(isText(parameter, "description"), which + " has no description");
            check(parameter.path("schema").size() > 0, which + " has no schema");
        }
        JsonNode body = operation.path("requestBody");
        if (!body.isMissingNode()) {
            content(name + ", the body", body.path("content"));
        }
        for (Map.Entry<String, JsonNode> response : operation.path("responses").properties()) {
            String which = name + ", answer " + response.getKey();
            check(isText(response.getValue(), "description"), which + " has no description");
            // 304 Not Modified has no body (RFC 9110, section 15.4.5), and neither has 204.
            if (!response.getKey().equals("304") && !response.getKey().equals("204")) {
                content(which, response.getValue().path("content"));
            }
        }
        check(
                operation.path("responses").properties().stream()
                        .anyMatch(response -> response.getKey().startsWith("2")),
                name + " tells no answer of success");
    }

    private void content(String which, JsonNode content) {
        check(!content.isEmpty(), which + " has no content");
        for (Map.Entry<String, JsonNode> type : content.properties()) {
            JsonNode schema = type.getValue().path("schema");
            // Bytes or text are what the generator makes of a method that reads or writes JSON by itself; of a file,
            // they
            // are all there is to say.
            boolean isText = schema.path("type").asText().equals("string");
            boolean isFile = schema.path("format").asText().equals("binary")
                    && !type.getKey().matches(".*(json|\\*/\\*).*");
            check(!schema.isEmpty() && (!isText || isFile), which + " has no schema as " + type.getKey());
        }
    }

    private static boolean isText(JsonNode node, String member) {
        return !node.path(member).asText().isBlank();
    }

    private void check(boolean good, String fault) {
        if (!good) {
            faults.add(fault);
        }
    }
}
