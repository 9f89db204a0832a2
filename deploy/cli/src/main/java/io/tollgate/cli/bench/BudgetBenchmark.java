package io.tollgate.cli.bench;

import io.tollgate.cli.api.ApiClient;
import io.tollgate.cli.instance.InstanceOptions.WantedPorts;
import io.tollgate.cli.instance.ReadyFile;
import io.tollgate.cli.instance.ScratchInstance;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * How long gateways wait for {@code GET /v1/budgets/check} at a rate that does not wait for them: a question is due at its time,
 * and its answer's latency counts from then, so that a service that falls behind cannot hide it.
 */
final class BudgetBenchmark {

    private static final int BUDGETS = 1_000;
    private static final int PER_SECOND = 1_000;
    private static final int WARM_UP_SECONDS = 20;
    private static final int SECONDS = 30;
    private static final int CLIENTS = 16;
    private static final int PATIENCE_MILLIS = 10_000;
    private static final int OK = 200;

    private final Random random;
    private final PrintWriter out;
    private final PrintWriter err;

    BudgetBenchmark(long seed, PrintWriter out, PrintWriter err) {
        this.random = new Random(seed);
        this.out = out;
        this.err = err;
    }

    List<Figure> run() {
        tell("starting everything");
        try (ScratchInstance scratch = ScratchInstance.start("bench", WantedPorts.ANY, err)) {
            ReadyFile ready = scratch.instance().endpoints();
            ApiClient finance = new ApiClient(ready.api(), ready.tokens().finance());
            finance.post("/v1/price-books", ApiClient.json("""
                    {"name": "list", "currency": "USD", "effectiveFrom": "2020-01-01T00:00:00Z",
                     "cards": [{"match": {}, "prices": {"input_tokens": {"amount": "2.50", "per": 1000000}}}]}"""));
            tell("%,d tenants, each with a budget".formatted(BUDGETS));
            for (int tenant = 0; tenant < BUDGETS; tenant++) {
                finance.post("/v1/budgets", ApiClient.json("""
                        {"name": "all", "tenant": "tenant-%d", "period": "month", "amount": "1000.00", "currency": "USD"}""".formatted(tenant)));
            }
            String token = ready.tokens().platform();
            tell("%,d checks a second, for %d seconds to warm up and %d that count"
                    .formatted(PER_SECOND, WARM_UP_SECONDS, SECONDS));
            ask(ready.api(), token, PER_SECOND * WARM_UP_SECONDS);
            long service = CpuTime.ofThisProcess();
            long start = System.nanoTime();
            List<Duration> latencies = ask(ready.api(), token, PER_SECOND * SECONDS);
            double seconds = (System.nanoTime() - start) / 1e9;
            List<Figure> figures = List.of(
                    new Figure("budgets", BUDGETS, "budgets"),
                    new Figure("checks_per_second", latencies.size() / seconds, "requests/s"),
                    new Figure("p50", LatencyProbe.percentile(latencies, 50), "ms"),
                    new Figure("p99", LatencyProbe.percentile(latencies, 99), "ms"),
                    new Figure("max", LatencyProbe.percentile(latencies, 100), "ms"),
                    new Figure(
                            "busy_per_check_with_clients",
                            (CpuTime.ofThisProcess() - service) / 1e6 / latencies.size(),
                            "ms"));
            scratch.succeeded();
            return figures;
        }
    }

    /** @return latencies from when each was due, shortest first */
    private List<Duration> ask(String baseUrl, String token, int count) {
        List<URI> questions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            questions.add(URI.create(
                    baseUrl + "/v1/budgets/check?tenant=tenant-" + random.nextInt(BUDGETS) + "&estimate=0.01"));
        }
        List<Duration> taken = Collections.synchronizedList(new ArrayList<>(count));
        AtomicInteger next = new AtomicInteger();
        long start = System.nanoTime();
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<CompletableFuture<Void>> running = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                running.add(CompletableFuture.runAsync(
                        () -> {
                            for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                                long due = start + TimeUnit.SECONDS.toNanos(1) / PER_SECOND * i;
                                for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                                    LockSupport.parkNanos(left);
                                }
                                get(questions.get(i), token);
                                taken.add(Duration.ofNanos(System.nanoTime() - due));
                            }
                        },
                        threads));
            }
            running.forEach(CompletableFuture::join);
            return taken.stream().sorted().toList();
        } finally {
            threads.shutdownNow();
        }
    }

    private static void get(URI uri, String token) {
        try {
            HttpURLConnection request = (HttpURLConnection) uri.toURL().openConnection();
            request.setRequestProperty("Authorization", "Bearer " + token);
            request.setReadTimeout(PATIENCE_MILLIS);
            int status = request.getResponseCode();
            try (InputStream in = status < 400 ? request.getInputStream() : request.getErrorStream()) {
                in.readAllBytes();
            }
            if (status != OK) {
                throw new IllegalStateException(uri + " answered " + status);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(uri + " did not answer", e);
        }
    }

    private void tell(String what) {
        out.println("... " + what);
        out.flush();
    }
}
