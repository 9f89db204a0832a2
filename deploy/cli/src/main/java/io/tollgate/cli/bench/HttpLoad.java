package io.tollgate.cli.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients that post bodies one after the other, each waiting for its answer. */
final class HttpLoad {

    private final List<byte[]> bodies;
    private final String token;
    private final int clients;
    private final int requests;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** @param requests that all clients together send in each run */
    HttpLoad(List<byte[]> bodies, String token, int clients, int requests) {
        this.bodies = bodies;
        this.token = token;
        this.clients = clients;
        this.requests = requests;
    }

    double meanBytes() {
        return bodies.stream().mapToInt(body -> body.length).average().orElse(0);
    }

    /** @param expected what each answer holds, or the run fails */
    Run against(URI uri, String expected) {
        return new Run(uri, expected);
    }

    /** One way, and how long its requests took. */
    final class Run {

        private final URI uri;
        private final String expected;
        private List<Duration> latencies = List.of();

        private Run(URI uri, String expected) {
            this.uri = uri;
            this.expected = expected;
        }

        double requestsPerSecond() {
            List<Duration> taken = Collections.synchronizedList(new ArrayList<>());
            AtomicInteger next = new AtomicInteger();
            ExecutorService threads = Executors.newFixedThreadPool(clients);
            try {
                long start = System.nanoTime();
                List<CompletableFuture<Void>> running = new ArrayList<>();
                for (int client = 0; client < clients; client++) {
                    running.add(CompletableFuture.runAsync(
                            () -> {
                                for (int number = next.getAndIncrement();
                                        number < requests;
                                        number = next.getAndIncrement()) {
                                    taken.add(post(bodies.get(number % bodies.size())));
                                }
                            },
                            threads));
                }
                running.forEach(CompletableFuture::join);
                double seconds = (System.nanoTime() - start) / 1e9;
                latencies = taken.stream().sorted().toList();
                return requests / seconds;
            } finally {
                threads.shutdownNow();
            }
        }

        /** Of the last round: what so many of a hundred requests did not pass; milliseconds. */
        double latency(int percent) {
            return LatencyProbe.percentile(latencies, percent);
        }

        private Duration post(byte[] body) {
            HttpRequest request = HttpRequest.newBuilder(uri)
                    .header("Authorization", "Bearer " + token)
                    .header("Content-Type", "application/cloudevents-batch+json")
                    .header("Tollgate-Backfill", "true")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                    .build();
            try {
                long start = System.nanoTime();
                HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
                Duration taken = Duration.ofNanos(System.nanoTime() - start);
                if (answer.statusCode() != 200 || !answer.body().contains(expected)) {
                    throw new IllegalStateException(uri + " answered " + answer.statusCode() + " " + answer.body());
                }
                return taken;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
    }
}
