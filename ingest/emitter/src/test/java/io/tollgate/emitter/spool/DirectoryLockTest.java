package io.tollgate.emitter.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A directory belongs to one spool, over all processes. */
class DirectoryLockTest {

    @TempDir
    Path directory;

    /** Another process that wants the directory. */
    static final class Other {

        private Other() {}

        /** @param arguments the directory */
        public static void main(String[] arguments) throws IOException {
            try (Spool spool = Spool.open(Path.of(arguments[0]), 1000, 300)) {
                System.out.println("taken with " + spool.state().records());
            } catch (IllegalStateException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    private String other() throws IOException, InterruptedException {
        Path output = directory.resolveSibling("output");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Other.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return Files.readString(output, StandardCharsets.UTF_8);
        } finally {
            process.destroyForcibly();
            Files.deleteIfExists(output);
        }
    }

    @Test
    void aRefusalInThisProcessDoesNotGiveTheDirectoryToAnother() throws Exception {
        try (Spool spool = Spool.open(directory, 1000, 300)) {
            assertThat(other()).contains("in use");
            assertThatIllegalStateException().isThrownBy(() -> Spool.open(directory, 1000, 300));
            Path sameUnderAnotherName =
                    Files.createSymbolicLink(directory.resolveSibling(directory.getFileName() + "-link"), directory);
            try {
                assertThatIllegalStateException().isThrownBy(() -> Spool.open(sameUnderAnotherName, 1000, 300));
            } finally {
                Files.delete(sameUnderAnotherName);
            }
            assertThat(other()).contains("in use");
            assertThat(spool.append(new byte[10])).hasValue(0);
            spool.sync();
        }
        assertThat(other()).contains("taken with 1");
    }

    @Test
    void whoClosesTwiceDoesNotGiveAwayWhatSomebodyElseHasByThen() throws IOException {
        Spool first = Spool.open(directory, 1000, 300);
        first.close();
        try (Spool second = Spool.open(directory, 1000, 300)) {
            first.close();
            assertThatIllegalStateException().isThrownBy(() -> Spool.open(directory, 1000, 300));
            assertThat(second.state().records()).isZero();
        }
    }
}
