package io.tollgate.ingest.otlp;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What one OTLP request holds.
 *
 * @param events one for each span or data point that tells usage, in the request's order
 * @param passedOver how many others there are, and why nothing becomes of them
 */
public record OtlpEvents(List<OtlpEvent> events, Map<PassedOver, Integer> passedOver) {

    public OtlpEvents {
        events = List.copyOf(events);
        passedOver = Map.copyOf(passedOver);
    }

    /** Why a span or data point is no event, and yet nothing is wrong with it. */
    public enum PassedOver {
        /** It tells no usage: it has no {@code gen_ai.usage.*}, or is of another metric. */
        NO_USAGE,
        /** It wraps other spans, and tells their usage once more. */
        WRAPPER,
        /** Usage in metrics, which the configuration leaves to spans. */
        METRIC_IGNORED;

        /** Stable, snake_case. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
