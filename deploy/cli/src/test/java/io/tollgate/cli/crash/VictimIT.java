package io.tollgate.cli.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.emitter.UsageTopics;
import io.tollgate.parts.EmbeddedKafka;
import io.tollgate.parts.Part;
import io.tollgate.parts.TestParts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A victim never outlives the process that has started it, so neither a failing test nor a stopped bench leaves one. */
class VictimIT {

    @TempDir
    Path directory;

    @Test
    void aVictimEndsWhenItsParentIsKilled() throws Exception {
        Part kafka = EmbeddedKafka.start(directory.resolve("kafka"), 0, directory.resolve("kafka.log"));
        Process parent = null;
        try {
            UsageTopics.ensure(kafka.endpoint(), 1);
            parent = start(kafka.endpoint(), TestParts.freshClickHouseDatabase());
            ProcessHandle victim = victimOf(parent);
            Watch watch = new Watch(() -> 0, () -> "no diagnosis", directory.resolve("diagnosis.txt"));
            watch.until("the victim runs", this::victimRuns);

            parent.destroyForcibly().waitFor();

            assertThat(victim.onExit()).succeedsWithin(30, TimeUnit.SECONDS);
        } finally {
            if (parent != null) {
                parent.destroyForcibly();
            }
            kafka.close();
        }
    }

    private Process start(String kafka, String clickhouse) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        VictimParent.class.getName(),
                        kafka,
                        clickhouse,
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static ProcessHandle victimOf(Process parent) throws IOException {
        BufferedReader told =
                new BufferedReader(new InputStreamReader(parent.getInputStream(), StandardCharsets.UTF_8));
        return ProcessHandle.of(Long.parseLong(told.readLine())).orElseThrow();
    }

    private boolean victimRuns() {
        Path log = directory.resolve("victim.log");
        try {
            return Files.exists(log) && Files.readString(log).contains(AggregatorMain.RUNNING);
        } catch (IOException e) {
            return false;
        }
    }
}
