package io.tollgate.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code kill -9} of any one process in the middle of a replay, then starting again and replaying: the same. The instance
 * that is started again is the one that the next victim belongs to; each victim has a tenant of its own.
 */
class KillIT {

    private static final int EVENTS = 20_000;
    private static final Duration ALL_ENDED_WITHIN = Duration.ofSeconds(30);

    @TempDir
    static Path directory;

    private static TollgateProcess instance;

    @BeforeAll
    static void up() {
        instance = TollgateProcess.up(directory.resolve("data"));
    }

    @AfterAll
    static void down() {
        instance.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"supervisor", "kafka", "clickhouse", "postgres"})
    void aKilledProcessChangesNothing(String part) throws Exception {
        if (!instance.isRunning()) {
            // The victim before this one failed.
            up();
        }
        TraceFile trace = TraceFile.write(directory.resolve(part + ".csv"), EVENTS, part.hashCode());
        String[] replay = {
            "replay",
            trace.file().toString(),
            "--format",
            "azure-llm",
            "--tenant",
            part,
            "--provider",
            "openai",
            "--model",
            "gpt-4o",
            "--accelerator",
            "nvidia-h100",
            "--wait",
            "10"
        };
        killInMidReplay(part, atALeisurelyPace(replay));

        up();

        for (int again = 0; again < 2; again++) {
            instance.run(replay).succeeded();
            assertThat(instance.clickhouse(totals(part)))
                    .isEqualTo("%d\t%d\t%d".formatted(trace.inputTokens(), trace.outputTokens(), trace.events()));
        }
        JsonNode invoice = instance.run("invoice", "--tenant", part, "--period", "2023-11", "--json", "--final")
                .succeeded()
                .json();
        assertThat(invoice.path("exactSum").asText())
                .isEqualTo(trace.exactCost().stripTrailingZeros().toPlainString());
    }

    /** So that it lasts for seconds, however seldom this process gets to look. */
    private static String[] atALeisurelyPace(String... replay) {
        return Stream.concat(Stream.of(replay), Stream.of("--rate", "2000/s")).toArray(String[]::new);
    }

    private static void killInMidReplay(String part, String... replay) throws Exception {
        Process replaying = instance.start(replay);
        AtomicLong counted = new AtomicLong();
        Waiting.until("some of the trace is counted", Duration.ofSeconds(60), () -> {
            counted.set(Long.parseLong(
                    instance.clickhouse("SELECT sum(event_count) FROM rollups FINAL WHERE tenant = '" + part + "'")));
            return counted.get() > 0;
        });
        instance.kill(part);
        assertThat(counted).as("counted when %s was killed", part).hasValueLessThan(EVENTS);
        instance.awaitEndOfAll(ALL_ENDED_WITHIN);
        replaying.destroyForcibly();
        assertThat(replaying.waitFor(10, TimeUnit.SECONDS)).isTrue();
        if (!part.equals("supervisor")) {
            assertThat(instance.output()).contains(part + " has ended unexpectedly");
        }
        System.out.printf("%s was killed with %,d of %,d events counted%n", part, counted.get(), EVENTS);
    }

    private static String totals(String tenant) {
        return "SELECT sum(quantities['input_tokens']), sum(quantities['output_tokens']), sum(event_count)"
                + " FROM rollups FINAL WHERE tenant = '" + tenant + "'";
    }
}
