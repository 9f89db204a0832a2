package io.tollgate.cli.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.cli.SharedData;
import io.tollgate.events.UsageEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AzureLlmTraceTest {

    private static final String HEADER = "TIMESTAMP,ContextTokens,GeneratedTokens";

    @Test
    void aLineBecomesAnEvent() {
        List<TraceLine> lines =
                Traces.read(Traces.AZURE, "\uFEFF" + HEADER + "\r\n2023-11-16 18:17:03.9799609,4808,10");
        assertThat(lines).hasSize(1);
        UsageEvent event = Traces.events(lines).get(0);
        assertThat(lines.get(0).lineNumber()).isEqualTo(2);
        assertThat(event.getId()).matches("[0-9a-f]{32}");
        assertThat(event.getSource()).matches("replay/azure-llm/[0-9a-f]{32}");
        assertThat(event.getTime()).isEqualTo(Instant.parse("2023-11-16T18:17:03.979960Z"));
        assertThat(event.getContextTokens()).isEqualTo(4808);
        assertThat(event.getQuantities()).isEqualTo(Map.of("input_tokens", 4808L, "output_tokens", 10L));
        assertThat(event.getDimensions()).isEqualTo(Traces.DIMENSIONS.toAvro());
    }

    @ParameterizedTest
    @CsvSource({
        "2024-05-10 00:00:00.009930+00:00, 2024-05-10T00:00:00.009930Z",
        "2024-05-10 00:00:00+00:00, 2024-05-10T00:00:00Z",
        "2024-05-10 02:00:00+02:00, 2024-05-10T00:00:00Z",
        "2024-05-10T00:00:00Z, 2024-05-10T00:00:00Z",
        "2023-11-16 18:17:03.9799600, 2023-11-16T18:17:03.979960Z",
        "2023-11-16 18:17:03, 2023-11-16T18:17:03Z",
    })
    void timesOfEveryReleaseAreRead(String written, Instant meant) {
        List<UsageEvent> events = Traces.events(Traces.read(Traces.AZURE, HEADER + "\n" + written + ",1,2\n"));
        assertThat(events).singleElement().extracting(UsageEvent::getTime).isEqualTo(meant);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2023-11-16 18:17:03,4808                     | wrong_column_count",
                "2023-11-16 18:17:03,4808,10,1                | wrong_column_count",
                "2023-02-30 18:17:03,4808,10                  | unparsable_time",
                "16.11.2023 18:17,4808,10                     | unparsable_time",
                ",4808,10                                     | unparsable_time",
                "2023-11-16 18:17:03,4808.5,10                | not_an_integer",
                "2023-11-16 18:17:03,,10                      | not_an_integer",
                "2023-11-16 18:17:03,-1,10                    | negative_quantity",
                "2023-11-16 18:17:03,9223372036854775808,10   | quantity_too_large",
                "2023-11-16 18:17:03,4808,99999999999999999999| quantity_too_large",
                "\"2023-11-16 18:17:03,4808,10                | malformed_csv",
                "2023-11-16 18:17:03,4808,\"10                | malformed_csv",
                "2023-11-16 18:17:03,4808,\"1\"0               | malformed_csv",
            })
    void aFaultHasAName(String line, String reason) {
        List<TraceLine> lines = Traces.read(
                Traces.AZURE, HEADER + "\n2023-11-16 18:17:03,1,2\n" + line + "\n2023-11-16 18:17:04,3,4\n");
        assertThat(Traces.eventLines(lines)).containsExactly(2L, 4L);
        assertThat(Traces.bad(lines)).singleElement().satisfies(bad -> {
            assertThat(bad.reason()).isEqualTo(reason);
            assertThat(bad.lineNumber()).isEqualTo(3);
            assertThat(Traces.bytes(bad.original())).isEqualTo(line.getBytes(StandardCharsets.UTF_8));
        });
    }

    @Test
    void theLargestAmountIsKeptExactly() {
        List<TraceLine> lines = Traces.read(Traces.AZURE, "2023-11-16 18:17:03,0009223372036854775807,0\n");
        assertThat(Traces.events(lines).get(0).getContextTokens()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aFileWithoutHeaderIsReadInThePublishedOrder() {
        List<TraceLine> lines = Traces.read(Traces.AZURE, "2023-11-16 18:17:03,1,2\n2023-11-16 18:17:04,3,4\n");
        assertThat(Traces.sum(Traces.events(lines), "input_tokens")).isEqualTo(4);
    }

    @Test
    void theHeaderDecidesTheOrderOfTheColumns() {
        List<TraceLine> lines =
                Traces.read(Traces.AZURE, "GeneratedTokens,timestamp,ContextTokens\n2,2023-11-16 18:17:03,1\n");
        assertThat(Traces.events(lines).get(0).getQuantities())
                .isEqualTo(Map.of("input_tokens", 1L, "output_tokens", 2L));
    }

    @Test
    void blankLinesAreSkippedAndCounted() {
        List<TraceLine> lines = Traces.read(Traces.AZURE, "\n" + HEADER + "\r\n\r\n  \n2023-11-16 18:17:03,1,2\n\n");
        assertThat(lines).singleElement().extracting(TraceLine::lineNumber).isEqualTo(5L);
    }

    @Test
    void theRealTraceAddsUpToItsPublishedTotals() throws IOException {
        Trace trace = Trace.open(SharedData.require("traces/AzureLLMInferenceTrace_code.csv"), Traces.AZURE);
        List<TraceLine> lines = Traces.lines(trace);
        assertThat(Traces.bad(lines)).isEmpty();
        List<UsageEvent> events = Traces.events(lines);
        assertThat(events).hasSize(8_819);
        assertThat(Traces.sum(events, "input_tokens")).isEqualTo(18_059_974);
        assertThat(Traces.sum(events, "output_tokens")).isEqualTo(245_896);
        assertThat(trace.lines()).isEqualTo(8_820);
    }
}
