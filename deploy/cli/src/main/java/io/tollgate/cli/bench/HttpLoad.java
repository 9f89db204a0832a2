package io.tollgate.cli.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
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

    private static final int PATIENCE_MILLIS = 60_000;

    private final List<byte[]> bodies;
    private final String token;
    private final int clients;
    private final int requests;

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
            try {
                HttpURLConnection request = (HttpURLConnection) uri.toURL().openConnection();
                request.setRequestMethod("POST");
                request.setRequestProperty("Authorization", "Bearer " + token);
                request.setRequestProperty("Content-Type", "application/cloudevents-batch+json");
                request.setRequestProperty("Tollgate-Backfill", "true");
                request.setReadTimeout(PATIENCE_MILLIS);
                request.setDoOutput(true);
                // So that the JDK does not send it again behind our back when the connection ends.
                request.setFixedLengthStreamingMode(body.length);
                long start = System.nanoTime();
                try (OutputStream out = request.getOutputStream()) {
                    out.write(body);
                }
                int status = request.getResponseCode();
                String answer;
                try (InputStream in = status < 400 ? request.getInputStream() : request.getErrorStream()) {
                    answer = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                }
                Duration taken = Duration.ofNanos(System.nanoTime() - start);
                if (status != 200 || !answer.contains(expected)) {
                    throw new IllegalStateException(uri + " answered " + status + " " + answer);
                }
                return taken;
            } catch (IOException e) {
                throw new UncheckedIOException(uri + " did not answer", e);
            }
        }
    }
}
