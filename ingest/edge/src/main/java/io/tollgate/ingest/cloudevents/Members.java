package io.tollgate.ingest.cloudevents;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tollgate.emitter.rules.Fault;
import io.tollgate.emitter.rules.RejectionReason;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The members of one JSON object as they were read, and typed, strict access to them. A member that is null counts as
 * absent (JSON format, 2.2). Only a vendor's usage body becomes a tree; everything else is read straight from the bytes.
 */
final class Members {

    /** Up to so many names are compared with each other; beyond, a set finds the one that comes twice. */
    private static final int FEW = 32;

    private static final int SIZE = 8;

    private static final ObjectReader TREE = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            // A number with a point or an exponent is refused anyway, but its value must not be garbled in the message.
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build()
            .readerFor(JsonNode.class);

    private final @Nullable Members outer;
    private final String name;
    private String[] names = new String[SIZE];
    /** {@link String}, {@link Long}, {@link Members}, {@link JsonNode} of a usage body, or {@link Other}. */
    private Object[] values = new Object[SIZE];

    private int size;
    /** For each name one bit by its hash: most that are asked for are not there. */
    private long hashes;

    private Members(@Nullable Members outer, String name) {
        this.outer = outer;
        this.name = name;
    }

    /** What no member of ours is. */
    private sealed interface Other {

        /** A number that is no {@code long}, as it was written. */
        record Numeral(String text, boolean isInteger) implements Other {}

        /** @param is such as "an array" */
        record Plain(String is) implements Other {}

        Plain ARRAY = new Plain("an array");
        Plain BOOLEAN = new Plain("a boolean");
        Plain NULL = new Plain("null");
    }

    /**
     * Reads the object that begins at the parser's current token, to its end.
     *
     * @throws JsonParseException also when a member is there twice, however deep
     */
    static Members read(JsonParser json) throws IOException {
        return read(json, null, "");
    }

