package io.tollgate.ingest.otlp;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.tollgate.emitter.rules.Fault;
import io.tollgate.emitter.rules.RejectionReason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The attributes of one span or data point, and those of its resource. What is wrong with those that are asked for is noted. */
final class Attributes {

    private static final String RESOURCE = "resource:";
    private static final String SPAN = "span:";

    private final Named own;
    private final Named resource;
    private final List<Fault> faults = new ArrayList<>(0);

    Attributes(Named own, Named resource) {
        this.own = own;
        this.resource = resource;
    }

    /**
     * Attributes by name.
     *
     * @param ambiguous names that are there with more than one value, which the specification forbids
     */
    record Named(Map<String, AnyValue> values, Set<String> ambiguous) {

        static Named of(List<KeyValue> attributes) {
            Map<String, AnyValue> values = new HashMap<>();
            Set<String> ambiguous = new TreeSet<>();
            for (KeyValue attribute : attributes) {
                AnyValue before = values.putIfAbsent(attribute.getKey(), attribute.getValue());
                if (before != null && !before.equals(attribute.getValue())) {
                    ambiguous.add(attribute.getKey());
                }
            }
            return new Named(values, ambiguous);
        }
    }

    List<Fault> faults() {
        return faults;
    }

    void fault(RejectionReason reason, String detail) {
        faults.add(new Fault(reason, detail));
    }

    /** The first of these attributes that is there. */
    Optional<String> text(List<String> names) {
        return names.stream().flatMap(name -> text(name).stream()).findFirst();
    }

    /** An attribute's text; an empty one counts as absent, and what is no text is a fault. */
    Optional<String> text(String name) {
        AnyValue value = find(name);
        if (value == null || value.getValueCase() == AnyValue.ValueCase.VALUE_NOT_SET) {
            return Optional.empty();
        }
        if (!value.hasStringValue()) {
            fault(RejectionReason.WRONG_TYPE, "The attribute " + Fault.shown(name) + " is not a string.");
            return Optional.empty();
        }
        return Optional.of(value.getStringValue()).filter(text -> !text.isEmpty());
    }

    private @Nullable AnyValue find(String name) {
        if (name.startsWith(RESOURCE)) {
            return get(resource, name.substring(RESOURCE.length()));
        }
        if (name.startsWith(SPAN)) {
            return get(own, name.substring(SPAN.length()));
        }
        AnyValue inner = get(own, name);
        return inner == null ? get(resource, name) : inner;
    }

    private @Nullable AnyValue get(Named among, String name) {
        if (among.ambiguous().contains(name)) {
            ambiguous(name);
        }
        return among.values().get(name);
    }

    /** The span's own attributes below a prefix, named by the rest of their names. */
    ObjectNode below(String prefix) {
        own.ambiguous().stream().filter(name -> name.startsWith(prefix)).forEach(this::ambiguous);
        ObjectNode found = JsonNodeFactory.instance.objectNode();
        own.values().forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                put(found, name.substring(prefix.length()), value);
            }
        });
        return found;
    }

    private void ambiguous(String name) {
        fault(RejectionReason.MALFORMED_OTLP, "The attribute " + Fault.shown(name) + " is there with two values.");
    }

    private static void put(ObjectNode object, String name, AnyValue value) {
        switch (value.getValueCase()) {
            case INT_VALUE -> object.put(name, value.getIntValue());
            case STRING_VALUE -> object.put(name, value.getStringValue());
            case BOOL_VALUE -> object.put(name, value.getBoolValue());
            // Whoever reads it sees that it is no integer, and refuses it.
            case DOUBLE_VALUE -> object.put(name, value.getDoubleValue());
            case ARRAY_VALUE, BYTES_VALUE -> object.putArray(name);
            case KVLIST_VALUE -> object.putObject(name);
            case VALUE_NOT_SET -> object.putNull(name);
        }
    }
}
