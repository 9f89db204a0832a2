package io.tollgate.cli.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tollgate.cli.SharedData;
import io.tollgate.events.UsageEvent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MooncakeTraceTest {

    @Test
    void aBlockSeenBeforeIsACacheHit() {
        List<TraceLine> lines = Traces.read(Traces.MOONCAKE, """
                {"timestamp": 0, "input_length": 1100, "output_length": 5, "hash_ids": [0, 1, 2]}
                {"timestamp": 27000, "input_length": 1600, "output_length": 6, "hash_ids": [0, 1, 3, 4]}
                """);
        List<UsageEvent> events = Traces.events(lines);
        assertThat(events.get(0).getQuantities())
                .isEqualTo(Map.of("input_tokens", 1100L, "cache_read_tokens", 0L, "output_tokens", 5L));
        assertThat(events.get(1).getQuantities())
                .isEqualTo(Map.of("input_tokens", 576L, "cache_read_tokens", 1024L, "output_tokens", 6L));
        assertThat(events.get(1).getContextTokens()).isEqualTo(1600);
        assertThat(events.get(1).getTime()).isEqualTo(Instant.parse("2024-07-01T00:00:27Z"));
    }

    @Test
    void thePartialLastBlockCountsOnlyItsTokens() {
        List<TraceLine> lines = Traces.read(Traces.MOONCAKE, """
                {"timestamp": 0, "input_length": 600, "output_length": 1, "hash_ids": [7, 8]}
                {"timestamp": 1, "input_length": 600, "output_length": 1, "hash_ids": [7, 8, 7]}
                {"timestamp": 2, "input_length": 2000, "output_length": 1, "hash_ids": [7]}
                """);
        assertThat(Traces.events(lines))
                .extracting(event -> event.getQuantities().get("cache_read_tokens"))
                .containsExactly(0L, 600L, 512L);
    }

    @Test
    void aBadLineDoesNotFillTheCache() {
        List<TraceLine> lines = Traces.read(Traces.MOONCAKE, """
                {"timestamp": 0, "input_length": 600, "output_length": "1", "hash_ids": [7, 8]}
                {"timestamp": 1, "input_length": 600, "output_length": 1, "hash_ids": [7, 8, 1.5]}
                {"timestamp": 2, "input_length": 600, "output_length": 1, "hash_ids": [7, 8]}
                """);
        assertThat(Traces.bad(lines)).extracting(TraceLine.Bad::reason).containsOnly("not_an_integer");
        assertThat(Traces.events(lines).get(0).getQuantities()).containsEntry("cache_read_tokens", 0L);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"timestamp\": 0                                                                | malformed_json",
                "[1]                                                                              | malformed_json",
                "{\"timestamp\":0,\"input_length\":1,\"output_length\":1,\"hash_ids\":[]} {}      | malformed_json",
                "{\"timestamp\":0,\"timestamp\":1}                                                | malformed_json",
                "{\"input_length\":1,\"output_length\":1,\"hash_ids\":[]}                         | missing_field",
                "{\"timestamp\":0,\"input_length\":1,\"output_length\":1}                         | missing_field",
                "{\"timestamp\":0,\"input_length\":-1,\"output_length\":1,\"hash_ids\":[]}        | negative_quantity",
                "{\"timestamp\":0,\"input_length\":1.0,\"output_length\":1,\"hash_ids\":[]}       | not_an_integer",
                "{\"timestamp\":0,\"input_length\":9223372036854775808,\"output_length\":1,\"hash_ids\":[]}|quantity_too_large",
                "{\"timestamp\":9223372036854775807,\"input_length\":1,\"output_length\":1,\"hash_ids\":[]}|unparsable_time",
                "{\"timestamp\":0,\"input_length\":1,\"output_length\":1,\"hash_ids\":{}}         | not_an_array",
            })
    void aFaultHasAName(String line, String reason) {
        assertThat(Traces.bad(Traces.read(Traces.MOONCAKE, line)))
                .singleElement()
                .extracting(TraceLine.Bad::reason)
                .isEqualTo(reason);
    }

    @Test
    void aStartFinerThanMicrosecondsIsRefused() {
        Instant start = Instant.parse("2024-07-01T00:00:00.000000001Z");
        assertThatThrownBy(() -> new MooncakeTrace(Traces.DIMENSIONS, start, event -> Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void freshAndCachedTokensOfTheRealTraceAddUpToItsInput() throws IOException {
        Path file = SharedData.require("traces/mooncake_synthetic_trace.jsonl.gz");
        List<TraceLine> lines = Traces.lines(Trace.open(file, Traces.MOONCAKE));
        assertThat(Traces.bad(lines)).isEmpty();
        List<UsageEvent> events = Traces.events(lines);
        assertThat(events).hasSize(3_993);
        Counted counted = Counted.of(file);
        assertThat(Traces.sum(events, "cache_read_tokens"))
                .isEqualTo(counted.hits())
                .isEqualTo(39_852_661);
        assertThat(Traces.sum(events, "input_tokens") + Traces.sum(events, "cache_read_tokens"))
                .isEqualTo(counted.input())
                .isEqualTo(61_194_628);
        assertThat(Traces.sum(events, "output_tokens")).isEqualTo(counted.output());
    }

    /** The same totals, counted the plain way: token by token of each block. */
    private record Counted(long input, long hits, long output) {

        static Counted of(Path file) throws IOException {
            ObjectMapper json = new ObjectMapper();
            Set<Long> seen = new HashSet<>();
            long input = 0;
            long hits = 0;
            long output = 0;
            try (BufferedReader reader = new BufferedReader(
                    new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
                for (String line : reader.lines().toList()) {
                    JsonNode request = json.readTree(line);
                    long left = request.get("input_length").asLong();
                    input += left;
                    output += request.get("output_length").asLong();
                    for (JsonNode id : request.get("hash_ids")) {
                        long tokens = left < 512 ? left : 512;
                        left -= tokens;
                        if (!seen.add(id.asLong())) {
                            hits += tokens;
                        }
                    }
                }
            }
            return new Counted(input, hits, output);
        }
    }
}
