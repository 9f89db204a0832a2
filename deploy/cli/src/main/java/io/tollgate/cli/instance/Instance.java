package io.tollgate.cli.instance;

import com.codahale.metrics.MetricRegistry;
import io.tollgate.aggregator.Aggregator;
import io.tollgate.aggregator.AggregatorConfig;
import io.tollgate.aggregator.topology.TopologyConfig;
import io.tollgate.cli.ExitCode;
import io.tollgate.cli.Logs;
import io.tollgate.cli.Sentence;
import io.tollgate.cli.UserException;
import io.tollgate.emitter.SpoolConfig;
import io.tollgate.emitter.UsageTopics;
import io.tollgate.ingest.edge.IngestConfig;
import io.tollgate.ingest.edge.IngestService;
import io.tollgate.invoicing.InvoicingConfig;
import io.tollgate.invoicing.InvoicingService;
import io.tollgate.invoicing.billing.BudgetConfig;
import io.tollgate.parts.EmbeddedClickHouse;
import io.tollgate.parts.EmbeddedKafka;
import io.tollgate.parts.EmbeddedPostgres;
import io.tollgate.parts.Part;
import io.tollgate.parts.PartUnavailableException;
import io.tollgate.service.HttpService;
import io.tollgate.service.ListenOn;
import io.tollgate.service.Tokens;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.StringJoiner;
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
    private static final int PARTS = 3;
    private static final Executor IN_A_THREAD = work -> new Thread(work, "instance").start();

    private final DataDirectory directory;
    private final Deque<AutoCloseable> services = new ConcurrentLinkedDeque<>();
    private final Queue<Part> parts = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<String> failure = new CompletableFuture<>();
    private volatile boolean stopping;
    private volatile List<CompletableFuture<?>> starting = List.of();
    private @Nullable ReadyFile endpoints;

    private Instance(DataDirectory directory) {
        this.directory = directory;
    }

    /** An instance on that directory, of which nothing runs yet. */
    public static Instance on(DataDirectory directory) {
        return new Instance(directory);
    }

    /**
     * Starts everything and returns when all of it is healthy. Nothing is left running when it fails.
     *
     * @param tell hears in a few words what is being done
     * @throws UserException when something does not start; it says what, and what to do
     */
    public void start(InstanceOptions options, Consumer<String> tell) {
        try {
            Files.deleteIfExists(directory.readyFile());
            endpoints = startAll(options, tell);
        } catch (PartUnavailableException e) {
            close();
            throw new UserException(ExitCode.UNAVAILABLE, String.valueOf(e.getMessage()), "code: " + e.code());
        } catch (IOException e) {
            close();
            throw new UserException(
                    ExitCode.UNAVAILABLE,
                    "cannot write below %s: %s".formatted(directory.root(), Sentence.of(e)),
                    "give another directory with --data");
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Tells where everything is to those who look into the data directory; to be done when it can be stopped, too. */
    public void writeReadyFile() throws IOException {
        endpoints().write(directory.readyFile());
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

    /** Stops everything, services before the parts they need; what is just starting is waited for. Data stay. */
    @Override
    public synchronized void close() {
        stopping = true;
        awaitEnd(starting);
        try {
            Files.deleteIfExists(directory.readyFile());
        } catch (IOException e) {
            LOG.warn("could not remove the ready file", e);
        }
        for (AutoCloseable service = services.poll(); service != null; service = services.poll()) {
            close(service);
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
        String instanceId = directory.instanceId();
        InstanceOptions.WantedPorts ports = options.ports();
        tellOfParts(options, tell);
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
                (usage, books) -> service(
                        "invoicing",
                        () -> InvoicingService.start(
                                new InvoicingConfig(
                                                ListenOn.loopback(ports.api(), ports.apiAdmin()),
                                                usage.endpoint(),
                                                books.endpoint(),
                                                tokens,
                                                options.webhooks(),
                                                options.terms(),
                                                options.branding())
                                        .withBudgets(BudgetConfig.usual(), options.mail()),
                                Clock.systemUTC())),
                IN_A_THREAD);
        CompletableFuture<IngestConfig> edge = kafka.thenCombineAsync(
                clickhouse,
                (broker, archive) -> options.edge()
                        .apply(IngestConfig.of(
                                        broker.endpoint(),
                                        ListenOn.loopback(ports.ingest(), ports.ingestAdmin()),
                                        tokens)
                                .withClickHouse(archive.endpoint())
                                .withLargeBodies(directory.of("bodies"))
                                .withSpool(Optional.of(SpoolConfig.in(directory.of("spool"))))),
                IN_A_THREAD);
        CompletableFuture<IngestService> ingest = edge.thenApplyAsync(
                config -> service("ingest", () -> {
                    UsageTopics.ensure(config.bootstrapServers(), options.partitions());
                    return IngestService.start(config);
                }),
                IN_A_THREAD);
        CompletableFuture<HttpService> aggregator = ingest.thenCombineAsync(
                clickhouse,
                (topicsAreThere, usage) -> aggregator(kafka.join(), usage, instanceId, options, tell),
                IN_A_THREAD);
        starting = List.of(kafka, postgres, clickhouse, invoicing, ingest, aggregator);
        awaitAll(tell, starting);
        return new ReadyFile(
                ingest.join().applicationUri().toString(),
                local(invoicing.join().port()),
                kafka.join().endpoint(),
                clickhouse.join().endpoint(),
                postgres.join().endpoint(),
                tokens,
                new ReadyFile.AdminEndpoints(
                        ingest.join().adminUri().toString(),
                        local(invoicing.join().adminPort()),
                        aggregator.join().adminUri().toString()),
                new ReadyFile.Edge(edge.join().saltedTenants(), edge.join().policy()),
                ProcessHandle.current().pid());
    }

    private Part part(Optional<String> external, String name, Supplier<Part> embedded) {
        refuseWhenStopping();
        Part part = external.map(address -> Part.external(name, address)).orElseGet(embedded);
        parts.add(part);
        var unused = part.onExit()
                .thenRun(() -> fail("%s has ended unexpectedly; its log: %s".formatted(name, directory.log(name))));
        return part;
    }

    private static void tellOfParts(InstanceOptions options, Consumer<String> tell) {
        StringJoiner embedded = new StringJoiner(", ");
        options.kafka().ifPresentOrElse(at -> tell.accept("Using kafka at " + at), () -> embedded.add("Kafka"));
        options.clickhouseUrl()
                .ifPresentOrElse(
                        at -> tell.accept("Using clickhouse at " + Addresses.masked(at)),
                        () -> embedded.add("ClickHouse"));
        options.postgresUrl()
                .ifPresentOrElse(
                        at -> tell.accept("Using postgres at " + Addresses.masked(at)),
                        () -> embedded.add("PostgreSQL"));
        if (embedded.length() > 0) {
            tell.accept("Starting " + embedded + " ...");
        }
    }

    private void refuseWhenStopping() {
        if (stopping) {
            throw new UserException(ExitCode.UNAVAILABLE, "stopped while it was starting", "");
        }
    }

    private void fail(String what) {
        if (!stopping) {
            failure.complete(what);
        }
    }

    /** The job, and the port where it can be watched, also while it is starting. */
    private HttpService aggregator(
            Part kafka, Part clickhouse, String instanceId, InstanceOptions options, Consumer<String> tell) {
        MetricRegistry metrics = new MetricRegistry();
        AggregatorConfig config = AggregatorConfig.of(
                        kafka.endpoint(), clickhouse.endpoint(), directory.of("streams"), instanceId)
                .withTopology(TopologyConfig.USUAL.withMeters(options.meters()));
        Aggregator job = service("aggregator", () -> Aggregator.start(config, metrics));
        var unused = job.failure().thenAccept(what -> fail("%s; its log: %s".formatted(what, Logs.file())));
        HttpService admin = service(
                "aggregator's admin port",
                () -> AggregatorAdmin.start(
                        job, metrics, ListenOn.loopback(0, options.ports().aggregatorAdmin())));
        return service("aggregator", () -> {
            JobStart.await(job, tell, () -> stopping);
            return admin;
        });
    }

    /** Two instances under one id would take each other for their own former selves and fence each other off. */
    private <T extends AutoCloseable> T service(String name, Supplier<T> start) {
        refuseWhenStopping();
        try {
            T started = start.get();
            services.push(started);
            return started;
        } catch (RuntimeException e) {
            LOG.error("{} did not start", name, e);
            throw new UserException(
                    ExitCode.UNAVAILABLE,
                    "%s did not start: %s".formatted(name, Sentence.of(e)),
                    "the log has the details: " + Logs.file());
        }
    }

    private static void awaitAll(Consumer<String> tell, List<CompletableFuture<?>> starts) {
        try {
            all(starts.subList(0, PARTS)).join();
            tell.accept("Starting aggregator, invoicing, ingest ...");
            all(starts).join();
        } catch (CompletionException e) {
            // The others are waited for too, or they would start after everything was stopped.
            awaitEnd(starts);
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private static void awaitEnd(List<CompletableFuture<?>> starts) {
        starts.forEach(start -> start.handle((value, problem) -> problem).join());
    }

    private static CompletableFuture<Void> all(List<CompletableFuture<?>> starts) {
        return CompletableFuture.allOf(starts.toArray(CompletableFuture[]::new));
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
