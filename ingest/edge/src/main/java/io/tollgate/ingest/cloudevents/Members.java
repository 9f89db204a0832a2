package io.tollgate.ingest.cloudevents;

import com.fasterxml.jackson.databind.JsonNode;
import io.tollgate.emitter.rules.Fault;
import io.tollgate.emitter.rules.RejectionReason;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Typed, strict access to the members of one JSON object. A member that is null counts as absent (JSON format, 2.2). */
final class Members {

    private final JsonNode object;
    private final String path;

    /** @param path what stands before a member's name in messages: "" or "data." */
    Members(JsonNode object, String path) {
        this.object = object;
        this.path = path;
    }

    Optional<JsonNode> any(String name) {
        JsonNode value = object.get(name);
        return value == null || value.isNull() ? Optional.empty() : Optional.of(value);
    }

    Optional<String> text(String name) throws Refusal {
        Optional<JsonNode> value = any(name);
        return value.isEmpty() ? Optional.empty() : Optional.of(text(name, value.get()));
    }

    String requiredText(String name) throws Refusal {
        Optional<String> value = text(name);
        if (value.isEmpty()) {
            throw missing(name);
        }
        return value.get();
    }

    Optional<Members> object(String name) throws Refusal {
        Optional<JsonNode> value = any(name);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (!value.get().isObject()) {
            throw wrongType(name, "an object", value.get());
        }
        return Optional.of(new Members(value.get(), path + name + "."));
    }

    Optional<Long> integer(String name) throws Refusal {
        Optional<JsonNode> value = any(name);
        return value.isEmpty() ? Optional.empty() : Optional.of(integer(name, value.get()));
    }

    /** All members as integers. Null is no amount, so it is not taken for absent here. */
    Map<String, Long> integers() throws Refusal {
        Map<String, Long> all = new TreeMap<>();
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            all.put(member.getKey(), integer(member.getKey(), member.getValue()));
        }
        return all;
    }

    Map<String, String> texts() throws Refusal {
        Map<String, String> all = new TreeMap<>();
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            all.put(member.getKey(), text(member.getKey(), member.getValue()));
        }
        return all;
    }

    /** Refuses members that are not among the known. */
    void only(Set<String> known) throws Refusal {
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            if (!known.contains(member.getKey())) {
                throw new Refusal(
                        RejectionReason.UNKNOWN_MEMBER,
                        path + shortened(member.getKey()) + " is not known; known are "
                                + String.join(", ", new TreeSet<>(known)) + ".");
            }
        }
    }

    Refusal missing(String name) {
        return new Refusal(RejectionReason.MISSING_ATTRIBUTE, path + name + " is missing.");
    }

    private String text(String name, JsonNode value) throws Refusal {
        if (!value.isTextual()) {
            throw wrongType(name, "a string", value);
        }
        return value.textValue();
    }

    private long integer(String name, JsonNode value) throws Refusal {
        if (!value.isNumber()) {
            throw wrongType(name, "an integer", value);
        }
        if (!value.isIntegralNumber()) {
            // 1e3 is refused with 1.5: a source that writes exponents counts in floating point, and floats lose units.
            throw new Refusal(
                    RejectionReason.NOT_AN_INTEGER,
                    path + shortened(name) + " is " + Fault.shown(value.asText()) + ".");
        }
        if (!value.canConvertToLong()) {
            throw new Refusal(
                    RejectionReason.INTEGER_OUT_OF_RANGE,
                    path + shortened(name) + " is " + Fault.shown(value.asText()) + ".");
        }
        return value.longValue();
    }

    private Refusal wrongType(String name, String wanted, JsonNode value) {
        return new Refusal(
                RejectionReason.WRONG_TYPE,
                "%s%s is not %s but %s."
                        .formatted(
                                path,
                                shortened(name),
                                wanted,
                                switch (value.getNodeType()) {
                                    case ARRAY -> "an array";
                                    case BOOLEAN -> "a boolean";
                                    case NUMBER -> "a number";
                                    case OBJECT -> "an object";
                                    case STRING -> "a string";
                                    case NULL -> "null";
                                    case BINARY, MISSING, POJO -> "something else";
                                }));
    }

    private static String shortened(String name) {
        String shown = Fault.shown(name);
        return shown.substring(1, shown.length() - 1);
    }
}
