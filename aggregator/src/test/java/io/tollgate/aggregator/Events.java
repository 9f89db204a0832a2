package io.tollgate.aggregator;

import io.tollgate.events.Dimensions;
import io.tollgate.events.UsageEvent;
import java.time.Instant;
import java.util.Map;

/** Usage events for tests. */
public final class Events {

    public static final Instant NOON = Instant.parse("2023-11-16T12:00:00Z");

    private Events() {}

    /** A plain chat request of tenant acme on gpt-4o at noon. */
    public static UsageEvent event(String id, long inputTokens, long outputTokens) {
        return event(id, NOON, Map.of("input_tokens", inputTokens, "output_tokens", outputTokens));
    }

    public static UsageEvent event(String id, Instant time, Map<String, Long> quantities) {
        return UsageEvent.newBuilder()
                .setSource("test")
                .setId(id)
                .setTime(time)
                .setDimensions(Dimensions.newBuilder()
                        .setTenant("acme")
                        .setProvider("openai")
                        .setModel("gpt-4o")
                        .setAcceleratorType("nvidia-h100")
                        .build())
                .setContextTokens(quantities.getOrDefault("input_tokens", 0L))
                .setQuantities(quantities)
                .build();
    }
}
