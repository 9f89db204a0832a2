package io.tollgate.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.parts.TestParts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tollgate aggregator} on parts that others run. */
class AggregatorCommandIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Path OPERATIONS = Path.of("..", "..", "aggregator", "OPERATIONS.md");
    private static final Pattern ADMIN = Pattern.compile("admin +(http://\\S+)\\s");
    private static final Pattern METRIC = Pattern.compile("(?m)^\\| `([a-z_]+)`");

    @TempDir
    Path directory;

    @Test
    void itIsWatchedFromItsStartStoppedAndReplaced() throws Exception {
        String clickhouse = TestParts.freshClickHouseDatabase();
        Process first = start("first", clickhouse, "--partitions", "2");
        try {
            String admin = admin("first", first);
            Waiting.until("it is alive", PATIENCE, () -> status(admin + "/health/live") == 200);
            Waiting.until("it is ready", PATIENCE, () -> status(admin + "/health") == 200);
            assertThat(get(admin + "/health").body()).contains("running: ");
            assertEveryDocumentedMetricIsThere(get(admin + "/metrics").body());
            first.destroy();
            assertThat(first.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(first.exitValue()).isZero();

            Process again = start("first", clickhouse);
            try {
                String adminAgain = admin("first", again);
                Waiting.until("it is ready again", PATIENCE, () -> status(adminAgain + "/health") == 200);
                // Another data directory, but the same id.
                Process impostor = start("second", clickhouse, "--on-stop", "leave");
                try {
                    assertThat(again.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                            .isTrue();
                    assertThat(again.exitValue()).isEqualTo(69);
                    assertThat(output("first")).contains("another aggregator was started under the instance id 'it'");
                    String adminOfImpostor = admin("second", impostor);
                    Waiting.until("the other is ready", PATIENCE, () -> status(adminOfImpostor + "/health") == 200);
                } finally {
                    impostor.destroyForcibly().waitFor();
                }
            } finally {
                again.destroyForcibly().waitFor();
            }
        } finally {
            first.destroyForcibly().waitFor();
        }
    }

    private static void assertEveryDocumentedMetricIsThere(String metrics) throws IOException {
        List<String> documented = METRIC.matcher(Files.readString(OPERATIONS))
                .results()
                .map(result -> result.group(1))
                .toList();
        assertThat(documented).hasSizeGreaterThan(25);
        assertThat(documented)
                .allSatisfy(name -> assertThat(metrics).containsPattern("(?m)^" + Pattern.quote(name) + " "));
    }

    private Process start(String name, String clickhouse, String... more) throws IOException {
        ProcessBuilder builder = TollgateProcess.command(
                "aggregator",
                "--kafka",
                TestParts.kafka(),
                "--clickhouse-url",
                clickhouse,
                "--data",
                directory.resolve(name).toString(),
                "--instance-id",
                "it",
                "--admin-port",
                "0");
        builder.command().addAll(List.of(more));
        return builder.redirectErrorStream(true)
                .redirectOutput(directory.resolve(name + ".out").toFile())
                .start();
    }

    private String admin(String name, Process process) {
        Waiting.until("the admin port is told", PATIENCE, () -> findAdmin(name).isPresent() || !process.isAlive());
        return findAdmin(name).orElseThrow(() -> new AssertionError(output(name)));
    }

    private Optional<String> findAdmin(String name) {
        return ADMIN.matcher(output(name))
                .results()
                .map((MatchResult result) -> result.group(1))
                .findFirst();
    }

    private String output(String name) {
        try {
            return Files.readString(directory.resolve(name + ".out"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int status(String url) {
        return get(url).statusCode();
    }

    private static HttpResponse<String> get(String url) {
        try {
            return HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
