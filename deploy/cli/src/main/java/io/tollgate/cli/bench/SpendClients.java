package io.tollgate.cli.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Clients that ask one question after the other, each waiting for its answer, over connections that stay. */
final class SpendClients {

    private static final int PATIENCE_MILLIS = 60_000;
    private static final int OK = 200;

    private final String baseUrl;
    private final Optional<String> token;
    private final int clients;

    SpendClients(String baseUrl, Optional<String> token, int clients) {
        this.baseUrl = baseUrl;
        this.token = token;
        this.clients = clients;
    }

    /** @param latencies shortest first */
    record Asked(List<Duration> latencies, double seconds, double meanBytes) {}

    /** Asks all, each once. */
    Asked ask(List<String> paths) {
        List<Duration> taken = Collections.synchronizedList(new ArrayList<>());
        AtomicInteger next = new AtomicInteger();
        AtomicLong bytes = new AtomicLong();
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        try {
            long start = System.nanoTime();
            List<CompletableFuture<Void>> running = new ArrayList<>();
            for (int client = 0; client < clients; client++) {
                running.add(CompletableFuture.runAsync(
                        () -> {
                            for (int number = next.getAndIncrement();
                                    number < paths.size();
                                    number = next.getAndIncrement()) {
                                long asked = System.nanoTime();
                                bytes.addAndGet(get(paths.get(number)).length);
                                taken.add(Duration.ofNanos(System.nanoTime() - asked));
                            }
                        },
                        threads));
            }
            running.forEach(CompletableFuture::join);
            double seconds = (System.nanoTime() - start) / 1e9;
            return new Asked(taken.stream().sorted().toList(), seconds, (double) bytes.get() / paths.size());
        } finally {
            threads.shutdownNow();
        }
    }

    private byte[] get(String path) {
        URI uri = URI.create(baseUrl + path);
        try {
            HttpURLConnection request = (HttpURLConnection) uri.toURL().openConnection();
            token.ifPresent(known -> request.setRequestProperty("Authorization", "Bearer " + known));
            request.setRequestProperty("Accept", "application/json");
            request.setReadTimeout(PATIENCE_MILLIS);
            int status = request.getResponseCode();
            try (InputStream in = status < 400 ? request.getInputStream() : request.getErrorStream()) {
                byte[] answer = in.readAllBytes();
                if (status != OK) {
                    throw new IllegalStateException(uri + " answered " + status);
                }
                return answer;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(uri + " did not answer", e);
        }
    }
}
