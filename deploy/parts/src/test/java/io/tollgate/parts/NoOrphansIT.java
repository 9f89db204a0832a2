package io.tollgate.parts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class NoOrphansIT {

    @TempDir
    private Path temporary;

    @Test
    void aKilledSupervisorTakesItsPartsWithItAndTheNextOneStartsAtOnce() throws Exception {
        Process supervisor = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Dlogback.configurationFile=io/tollgate/parts/child-logback.xml",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Supervisor.class.getName(),
                        temporary.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<ProcessHandle> processes;
        try (BufferedReader output = supervisor.inputReader()) {
            String line = output.lines()
                    .filter(said -> said.startsWith("PIDS "))
                    .findFirst()
                    .orElseThrow();
            processes = Stream.of(line.substring("PIDS ".length()).split(" "))
                    .map(Long::valueOf)
                    .flatMap(pid -> ProcessHandle.of(pid).stream())
                    .toList();
            assertThat(processes).hasSizeGreaterThanOrEqualTo(4).allMatch(ProcessHandle::isAlive);
        } finally {
            supervisor.destroyForcibly();
        }

        List<Part> next = Supervisor.startAll(temporary);

        assertThat(Deadline.in(Duration.ofSeconds(10))
                        .await(() -> processes.stream().noneMatch(DirectoryClaim::isRunning)))
                .as("all of %s have ended", processes)
                .isTrue();
        next.forEach(Part::close);
        assertThat(ProcessHandle.current().descendants()).isEmpty();
    }
}
