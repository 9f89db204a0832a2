package io.tollgate.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code kill -9} of any one process in the middle of a replay, then starting again and replaying: the same. */
class KillIT {

    private static final int EVENTS = 60_000;
    private static final Duration ALL_ENDED_WITHIN = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"supervisor", "kafka", "clickhouse", "postgres"})
    void aKilledProcessChangesNothing(String part) throws Exception {
        TraceFile trace = TraceFile.write(directory.resolve("trace.csv"), EVENTS, part.hashCode());
        String[] replay = {
            "replay",
            trace.file().toString(),
            "--format",
            "azure-llm",
            "--tenant",
            "acme",
            "--provider",
            "openai",
            "--model",
            "gpt-4o",
            "--accelerator",
            "nvidia-h100",
            "--wait",
            "10"
        };
        Path data = directory.resolve("data");
        try (TollgateProcess instance = TollgateProcess.up(data)) {
            Process replaying = instance.start(replay);
            Waiting.until(
                    "some of the trace is counted",
                    Duration.ofSeconds(60),
                    () -> !instance.clickhouse("SELECT sum(event_count) FROM rollups FINAL")
                            .equals("0"));
            instance.kill(part);
            instance.awaitEndOfAll(ALL_ENDED_WITHIN);
            replaying.destroyForcibly();
            assertThat(replaying.waitFor(10, TimeUnit.SECONDS)).isTrue();
            if (!part.equals("supervisor")) {
                assertThat(instance.output()).contains(part + " has ended unexpectedly");
            }
        }

        try (TollgateProcess instance = TollgateProcess.up(data)) {
            for (int again = 0; again < 2; again++) {
                instance.run(replay).succeeded();
                assertThat(instance.clickhouse("SELECT sum(quantities['input_tokens']),"
                                + " sum(quantities['output_tokens']), sum(event_count) FROM rollups FINAL"))
                        .isEqualTo("%d\t%d\t%d".formatted(trace.inputTokens(), trace.outputTokens(), trace.events()));
            }
            JsonNode invoice = instance.run("invoice", "--tenant", "acme", "--period", "2023-11", "--json", "--final")
                    .succeeded()
                    .json();
            assertThat(invoice.path("exactSum").asText())
                    .isEqualTo(trace.exactCost().stripTrailingZeros().toPlainString());
        }
    }
}
