package io.tollgate.cli.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An aggregator in a child process, to be killed. It ends when this process ends, however that happens. */
final class AggregatorChild implements AutoCloseable {

    private final Process process;
    private final Path log;

    private AggregatorChild(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts one and returns at once, so that it can be killed before it is up. */
    static AggregatorChild start(String kafka, String clickhouse, Path state, String instanceId, Path log) {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-Xmx384m",
                "-Dlogback.configurationFile=io/tollgate/cli/crash/aggregator-logback.xml",
                "-cp",
                System.getProperty("java.class.path"),
                AggregatorMain.class.getName(),
                kafka,
                clickhouse,
                state.toString(),
                instanceId);
        try {
            return new AggregatorChild(
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                            .start(),
                    log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    Path log() {
        return log;
    }

    /**
     * Whether it processes events.
     *
     * @throws IllegalStateException when it has ended by itself
     */
    boolean isRunning() {
        requireAlive();
        try {
            return Files.readString(log).contains(AggregatorMain.RUNNING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws IllegalStateException when it has ended by itself: the harness has not killed it yet */
    void requireAlive() {
        if (!process.isAlive()) {
            throw new IllegalStateException(
                    "the aggregator has ended by itself with status %d; see %s".formatted(process.exitValue(), log));
        }
    }

    /** As {@code kill -9}; when it returns, the process is gone. */
    void kill() {
        process.destroyForcibly();
        await(Duration.ofSeconds(30));
    }

    /**
     * As SIGTERM: it hands over what it has.
     *
     * @throws IllegalStateException when it has not ended within the time
     */
    void stop(Duration within) {
        process.destroy();
        await(within);
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
    }

    private void await(Duration within) {
        try {
            if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("the aggregator did not end within %s; see %s".formatted(within, log));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the aggregator was ending", e);
        }
    }
}
