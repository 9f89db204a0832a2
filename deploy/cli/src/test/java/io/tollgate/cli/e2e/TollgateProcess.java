package io.tollgate.cli.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A {@code tollgate up} in a process of its own, and other commands that talk to it. */
final class TollgateProcess implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration START_WITHIN = Duration.ofMinutes(2);

    private final Path directory;
    private final Path readyFile;
    private final Process process;
    private final List<ProcessHandle> everyProcess;
    private final JsonNode ready;

    private TollgateProcess(Path directory, Path readyFile, Process process, JsonNode ready) {
        this.directory = directory;
        this.readyFile = readyFile;
        this.process = process;
        this.ready = ready;
        this.everyProcess = Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList();
    }

    /** Starts an instance on the directory and waits until it is ready. */
    static TollgateProcess up(Path directory, String... options) {
        Path readyFile = directory.resolve("as-asked.json");
        Path output = directory.resolve("up.out");
        try {
            Files.createDirectories(directory);
            // One that was killed could not take its ready file away.
            Files.deleteIfExists(readyFile);
            List<String> arguments = new ArrayList<>(
                    List.of("up", "--data", directory.toString(), "--any-ports", "--ready-file", readyFile.toString()));
            arguments.addAll(List.of(options));
            Process process = command(arguments.toArray(String[]::new))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                    .start();
            Waiting.until("tollgate up is ready", START_WITHIN, () -> Files.exists(readyFile) || !process.isAlive());
            if (!process.isAlive()) {
                throw new AssertionError("tollgate up ended:\n" + Files.readString(output));
            }
            return new TollgateProcess(directory, readyFile, process, JSON.readTree(readyFile.toFile()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the ready file says. */
    JsonNode ready() {
        return ready;
    }

    Path readyFile() {
        return readyFile;
    }

    /** Starts a command that talks to this instance. */
    Process start(String... arguments) throws IOException {
        ProcessBuilder builder = command(arguments);
        builder.environment().put("TOLLGATE_READY_FILE", readyFile.toString());
        return builder.redirectErrorStream(true).start();
    }

    /** Runs a command that talks to this instance to its end. */
    Result run(String... arguments) {
        try {
            Process command = start(arguments);
            command.getOutputStream().close();
            String output = new String(command.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(command.waitFor(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    record Result(int status, String output) {

        Result succeeded() {
            if (status != 0) {
                throw new AssertionError("status " + status + ":\n" + output);
            }
            return this;
        }

        JsonNode json() {
            try {
                return JSON.readTree(output);
            } catch (IOException e) {
                throw new AssertionError("not JSON: " + output, e);
            }
        }
    }

    /** The answer of ClickHouse to a query, as text. */
    String clickhouse(String query) {
        return send(HttpRequest.newBuilder(URI.create(ready.path("clickhouse").asText() + "/?database=tollgate"))
                        .POST(BodyPublishers.ofString(query)))
                .body()
                .strip();
    }

    HttpResponse<String> get(String service, String path, String role) {
        return send(HttpRequest.newBuilder(URI.create(ready.path(service).asText() + path))
                .header(
                        "Authorization",
                        "Bearer " + ready.path("tokens").path(role).asText()));
    }

    HttpResponse<String> post(String service, String path, String role, String contentType, String body) {
        return send(HttpRequest.newBuilder(URI.create(ready.path(service).asText() + path))
                .header(
                        "Authorization",
                        "Bearer " + ready.path("tokens").path(role).asText())
                .header("Content-Type", contentType)
                .POST(BodyPublishers.ofString(body)));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Kills one process of the instance, as {@code kill -9} does: the supervisor, or the engine of a part. */
    void kill(String victim) {
        long pid = switch (victim) {
            case "supervisor" -> process.pid();
            case "postgres" -> pidIn("postmaster.pid");
            default -> pidIn(Path.of(victim, "engine.pid").toString());
        };
        ProcessHandle.of(pid)
                .orElseThrow(() -> new AssertionError("no process " + pid + " of " + victim))
                .destroyForcibly();
    }

    /** Both kinds of file begin with the process id. */
    private long pidIn(String file) {
        try (Stream<Path> files = Files.walk(directory)) {
            Path found = files.filter(each -> each.endsWith(file)).findFirst().orElseThrow();
            return Long.parseLong(Files.readString(found).split("\\s")[0]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks it to stop, as Ctrl-C or a service manager does, and tells its exit status. */
    int terminate(Duration within) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("still running " + within + " after SIGTERM");
        }
        return process.exitValue();
    }

    /** Waits until none of the processes that it ever had when it was ready is left. */
    void awaitEndOfAll(Duration within) {
        Waiting.until("every process has ended: " + alive(), within, () -> alive().isEmpty());
    }

    private List<String> alive() {
        return everyProcess.stream()
                .filter(ProcessHandle::isAlive)
                .map(handle -> handle.pid() + " " + handle.info().commandLine().orElse("?"))
                .toList();
    }

    boolean isRunning() {
        return process.isAlive();
    }

    String output() throws IOException {
        return Files.readString(directory.resolve("up.out"));
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        awaitEndOfAll(Duration.ofSeconds(30));
    }

    static ProcessBuilder command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx768m",
                "-cp",
                System.getProperty("java.class.path"),
                "io.tollgate.cli.Tollgate"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).directory(new File("."));
    }
}