    private static Members read(JsonParser json, @Nullable Members outer, String name) throws IOException {
        Members members = new Members(outer, name);
        Set<String> seen = Set.of();
        for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
            if (members.size == FEW) {
                seen = new HashSet<>(Arrays.asList(members.names).subList(0, FEW));
            }
            if (members.size < FEW ? members.indexOf(field) >= 0 : !seen.add(field)) {
                throw new JsonParseException(json, "The member " + Fault.shown(field) + " is there twice");
            }
            json.nextToken();
            members.add(field, members.value(json, field));
        }
        return members;
    }

    private void add(String field, Object value) {
        if (size == names.length) {
            names = Arrays.copyOf(names, 2 * size);
            values = Arrays.copyOf(values, 2 * size);
        }
        hashes |= bit(field);
        names[size] = field;
        values[size] = value;
        size++;
    }

    private int indexOf(String wanted) {
        if ((hashes & bit(wanted)) == 0) {
            return -1;
        }
        for (int i = 0; i < size; i++) {
            if (names[i].equals(wanted)) {
                return i;
            }
        }
        return -1;
    }

    /** The shift takes the hash's lowest six bits. */
    private static long bit(String name) {
        return 1L << name.hashCode();
    }

    private Object value(JsonParser json, String field) throws IOException {
        JsonToken token = json.currentToken();
        return switch (token) {
            case VALUE_STRING -> json.getText();
            case VALUE_NUMBER_INT ->
                json.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                        ? new Other.Numeral(json.getText(), true)
                        : (Object) json.getLongValue();
            case VALUE_NUMBER_FLOAT -> new Other.Numeral(json.getText(), false);
            case VALUE_TRUE, VALUE_FALSE -> Other.BOOLEAN;
            case START_OBJECT -> isUsage(field) ? TREE.readTree(json) : read(json, this, field);
            case START_ARRAY -> {
                skipArray(json, field);
                yield Other.ARRAY;
            }
            default -> Other.NULL;
        };
    }

    private boolean isUsage(String field) {
        return field.equals("usage") && name.equals("data") && outer != null && outer.outer == null;
    }

    /** Objects in it are read all the same: no member may be there twice in them. */
    private void skipArray(JsonParser json, String field) throws IOException {
        for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
            if (token == JsonToken.START_OBJECT) {
                read(json, this, field);
            } else if (token == JsonToken.START_ARRAY) {
                skipArray(json, field);
            }
        }
    }

    /** What stands before a member's name in messages: "" or "data." */
    private String path() {
        return outer == null ? "" : outer.path() + name + ".";
    }

    private @Nullable Object value(String wanted) {
        int index = indexOf(wanted);
        return index < 0 || values[index] == Other.NULL ? null : values[index];
    }

    boolean has(String wanted) {
        return value(wanted) != null;
    }

    Optional<String> text(String wanted) throws Refusal {
        Object value = value(wanted);
        return value == null ? Optional.empty() : Optional.of(text(wanted, value));
    }

    String requiredText(String wanted) throws Refusal {
        Object value = value(wanted);
        if (value == null) {
            throw missing(wanted);
        }
        return text(wanted, value);
    }

    /** The text, if it is one. */
    Optional<String> textIfAny(String wanted) {
        return value(wanted) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    Optional<Members> object(String wanted) throws Refusal {
        Object value = value(wanted);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof Members members) {
            return Optional.of(members);
        }
        throw wrongType(wanted, "an object", value);
    }

    /** The usage body of a vendor; it is for its reader to say what is wrong with it. */
    Optional<JsonNode> tree(String wanted) throws Refusal {
        Object value = value(wanted);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof JsonNode tree) {
            return Optional.of(tree);
        }
        throw wrongType(wanted, "an object", value);
    }

    Optional<Long> integer(String wanted) throws Refusal {
        Object value = value(wanted);
        return value == null ? Optional.empty() : Optional.of(integer(wanted, value));
    }

    /** All members as integers. Null is no amount, so it is not taken for absent here. */
    Map<String, Long> integers() throws Refusal {
        Map<String, Long> all = new TreeMap<>();
        for (int i = 0; i < size; i++) {
            all.put(names[i], integer(names[i], values[i]));
        }
        return all;
    }

    Map<String, String> texts() throws Refusal {
        Map<String, String> all = new TreeMap<>();
        for (int i = 0; i < size; i++) {
            all.put(names[i], text(names[i], values[i]));
        }
        return all;
    }

    /** Refuses members that are not among the known. */
    void only(Set<String> known) throws Refusal {
        for (int i = 0; i < size; i++) {
            if (!known.contains(names[i])) {
                throw new Refusal(
                        RejectionReason.UNKNOWN_MEMBER,
                        path() + shortened(names[i]) + " is not known; known are "
                                + String.join(", ", new TreeSet<>(known)) + ".");
            }
        }
    }

    Refusal missing(String wanted) {
        return new Refusal(RejectionReason.MISSING_ATTRIBUTE, path() + wanted + " is missing.");
    }

    private String text(String member, Object value) throws Refusal {
        if (value instanceof String text) {
            return text;
        }
        throw wrongType(member, "a string", value);
    }

    private long integer(String member, Object value) throws Refusal {
        if (value instanceof Long integer) {
            return integer;
        }
        if (value instanceof Other.Numeral number) {
            // 1e3 is refused with 1.5: a source that writes exponents counts in floating point, and floats lose units.
            throw new Refusal(
                    number.isInteger() ? RejectionReason.INTEGER_OUT_OF_RANGE : RejectionReason.NOT_AN_INTEGER,
                    path() + shortened(member) + " is " + Fault.shown(number.text()) + ".");
        }
        throw wrongType(member, "an integer", value);
    }

    private Refusal wrongType(String member, String wanted, Object value) {
        String is;
        if (value instanceof String) {
            is = "a string";
        } else if (value instanceof Long || value instanceof Other.Numeral) {
            is = "a number";
        } else if (value instanceof Other.Plain plain) {
            is = plain.is();
        } else {
            is = "an object";
        }
        return new Refusal(
                RejectionReason.WRONG_TYPE, "%s%s is not %s but %s.".formatted(path(), shortened(member), wanted, is));
    }

    private static String shortened(String member) {
        String shown = Fault.shown(member);
        return shown.substring(1, shown.length() - 1);
    }
}
