package io.tollgate.emitter;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.emitter.spool.Spool;
import io.tollgate.emitter.spool.SpoolRecord;
import io.tollgate.schemas.Codec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that really fails: the system lets no file of the source's process grow beyond a size (RLIMIT_FSIZE), while Kafka
 * is away.
 */
@EnabledOnOs({OS.LINUX, OS.MAC})
class SpoolOnAFailingDiskTest {

    @TempDir
    Path directory;

    /** The source: offers events one after the other and prints what is told of each. */
    static final class Source {

        private Source() {}

        /** @param arguments the spool's directory, how many events */
        public static void main(String[] arguments) throws Exception {
            try (Emitter emitter = Emitter.create(config(Path.of(arguments[0])))) {
                for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
                    Outcome outcome =
                            emitter.offer(Events.usage("acme", "" + i)).get(30, TimeUnit.SECONDS);
                    System.out.println(
                            i + " " + (outcome instanceof Outcome.Refused refused ? refused.reason() : outcome.kind()));
                }
            }
        }
    }

    private static EmitterConfig config(Path spool) {
        return EmitterConfig.to("127.0.0.1:1")
                .withMaxBlock(Duration.ofMillis(200))
                .withCloseTimeout(Duration.ofMillis(100))
                .withSpool(SpoolConfig.in(spool).withAfter(Duration.ofMillis(200)));
    }

    /** What is told of so many events under a limit of so many blocks of 512 or 1024 bytes, as the shell has it. */
    private List<String> told(int limit, int events) throws Exception {
        Process source = new ProcessBuilder(
                        "sh",
                        "-c",
                        "ulimit -f " + limit + " && exec \"$@\"",
                        "sh",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:-UsePerfData",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Source.class.getName(),
                        directory.toString(),
                        String.valueOf(events))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        CompletableFuture<String> output = CompletableFuture.supplyAsync(() -> output(source));
        try {
            assertThat(source.waitFor(120, TimeUnit.SECONDS)).isTrue();
            assertThat(source.exitValue()).isZero();
            return output.get(10, TimeUnit.SECONDS)
                    .lines()
                    .filter(line -> line.matches("\\d+ [A-Z_]+"))
                    .toList();
        } finally {
            source.destroyForcibly();
        }
    }

    private static String output(Process source) {
        try {
            return new String(source.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> of(String outcome, List<String> told) {
        return told.stream()
                .filter(line -> line.endsWith(" " + outcome))
                .map(line -> line.substring(0, line.indexOf(' ')))
                .toList();
    }

    private List<String> idsOnDisk() throws IOException {
        List<String> ids = new ArrayList<>();
        try (Spool spool = Spool.open(directory, 1 << 30, 1 << 24)) {
            assertThat(spool.state().lost() + spool.state().damagedPlaces()).isZero();
            while (spool.state().records() > 0) {
                for (SpoolRecord each : spool.peek(1000, 1 << 20)) {
                    ids.add(Codec.USAGE_EVENT
                            .decode(Message.of(each.body()).orElseThrow().value())
                            .getId());
                }
                spool.release();
            }
        }
        return ids;
    }

    @Test
    void whatTheDiskDidNotTakeIsRefusedAndWhatWasReportedSpooledIsReadBack() throws Exception {
        List<String> told = told(64, 1_000);
        List<String> spooled = of("SPOOLED", told);
        List<String> failed = of("SPOOL_FAILED", told);
        assertThat(spooled).as("some files end before the limit").hasSizeGreaterThan(100);
        assertThat(failed).as("each file ends at the limit").isNotEmpty();
        assertThat(spooled.size() + failed.size()).isEqualTo(1_000);
        // The next process has no limit, and still no Kafka.
        try (Emitter emitter = Emitter.create(config(directory))) {
            assertThat(emitter.counts().spool().records()).isEqualTo(spooled.size());
            assertThat(emitter.offer(Events.usage("acme", "last")).get(20, TimeUnit.SECONDS))
                    .isEqualTo(new Outcome.Spooled());
        }
        List<String> wanted = new ArrayList<>(spooled);
        wanted.add("last");
        assertThat(idsOnDisk()).isEqualTo(wanted);
    }

    @Test
    void whereNothingCanBeWrittenNothingIsReportedSpooled() throws Exception {
        // The lock file has no bytes, so the spool opens.
        assertThat(of("SPOOL_FAILED", told(0, 20))).hasSize(20);
        assertThat(idsOnDisk()).isEmpty();
        try (var files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("lock", "rejected");
        }
    }
}
