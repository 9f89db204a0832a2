package io.tollgate.ingest.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.emitter.UsageTopics;
import io.tollgate.parts.TestParts;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Memory does not grow with bodies: many of the largest at once, in a heap that could hold a few of them. */
class SmallHeapIT {

    private static final int AT_ONCE = 24;

    @TempDir
    Path directory;

    private URI address = URI.create("http://127.0.0.1");

    /** As large as a body may be, in as many events as there may be. */
    private static String manyEvents() {
        int padding = (int) (EventsResource.BODY_BYTES_MAX / EventIntake.EVENTS_MAX)
                - EdgeClient.event("heap-00000", "1").length()
                - 20;
        String ignored = "\"padding\":\"" + "x".repeat(padding) + "\",\"id\"";
        return IntStream.range(0, EventIntake.EVENTS_MAX)
                .mapToObj(number -> EdgeClient.event("heap-" + number, "1").replace("\"id\"", ignored))
                .collect(Collectors.joining(",", "[", "]"));
    }

    /** One event that is far too large, behind one that is good. */
    private static String oneLargeEvent() {
        String padding = "x".repeat((int) EventsResource.BODY_BYTES_MAX - 1000);
        return "[" + EdgeClient.event("heap-good", "1") + ","
                + EdgeClient.event("heap-large", "1").replace("\"id\"", "\"padding\":\"" + padding + "\",\"id\"") + "]";
    }

    @Test
    void manyOfTheLargestBodiesAtOnceAreAllAnswered() throws Exception {
        allAnswered(96, List.of(manyEvents()));
    }

    /** One such is copied some six times on its way into Kafka, but one at a time. */
    @Test
    void manyThatAreKeptWholeAreAllAnswered() throws Exception {
        // The second is not closed: malformed as a whole.
        allAnswered(128, List.of(oneLargeEvent(), oneLargeEvent().replace("]", " ")));
    }

    private void allAnswered(int heapMib, List<String> texts) throws Exception {
        UsageTopics.ensure(TestParts.kafka(), UsageTopics.PARTITIONS);
        List<byte[]> bodies = texts.stream()
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
        assertThat(bodies)
                .allSatisfy(body -> assertThat(body.length)
                        .isBetween((int) (EventsResource.BODY_BYTES_MAX * 0.9), (int) EventsResource.BODY_BYTES_MAX));
        Process edge = start(heapMib);
        try {
            address = URI.create(addressOf(edge) + "/v1/events");
            HttpClient client = HttpClient.newHttpClient();
            List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, AT_ONCE)
                    .mapToObj(number -> client.sendAsync(
                            request(bodies.get(number % bodies.size())), HttpResponse.BodyHandlers.ofString()))
                    .toList();
            Map<Integer, Integer> statuses = new TreeMap<>();
            for (CompletableFuture<HttpResponse<String>> each : answers) {
                HttpResponse<String> answer = each.get(90, TimeUnit.SECONDS);
                statuses.merge(answer.statusCode(), 1, Integer::sum);
                // 503 is for large events that were not all kept, one after the other, in time.
                assertThat(answer.statusCode()).as(answer.body()).isIn(200, 400, 429, 503);
            }
            System.out.printf(
                    "%d bodies of 16 MiB at once in a heap of %d MiB: answers %s%n", AT_ONCE, heapMib, statuses);
            for (byte[] body : bodies) {
                HttpResponse<String> answer = client.send(request(body), HttpResponse.BodyHandlers.ofString());
                assertThat(answer.statusCode()).as(answer.body()).isIn(200, 400);
            }
            assertThat(directory.resolve("bodies")).isEmptyDirectory();
            edge.getOutputStream().close();
            assertThat(edge.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(edge.exitValue()).as(Files.readString(log())).isZero();
            assertThat(log()).content().doesNotContain("OutOfMemoryError");
        } finally {
            edge.destroyForcibly();
        }
    }

    private HttpRequest request(byte[] body) {
        return HttpRequest.newBuilder(address)
                .timeout(Duration.ofSeconds(90))
                .header("Authorization", "Bearer the-platform")
                .header("Content-Type", EdgeClient.BATCH)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
    }

    private Path log() {
        return directory.resolve("edge.log");
    }

    private Process start(int heapMib) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heapMib + "m",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                EdgeChild.class.getName(),
                TestParts.kafka(),
                Files.createDirectory(directory.resolve("bodies")).toString()));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
    }

    private String addressOf(Process edge) throws Exception {
        BufferedReader lines = new BufferedReader(new InputStreamReader(edge.getInputStream(), StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("edge at ")) {
                return line.substring("edge at ".length());
            }
        }
        throw new IllegalStateException("the edge did not start: " + Files.readString(log()));
    }
}
