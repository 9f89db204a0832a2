package io.tollgate.ingest.usage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.tollgate.emitter.rules.Fault;
import io.tollgate.emitter.rules.RejectionReason;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Typed, strict access to the fields of one object in a usage body. What was asked for is known; what nobody asked for
 * is reported at the end. A field that is null counts as absent.
 */
final class Body {

    /** 2^53: up to here every whole number has a double of its own. */
    private static final BigDecimal FLOATING_EXACT_MAX = BigDecimal.valueOf(1L << 53);

    private final JsonNode object;
    private final String path;
    private final Set<String> known = new HashSet<>();
    private final List<Body> inner = new ArrayList<>(0);

    private Body(JsonNode object, String path) {
        this.object = object;
        this.path = path;
    }

    static Body of(JsonNode usage, String path) throws Refusal {
        if (!usage.isObject()) {
            throw wrongType(path, "an object", usage);
        }
        return new Body(usage, path);
    }

    /** Where a field of this object stands. */
    String at(String name) {
        return path + "." + name;
    }

    boolean has(String name) {
        return field(name).isPresent();
    }

    /** These are fields of the format that count nothing. */
    void ignore(String... names) {
        known.addAll(Set.of(names));
    }

    /** The field is known, but its value is not: it is to be reported like an unknown field. */
    void report(String name) {
        known.remove(name);
    }

    /** A whole number of 0 to 2^63-1; as a decimal such as 12.0 up to 2^53. */
    Optional<Long> amount(String name) throws Refusal {
        Optional<JsonNode> value = field(name);
        return value.isEmpty() ? Optional.empty() : Optional.of(amount(at(name), value.get()));
    }

    long amountOrZero(String name) throws Refusal {
        return amount(name).orElse(0L);
    }

    long required(String name) throws Refusal {
        Optional<Long> amount = amount(name);
        if (amount.isEmpty()) {
            throw missing(name);
        }
        return amount.get();
    }

    String requiredText(String name) throws Refusal {
        Optional<JsonNode> value = field(name);
        if (value.isEmpty()) {
            throw missing(name);
        }
        if (!value.get().isTextual()) {
            throw wrongType(at(name), "a string", value.get());
        }
        return value.get().textValue();
    }

    /** One number that stands at two places, or at one of them. */
    static Optional<Long> agreed(Body one, String oneName, Body other, String otherName) throws Refusal {
        Optional<Long> first = one.amount(oneName);
        Optional<Long> second = other.amount(otherName);
        if (first.isPresent() && second.isPresent() && !first.equals(second)) {
            throw new Refusal(
                    RejectionReason.USAGE_TOTAL_MISMATCH,
                    "%s is %d, but %s is %d."
                            .formatted(one.at(oneName), first.get(), other.at(otherName), second.get()));
        }
        return first.isPresent() ? first : second;
    }

    /** An object within; one without fields if it is absent. */
    Body part(String name) throws Refusal {
        Optional<JsonNode> value = field(name);
        if (value.isPresent() && !value.get().isObject()) {
            throw wrongType(at(name), "an object", value.get());
        }
        return within(value.orElse(MissingNode.getInstance()), at(name));
    }

    /** The objects of an array within; none if it is absent. */
    List<Body> parts(String name) throws Refusal {
        Optional<JsonNode> value = field(name);
        if (value.isEmpty()) {
            return List.of();
        }
        if (!value.get().isArray()) {
            throw wrongType(at(name), "an array", value.get());
        }
        List<Body> parts = new ArrayList<>();
        for (JsonNode each : value.get()) {
            String where = at(name) + "[" + parts.size() + "]";
            if (!each.isObject()) {
                throw wrongType(where, "an object", each);
            }
            parts.add(within(each, where));
        }
        return parts;
    }

    Refusal missing(String name) {
        return new Refusal(RejectionReason.USAGE_FIELD_MISSING, at(name) + " is missing.");
    }

    /** What nobody asked for, here and within. */
    UnknownFields unknown(UsageFormat format) {
        List<String> paths = new ArrayList<>(0);
        int count = unknown(paths);
        return new UnknownFields(format, count, paths);
    }

    private int unknown(List<String> paths) {
        int count = 0;
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            if (!known.contains(field.getKey())) {
                count++;
                if (paths.size() < UnknownFields.PATHS_MAX) {
                    String shown = Fault.shown(field.getKey());
                    paths.add(at(shown.substring(1, shown.length() - 1)));
                }
            }
        }
        for (Body each : inner) {
            count += each.unknown(paths);
        }
        return count;
    }

    private Body within(JsonNode node, String where) {
        Body body = new Body(node, where);
        inner.add(body);
        return body;
    }

    private Optional<JsonNode> field(String name) {
        known.add(name);
        JsonNode value = object.get(name);
        return value == null || value.isNull() ? Optional.empty() : Optional.of(value);
    }

    private static long amount(String where, JsonNode value) throws Refusal {
        if (!value.isNumber()) {
            throw wrongType(where, "an integer", value);
        }
        String is = where + " is " + Fault.shown(value.asText()) + ".";
        if (!value.isIntegralNumber()) {
            return whole(value.decimalValue()).orElseThrow(() -> new Refusal(RejectionReason.NOT_AN_INTEGER, is));
        }
        if (!value.canConvertToLong()) {
            throw new Refusal(RejectionReason.INTEGER_OUT_OF_RANGE, is);
        }
        if (value.longValue() < 0) {
            throw new Refusal(RejectionReason.NEGATIVE_QUANTITY, is);
        }
        return value.longValue();
    }

    /** Clients that type numbers as floating point write 12 as 12.0: that is exact as far as they are. */
    private static Optional<Long> whole(BigDecimal decimal) {
        boolean small = decimal.signum() >= 0 && decimal.scale() >= 0 && decimal.compareTo(FLOATING_EXACT_MAX) <= 0;
        return small && decimal.stripTrailingZeros().scale() <= 0 ? Optional.of(decimal.longValue()) : Optional.empty();
    }

    private static Refusal wrongType(String where, String wanted, JsonNode value) {
        String is = switch (value.getNodeType()) {
            case ARRAY -> "an array";
            case BOOLEAN -> "a boolean";
            case NUMBER -> "a number";
            case OBJECT -> "an object";
            case STRING -> "a string";
            case NULL -> "null";
            case BINARY, MISSING, POJO -> "something else";
        };
        return new Refusal(RejectionReason.WRONG_TYPE, "%s is not %s but %s.".formatted(where, wanted, is));
    }
}
