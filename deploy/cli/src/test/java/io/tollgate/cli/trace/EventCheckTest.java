package io.tollgate.cli.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EventCheckTest {

    private static final EventCheck SMALL = event -> event.getContextTokens() > 2_000
            ? Optional.of(new EventParser.Parsed.Rejected("too_large", "too many tokens"))
            : Optional.empty();

    @Test
    void whatWouldBeRefusedLaterIsABadLineNow() {
        List<TraceLine> lines = Traces.read(
                new AzureLlmTrace(Traces.DIMENSIONS, SMALL), "2023-11-16 18:17:03,10,1\n2023-11-16 18:17:03,3000,1\n");
        assertThat(Traces.events(lines)).hasSize(1);
        assertThat(Traces.bad(lines)).singleElement().satisfies(bad -> {
            assertThat(bad.lineNumber()).isEqualTo(2);
            assertThat(bad.reason()).isEqualTo("too_large");
        });
    }

    @Test
    void aRefusedMooncakeLineDoesNotFillTheCache() {
        List<TraceLine> lines =
                Traces.read(new MooncakeTrace(Traces.DIMENSIONS, Instant.parse("2024-07-01T00:00:00Z"), SMALL), """
                {"timestamp":0,"input_length":3000,"output_length":1,"hash_ids":[1,2,3,4,5,6]}
                {"timestamp":0,"input_length":512,"output_length":1,"hash_ids":[1]}
                """);
        assertThat(Traces.bad(lines)).hasSize(1);
        assertThat(Traces.sum(Traces.events(lines), "cache_read_tokens")).isZero();
        assertThat(Traces.sum(Traces.events(lines), "input_tokens")).isEqualTo(512);
    }
}
