package io.tollgate.parts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tollgate.parts.PartUnavailableException.Reason;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What every embedded part promises. */
@Timeout(120)
abstract class PartContract {

    @TempDir
    private Path temporary;

    private final Fact fact;

    PartContract(Fact fact) {
        this.fact = fact;
    }

    private Part start(int wantedPort) {
        return fact.start(temporary.resolve("data"), wantedPort, log());
    }

    private Path log() {
        return temporary.resolve("logs").resolve("engine.log");
    }

    @Test
    void dataAreThereAfterAStopAndAStartOnAnotherPort() throws Exception {
        // Below those that systems give away: while it is not taken, only who asks for this very one could get it.
        int wanted = Ports.free(ThreadLocalRandom.current().nextInt(20_000, 30_000));
        Part first = start(wanted);
        List<ProcessHandle> processes = first.processes();
        try (Part part = first) {
            assertThat(part.endpoint()).contains("127.0.0.1:" + wanted);
            assertThat(part.onExit()).isNotDone();
            fact.write(part.endpoint(), "kept");
            assertThatThrownBy(() -> start(0))
                    .isInstanceOfSatisfying(
                            PartUnavailableException.class,
                            refusal -> assertThat(refusal.reason()).isEqualTo(Reason.DIRECTORY_IN_USE));
            assertThat(fact.read(part.endpoint())).containsExactly("kept");
        }
        assertThat(first.onExit()).isCompleted();
        assertThat(processes).isNotEmpty().noneMatch(DirectoryClaim::isRunning);
        try (ServerSocket taken = new ServerSocket(wanted, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
                Part part = start(wanted)) {
            assertThat(part.endpoint()).doesNotContain(":" + taken.getLocalPort());
            assertThat(fact.read(part.endpoint())).containsExactly("kept");
        }
    }

    @Test
    void dataAreThereAfterAKillOfAnyOfItsProcesses() throws Exception {
        Part first = start(0);
        int processes = first.processes().size();
        Part part = first;
        for (int victim = 0; victim < processes; victim++) {
            fact.write(part.endpoint(), "before kill " + victim);
            assertThat(part.processes().get(victim).destroyForcibly()).isTrue();
            part.onExit().get(20, TimeUnit.SECONDS);
            part = start(0);
            assertThat(fact.read(part.endpoint())).hasSize(victim + 1).contains("before kill " + victim);
        }
        part.close();
        first.close();
    }

    @Test
    void aStartThatFailsSaysWhyAndLeavesNothingRunning() throws Exception {
        Path data = Files.createDirectories(temporary.resolve("data"));
        fact.spoil(data);
        long before = ProcessHandle.current().descendants().count();

        var failure = catchThrowableOfType(PartUnavailableException.class, () -> start(0));

        assertThat(failure.code()).isEqualTo("engine_did_not_start");
        assertThat(failure).hasMessageContaining(log().toString());
        List<String> tail = Files.readAllLines(log());
        assertThat(failure).hasMessageContaining(tail.get(tail.size() - 1));
        assertThat(Deadline.in(Duration.ofSeconds(10))
                        .await(() -> ProcessHandle.current().descendants().count() <= before))
                .isTrue();
        // The directory is free again.
        DirectoryClaim.take(data).release();
    }
}
