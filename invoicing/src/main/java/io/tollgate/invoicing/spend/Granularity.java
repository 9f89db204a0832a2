package io.tollgate.invoicing.spend;

import java.util.Arrays;
import java.util.Optional;

/** How long the stretches of time are that spend is told by; days, hours and months are those of a time zone. */
public enum Granularity {
    /** The whole range is one. */
    TOTAL("total"),
    WINDOW("15min"),
    HOUR("hour"),
    DAY("day"),
    MONTH("month");

    private final String label;

    Granularity(String label) {
        this.label = label;
    }

    /** Its name in questions. */
    public String label() {
        return label;
    }

    public static Optional<Granularity> named(String name) {
        return Arrays.stream(values()).filter(each -> each.label.equals(name)).findFirst();
    }
}
