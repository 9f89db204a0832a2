package io.tollgate.cli.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.cli.trace.EventParser;
import io.tollgate.events.Dimensions;
import io.tollgate.events.UsageEvent;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
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
        Optional<String> found = TraceOptions.withinLimits(Instant.parse("2026-01-01T00:00:00Z"))
                .problemOf(event)
                .map(EventParser.Parsed.Rejected::reason);
        assertThat(found.orElse("")).isEqualTo(reason);
    }
}
