package io.tollgate.cli.instance;

import com.codahale.metrics.MetricRegistry;
import io.tollgate.aggregator.Aggregator;
import io.tollgate.aggregator.AggregatorConfig;
import io.tollgate.cli.ExitCode;
import io.tollgate.cli.Logs;
import io.tollgate.cli.UserException;
import io.tollgate.emitter.UsageTopics;
import io.tollgate.ingest.edge.IngestConfig;
import io.tollgate.ingest.edge.IngestService;
import io.tollgate.invoicing.InvoicingConfig;
import io.tollgate.invoicing.InvoicingService;
import io.tollgate.parts.EmbeddedClickHouse;
import io.tollgate.parts.EmbeddedKafka;
import io.tollgate.parts.EmbeddedPostgres;
import io.tollgate.parts.Part;
import io.tollgate.parts.PartUnavailableException;
import io.tollgate.service.ListenOn;
import io.tollgate.service.Tokens;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A whole Tollgate on one machine, from the parts to the services, started together and stopped together. */
public final class Instance implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Instance.class);
    private static final int PARTITIONS = 4;
    private static final Executor IN_A_THREAD = work -> new Thread(work, "instance").start();
    private static final Duration JOB_MUST_RUN_WITHIN = Duration.ofSeconds(60);

    private final DataDirectory directory;
    private final Deque<AutoCloseable> services = new ConcurrentLinkedDeque<>();
    private final Queue<Part> parts = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<String> failure = new CompletableFuture<>();
    private volatile boolean stopping;
    private @Nullable ReadyFile endpoints;

    private Instance(DataDirectory directory) {
        this.directory = directory;
    }

    /**
     * Starts everything and returns when all of it is healthy. Nothing is left running when it fails.
     *
     * @param tell hears in a few words what is being started
     * @throws UserException when something does not start; it says what, and what to do
     */
    public static Instance start(DataDirectory directory, InstanceOptions options, Consumer<String> tell) {
        Instance instance = new Instance(directory);
        try {
            Files.deleteIfExists(directory.readyFile());
            ReadyFile ready = instance.startAll(options, tell);
            instance.endpoints = ready;
            ready.write(directory.readyFile());
            return instance;
        } catch (PartUnavailableException e) {
            instance.close();
            throw new UserException(ExitCode.UNAVAILABLE, String.valueOf(e.getMessage()), "code: " + e.code());
        } catch (IOException e) {
            instance.close();
            throw new UserException(
                    ExitCode.UNAVAILABLE,
                    "cannot write below %s: %s".formatted(directory.root(), e),
                    "give another directory with --data");
        } catch (RuntimeException e) {
            instance.close();
            throw e;
        }
    }

    /** Where everything is. */
    public ReadyFile endpoints() {
        return Objects.requireNonNull(endpoints, "set before the instance is given out");
    }

    public DataDirectory directory() {
        return directory;
    }

    /** Completes with a sentence when a part or the job ends by itself. */
    public CompletableFuture<String> failure() {
        return failure;
    }

    /** Stops everything, services before the parts they need. Data stay. */
    @Override
    public void close() {
        stopping = true;
        try {
            Files.deleteIfExists(directory.readyFile());
        } catch (IOException e) {
            LOG.warn("could not remove the ready file", e);
        }
        while (!services.isEmpty()) {
            close(services.pop());
        }
        // At the same time: none needs another.
        inBackground(parts.stream().map(part -> (Runnable) () -> close(part)).toList());
        parts.clear();
    }

    private static void close(AutoCloseable service) {
        try {
            service.close();
        } catch (Exception e) {
            LOG.warn("{} did not stop cleanly", service, e);
        }
    }

    /** Each thing starts as soon as what it needs is there. Throws only when nothing is being started any more. */
    private ReadyFile startAll(InstanceOptions options, Consumer<String> tell) throws IOException {
        Tokens tokens = directory.tokens();
        InstanceOptions.WantedPorts ports = options.ports();
        tell.accept("Kafka, ClickHouse, PostgreSQL");
        CompletableFuture<Part> kafka = start(() -> part(
                options.kafka(),
                "kafka",
                () -> EmbeddedKafka.start(directory.of("kafka"), ports.kafka(), directory.log("kafka"))));
        CompletableFuture<Part> postgres = start(() -> part(
                options.postgresUrl(),
                "postgres",
                () -> EmbeddedPostgres.start(directory.of("postgres"), ports.postgres(), directory.log("postgres"))));
        CompletableFuture<Part> clickhouse = start(() -> part(
                options.clickhouseUrl(),
                "clickhouse",
                () -> EmbeddedClickHouse.start(
                        directory.of("clickhouse"),
                        ports.clickhouse(),
                        directory.log("clickhouse"),
                        new FetchDisplay())));
        CompletableFuture<InvoicingService> invoicing = clickhouse.thenCombineAsync(
                postgres,
                (usage, books) -> service(InvoicingService.start(
                        new InvoicingConfig(
                                ListenOn.loopback(ports.api(), ports.apiAdmin()),
                                usage.endpoint(),
                                books.endpoint(),
                                tokens),
                        Clock.systemUTC())),
                IN_A_THREAD);
        CompletableFuture<IngestService> ingest = kafka.thenApplyAsync(
                broker -> {
                    UsageTopics.ensure(broker.endpoint(), PARTITIONS);
                    return service(IngestService.start(IngestConfig.of(
                            broker.endpoint(), ListenOn.loopback(ports.ingest(), ports.ingestAdmin()), tokens)));
                },
                IN_A_THREAD);
        CompletableFuture<Aggregator> aggregator = ingest.thenCombineAsync(
                clickhouse, (topicsAreThere, usage) -> aggregator(kafka.join(), usage), IN_A_THREAD);
        awaitAll(tell, kafka, postgres, clickhouse, invoicing, ingest, aggregator);
        return new ReadyFile(
                ingest.join().applicationUri().toString(),
                local(invoicing.join().port()),
                kafka.join().endpoint(),
                clickhouse.join().endpoint(),
                postgres.join().endpoint(),
                tokens,
                new ReadyFile.AdminEndpoints(
                        ingest.join().adminUri().toString(),
                        local(invoicing.join().adminPort())),
                ProcessHandle.current().pid());
    }

    private Part part(Optional<String> external, String name, Supplier<Part> embedded) {
        Part part = external.map(address -> Part.external(name, address)).orElseGet(embedded);
        parts.add(part);
        var unused = part.onExit()
                .thenRun(() -> fail("%s has ended unexpectedly; its log: %s".formatted(name, directory.log(name))));
        return part;
    }

    private void fail(String what) {
        if (!stopping) {
            failure.complete(what);
        }
    }

    private Aggregator aggregator(Part kafka, Part clickhouse) {
        Aggregator aggregator = service(Aggregator.start(
                AggregatorConfig.of(kafka.endpoint(), clickhouse.endpoint(), directory.of("streams"), "aggregator-1"),
                new MetricRegistry(),
                JOB_MUST_RUN_WITHIN));
        var unused = aggregator.failure().thenAccept(what -> fail("%s; its log: %s".formatted(what, Logs.file())));
        return aggregator;
    }

    private <T extends AutoCloseable> T service(T started) {
        services.push(started);
        return started;
    }

    private static void awaitAll(Consumer<String> tell, CompletableFuture<?>... starts) {
        try {
            CompletableFuture.allOf(starts[0], starts[1], starts[2]).join();
            tell.accept("aggregator, invoicing, ingest");
            CompletableFuture.allOf(starts).join();
        } catch (CompletionException e) {
            // The others are waited for too, or they would start after everything was stopped.
            for (CompletableFuture<?> start : starts) {
                start.handle((value, problem) -> problem).join();
            }
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private static String local(int port) {
        return "http://127.0.0.1:" + port;
    }

    private static <T> CompletableFuture<T> start(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, IN_A_THREAD);
    }

    private static void inBackground(List<Runnable> works) {
        CompletableFuture.allOf(works.stream()
                        .map(work -> CompletableFuture.runAsync(work, IN_A_THREAD))
                        .toArray(CompletableFuture[]::new))
                .join();
    }
}
