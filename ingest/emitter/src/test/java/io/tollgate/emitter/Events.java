package io.tollgate.emitter;

import io.tollgate.events.Dimensions;
import io.tollgate.events.RejectedEvent;
import io.tollgate.events.UsageEvent;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;

/** Small events to send. */
final class Events {

    private Events() {}

    static UsageEvent usage(String tenant, String id) {
        return UsageEvent.newBuilder()
                .setSource("gateway-1")
                .setId(id)
                .setTime(Instant.parse("2023-11-16T18:17:03.979960Z"))
                .setDimensions(Dimensions.newBuilder()
                        .setTenant(tenant)
                        .setProvider("openai")
                        .setModel("gpt-4o")
                        .build())
                .setQuantities(Map.of("input_tokens", 7L))
                .build();
    }

    static RejectedEvent rejected(byte[] original) {
        return RejectedEvent.newBuilder()
                .setReason("malformed_json")
                .setDetail("It is not JSON.")
                .setStage("edge")
                .setOrigin("request 1, event 0")
                .setRejectedAt(Instant.parse("2026-01-02T03:04:05Z"))
                .setOriginal(ByteBuffer.wrap(original))
                .build();
    }
}
