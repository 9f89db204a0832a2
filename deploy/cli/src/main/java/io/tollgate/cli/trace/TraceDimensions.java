package io.tollgate.cli.trace;

import io.tollgate.events.Dimensions;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Whom the usage of a trace that names nobody is billed to, and what served it. Checked when built, so that one typing
 * mistake does not become a million rejected events.
 */
public final class TraceDimensions {

    private static final int MAX_CHARACTERS = 256;
    private static final Pattern TENANT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,127}");

    private final Dimensions dimensions;

    /**
     * @throws IllegalArgumentException when the tenant, provider or model is missing, when the tenant is not of the form
     *     {@code [A-Za-z0-9][A-Za-z0-9._@-]{0,127}}, or when a value is longer than 256 characters or holds a control
     *     character
     */
    public TraceDimensions(Dimensions dimensions) {
        this.dimensions = Dimensions.newBuilder(dimensions).build();
        if (!TENANT.matcher(dimensions.getTenant()).matches()) {
            throw new IllegalArgumentException(
                    "tenant \"" + dimensions.getTenant() + "\" does not match " + TENANT.pattern());
        }
        required("provider", dimensions.getProvider());
        required("model", dimensions.getModel());
        optional("project", dimensions.getProject());
        optional("requested model", dimensions.getRequestedModel());
        optional("accelerator type", dimensions.getAcceleratorType());
        optional("region", dimensions.getRegion());
        required("operation", dimensions.getOperation());
        required("service tier", dimensions.getServiceTier());
        required("outcome", dimensions.getOutcome());
        dimensions.getTags().forEach((name, value) -> {
            required("tag name", name);
            optional("tag " + name, value);
        });
    }

    /** A copy of its own for one event: Avro's records can be changed by whoever holds them. */
    Dimensions toAvro() {
        return Dimensions.newBuilder(dimensions).build();
    }

    /** Every value in a fixed order, for the identity of a replay. */
    List<String> values() {
        List<String> values = new ArrayList<>(List.of(
                dimensions.getTenant(),
                dimensions.getProject(),
                dimensions.getProvider(),
                dimensions.getModel(),
                dimensions.getRequestedModel(),
                dimensions.getAcceleratorType(),
                dimensions.getRegion(),
                dimensions.getOperation(),
                dimensions.getServiceTier(),
                dimensions.getOutcome()));
        new TreeMap<>(dimensions.getTags()).forEach((name, value) -> {
            values.add(name);
            values.add(value);
        });
        return values;
    }

    private static void required(String name, String value) {
        if (value.isEmpty()) {
            throw new IllegalArgumentException(name + " is missing");
        }
        optional(name, value);
    }

    private static void optional(String name, String value) {
        if (value.codePointCount(0, value.length()) > MAX_CHARACTERS) {
            throw new IllegalArgumentException(name + " is longer than " + MAX_CHARACTERS + " characters");
        }
        if (value.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(name + " holds a control character");
        }
    }
}
