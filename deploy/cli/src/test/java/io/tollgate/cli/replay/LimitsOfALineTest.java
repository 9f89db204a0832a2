package io.tollgate.cli.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.cli.trace.EventParser;
import io.tollgate.events.Dimensions;
import io.tollgate.events.UsageEvent;
import io.tollgate.ingest.policy.EventPolicy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimitsOfALineTest {

    @ParameterizedTest
    @CsvSource({
        "1969-12-31T23:59:59Z, time_before_1970",
        "2026-01-02T00:00:01Z, time_in_future",
        "2026-01-02T00:00:00Z, ''",
        "1970-01-01T00:00:00Z, ''"
    })
    void timesThatTheJobRefusesAreRefusedHere(String time, String reason) {
        UsageEvent event = UsageEvent.newBuilder()
                .setSource("s")
                .setId("1")
                .setTime(Instant.parse(time))
                .setDimensions(Dimensions.newBuilder()
                        .setTenant("acme")
                        .setProvider("openai")
                        .setModel("gpt-4o")
                        .build())
                .setContextTokens(1)
                .setQuantities(Map.of("input_tokens", 1L))
                .build();
        Optional<String> found = TraceOptions.rules(Instant.parse("2026-01-01T00:00:00Z"), EventPolicy.DEFAULT)
                .problemOf(event)
                .map(EventParser.Parsed.Rejected::reason);
        assertThat(found.orElse("")).isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvSource({
        "dance, standard, unknown_operation",
        "chat, gold, unknown_service_tier",
        "chat, standard, ''",
    })
    void thePolicyOfTheEdgeHoldsForALineButForItsAge(String operation, String tier, String reason) {
        String line = """
                {"specversion":"1.0","type":"io.tollgate.usage.v1","source":"s","id":"1","time":"2001-01-01T00:00:00Z",
                 "data":{"tenant":"acme","provider":"openai","model":"gpt-4o","operation":"%s","serviceTier":"%s",
                 "quantities":{"input_tokens":1}}}""".formatted(operation, tier);

        EventParser.Parsed parsed = CloudEventLines.withDefaults(
                        Dimensions.newBuilder()
                                .setTenant("")
                                .setProvider("")
                                .setModel("")
                                .build(),
                        Instant.parse("2026-01-01T00:00:00Z"),
                        EventPolicy.DEFAULT)
                .parse(line.getBytes(StandardCharsets.UTF_8));

        assertThat(parsed instanceof EventParser.Parsed.Rejected rejected ? rejected.reason() : "")
                .isEqualTo(reason);
        if (parsed instanceof EventParser.Parsed.Accepted accepted) {
            assertThat(TraceOptions.rules(
                                    Instant.parse("2026-01-01T00:00:00Z"),
                                    EventPolicy.DEFAULT.withModels(Optional.of(Set.of("openai/gpt-5"))))
                            .problemOf(accepted.event())
                            .map(EventParser.Parsed.Rejected::reason))
                    .contains("unknown_model");
        }
    }
}
