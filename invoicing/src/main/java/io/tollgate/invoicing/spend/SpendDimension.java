package io.tollgate.invoicing.spend;

import io.tollgate.invoicing.rating.RatedUsage;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What spend can be grouped by. */
public enum SpendDimension {
    TENANT("tenant"),
    PROJECT("project"),
    PROVIDER("provider"),
    MODEL("model"),
    ACCELERATOR_TYPE("acceleratorType"),
    REGION("region"),
    OPERATION("operation"),
    SERVICE_TIER("serviceTier"),
    OUTCOME("outcome"),
    CONTEXT_BAND("contextBand"),
    METER("meter"),
    /** The day of UTC; usage must be cut at midnights. */
    DAY("day");

    private final String label;

    SpendDimension(String label) {
        this.label = label;
    }

    /** Its name in questions and answers. */
    public String label() {
        return label;
    }

    String of(RatedUsage usage) {
        return switch (this) {
            case TENANT -> usage.tenant();
            case PROJECT -> usage.project();
            case PROVIDER -> usage.product().provider();
            case MODEL -> usage.product().model();
            case ACCELERATOR_TYPE -> usage.product().acceleratorType();
            case REGION -> usage.product().region();
            case OPERATION -> usage.product().operation();
            case SERVICE_TIER -> usage.product().serviceTier();
            case OUTCOME -> usage.product().outcome();
            case CONTEXT_BAND -> Long.toString(usage.product().contextBand());
            case METER -> usage.meter();
            case DAY ->
                usage.range().from().atOffset(ZoneOffset.UTC).toLocalDate().toString();
        };
    }

    /** Reads a name as shown, in snake_case, or one of the short forms {@code accelerator} and {@code tier}. */
    public static Optional<SpendDimension> named(String name) {
        return switch (name) {
            case "accelerator" -> Optional.of(ACCELERATOR_TYPE);
            case "tier" -> Optional.of(SERVICE_TIER);
            default ->
                Arrays.stream(values())
                        .filter(dimension -> dimension.label.equals(name)
                                || dimension.name().toLowerCase(Locale.ROOT).equals(name))
                        .findFirst();
        };
    }
}
