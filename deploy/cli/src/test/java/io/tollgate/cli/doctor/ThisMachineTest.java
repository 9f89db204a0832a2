package io.tollgate.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThisMachineTest {

    private final Machine machine = new ThisMachine();

    @TempDir
    Path directory;

    @Test
    void aPortThatSomebodyListensOnIsTaken() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
            assertThat(machine.isPortFree(port)).isFalse();
        }
        assertThat(machine.isPortFree(port)).isTrue();
    }

    @Test
    void commandsThatFailOrAreMissingSayNothing() {
        assertThat(machine.output(List.of("sh", "-c", "echo hello"))).contains("hello\n");
        assertThat(machine.output(List.of("sh", "-c", "echo hello; exit 3"))).isEmpty();
        assertThat(machine.output(List.of("no-such-command-anywhere"))).isEmpty();
        assertThat(machine.output(List.of("sh", "-c", "read answer && echo $answer")))
                .isEmpty();
    }

    @Test
    void aDirectoryThatIsNotThereYetHasTheRoomOfItsParent() {
        Path later = directory.resolve("a/b/c");
        assertThat(machine.freeBytes(later).orElse(-1)).isNotNegative();
        assertThat(machine.isWritable(later)).isTrue();
    }

    @Test
    void javaAndMemoryAreKnown() {
        assertThat(machine.javaFeature()).isGreaterThanOrEqualTo(17);
        assertThat(machine.memoryBytes().orElse(0)).isPositive();
        assertThat(machine.operatingSystem()).isNotBlank();
    }
}
