package io.tollgate.parts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DirectoryClaimTest {

    @TempDir
    private Path temporary;

    @Test
    void aStrangerWithAnOldIdIsLeftAlone() throws IOException {
        Process stranger = new ProcessBuilder("cat").start();
        try {
            Files.writeString(temporary.resolve("engine.pid"), stranger.pid() + " 1000000000000\n");
            DirectoryClaim.take(temporary).release();
            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void aProcessIsKnownByItsStart() {
        ProcessHandle self = ProcessHandle.current();
        Instant start = self.info().startInstant().orElseThrow();

        assertThat(DirectoryClaim.running(self.pid(), start)).contains(self);
        assertThat(DirectoryClaim.running(self.pid(), start.minus(Duration.ofMinutes(1))))
                .isEmpty();
    }

    @Test
    void anUnreadablePidFileIsNoReasonNotToStart() throws IOException {
        Files.writeString(temporary.resolve("engine.pid"), "12 monkeys\n");
        DirectoryClaim.take(temporary).release();
    }
}
