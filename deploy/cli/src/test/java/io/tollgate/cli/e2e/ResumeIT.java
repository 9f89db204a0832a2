package io.tollgate.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} of a replay in its middle, and the same command again: the rest is sent, and all of it is there once. */
class ResumeIT {

    private static final int EVENTS = 20_000;
    private static final int BAD_EVERY = 1_000;

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

    @Test
    void aKilledReplayGoesOnWhereItStopped() throws Exception {
        Path table = table();
        Path mapping = Files.writeString(directory.resolve("mapping.yaml"), """
                source: {constant: export}
                id: [id]
                time: {column: at, format: epoch_seconds}
                tenant: {constant: acme}
                provider: {constant: openai}
                model: {constant: gpt-4o}
                quantities: {input_tokens: {column: n}}
                """);
        Path checkpoint = directory.resolve("checkpoint.json");
        String[] replay = {
            "replay",
            table.toString(),
            "--format",
            "csv",
            "--mapping",
            mapping.toString(),
            "--checkpoint",
            checkpoint.toString(),
            "--rate",
            "4000/s"
        };
        Process killed = instance.start(replay);
        Waiting.until("a checkpoint is written", Duration.ofSeconds(60), () -> Files.exists(checkpoint));
        killed.destroyForcibly();
        assertThat(killed.waitFor(10, TimeUnit.SECONDS)).isTrue();
        String before = Files.readString(checkpoint);

        replay[replay.length - 1] = "1000000/s";
        Files.writeString(mapping, Files.readString(mapping) + "region: {constant: eu}\n");
        assertThat(instance.run(replay).output()).contains("--mapping changed since", "--restart");
        Files.writeString(mapping, Files.readString(mapping).replace("region: {constant: eu}\n", ""));
        assertThat(Files.readString(checkpoint)).isEqualTo(before);

        TollgateProcess.Result resumed = instance.run(replay).succeeded();

        int bad = EVENTS / BAD_EVERY;
        assertThat(resumed.output())
                .contains("Sent %,d events of".formatted(EVENTS - bad), "Bad lines: " + bad, "were sent before");
        assertThat(checkpoint).doesNotExist();
        assertThat(instance.clickhouse("SELECT sum(event_count), sum(quantities['input_tokens']) FROM rollups FINAL"
                        + " WHERE tenant = 'acme'"))
                .isEqualTo("%d\t%d".formatted(EVENTS - bad, sum()));
        // Each was sent once, but for those that were on their way when it was killed.
        assertThat(instance.clickhouse("SELECT uniqExact(id) FROM events WHERE source = 'export'"))
                .isEqualTo(Integer.toString(EVENTS - bad));
        System.out.printf("killed at %s%n", before.replaceAll(".*(\"line\":\\d+).*", "$1"));
    }

    private static Path table() throws IOException {
        StringBuilder text = new StringBuilder("id,at,n\n");
        for (int i = 0; i < EVENTS; i++) {
            text.append("r").append(i).append(",").append(1_700_158_623 + i).append(",");
            text.append(i % BAD_EVERY == 0 ? "12.0" : Integer.toString(i)).append("\n");
        }
        Path file = directory.resolve("table.csv.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(text.toString().getBytes(StandardCharsets.UTF_8));
        }
        return file;
    }

    private static long sum() {
        long sum = 0;
        for (int i = 0; i < EVENTS; i++) {
            sum += i % BAD_EVERY == 0 ? 0 : i;
        }
        return sum;
    }
}
