package io.tollgate.aggregator;

import io.tollgate.meters.Aggregation;
import io.tollgate.meters.MeterCatalogue;
import io.tollgate.meters.MeterDefinition;
import java.time.Duration;
import java.util.List;

/** A catalogue for tests with a meter of each aggregation. */
public final class Meters {

    /** Long enough to reach over several windows, and no multiple of a window. */
    public static final Duration HOLD = Duration.ofSeconds(2_345);

    public static final MeterCatalogue OF_EACH_KIND = MeterCatalogue.usual()
            .plus(List.of(
                    MeterDefinition.of("calls", "call", Aggregation.COUNT, ""),
                    MeterDefinition.of("peak", "request", Aggregation.MAX, ""),
                    MeterDefinition.of("least", "request", Aggregation.MIN, ""),
                    MeterDefinition.of("seats", "seat", Aggregation.LATEST, ""),
                    MeterDefinition.of("users", "user", Aggregation.UNIQUE_COUNT, ""),
                    MeterDefinition.timeWeighted("disk", "byte", HOLD, ""),
                    MeterDefinition.timeWeighted("cpus", "cpu", Duration.ofSeconds(60), "")));

    private Meters() {}
}
