package io.tollgate.cli.instance;

import com.codahale.metrics.MetricRegistry;
import io.tollgate.aggregator.Aggregator;
import io.tollgate.aggregator.AggregatorConfig;
import io.tollgate.aggregator.AggregatorState;
import io.tollgate.cli.ExitCode;
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
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A whole Tollgate on one machine, from the parts to the services, started together and stopped together. */
public final class Instance implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Instance.class);
    private static final int PARTITIONS = 4;
    private static final Duration JOB_MUST_RUN_WITHIN = Duration.ofSeconds(60);

    private final DataDirectory directory;
    private final Deque<AutoCloseable> started = new ArrayDeque<>();
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
        while (!started.isEmpty()) {
            AutoCloseable last = started.pop();
            try {
                last.close();
            } catch (Exception e) {
                LOG.warn("{} did not stop cleanly", last, e);
            }
        }
    }

    private ReadyFile startAll(InstanceOptions options, Consumer<String> tell) throws IOException {
        Tokens tokens = directory.tokens();
        InstanceOptions.WantedPorts ports = options.ports();
        tell.accept("Kafka, ClickHouse, PostgreSQL");
        CompletableFuture<Part> kafkaStart = inBackground(() -> options.kafka()
                .map(address -> Part.external("kafka", address))
                .orElseGet(() -> EmbeddedKafka.start(directory.of("kafka"), ports.kafka(), directory.log("kafka"))));
        CompletableFuture<Part> postgresStart = inBackground(() -> options.postgresUrl()
                .map(url -> Part.external("postgres", url))
                .orElseGet(() ->
                        EmbeddedPostgres.start(directory.of("postgres"), ports.postgres(), directory.log("postgres"))));
        CompletableFuture<Part> clickhouseStart = inBackground(() -> options.clickhouseUrl()
                .map(url -> Part.external("clickhouse", url))
                .orElseGet(() -> EmbeddedClickHouse.start(
                        directory.of("clickhouse"),
                        ports.clickhouse(),
                        directory.log("clickhouse"),
                        new FetchDisplay())));
        Parts parts = Parts.await(kafkaStart, clickhouseStart, postgresStart);
        started.push(parts);
        parts.all().forEach(this::watch);

        tell.accept("the aggregator");
        String kafka = parts.kafka().endpoint();
        UsageTopics.ensure(kafka, PARTITIONS);
        MetricRegistry metrics = new MetricRegistry();
        Aggregator aggregator = Aggregator.start(
                AggregatorConfig.of(kafka, parts.clickhouse().endpoint(), directory.of("streams")),
                metrics,
                JOB_MUST_RUN_WITHIN);
        started.push(aggregator);

        tell.accept("invoicing and ingest");
        InvoicingService invoicing = InvoicingService.start(
                new InvoicingConfig(
                        ListenOn.loopback(ports.api(), ports.apiAdmin()),
                        parts.clickhouse().endpoint(),
                        parts.postgres().endpoint(),
                        tokens),
                Clock.systemUTC());
        started.push(invoicing);
        IngestService ingest = IngestService.start(
                IngestConfig.of(kafka, ListenOn.loopback(ports.ingest(), ports.ingestAdmin()), tokens));
        started.push(ingest);
        if (aggregator.state() != AggregatorState.RUNNING) {
            throw new UserException(
                    ExitCode.UNAVAILABLE,
                    "the aggregator is " + aggregator.state(),
                    "the log says why: " + directory.log("tollgate"));
        }
        return new ReadyFile(
                ingest.applicationUri().toString(),
                local(invoicing.port()),
                kafka,
                parts.clickhouse().endpoint(),
                parts.postgres().endpoint(),
                tokens,
                new ReadyFile.AdminEndpoints(ingest.adminUri().toString(), local(invoicing.adminPort())),
                ProcessHandle.current().pid());
    }

    private static String local(int port) {
        return "http://127.0.0.1:" + port;
    }

    private void watch(Part part) {
        var unused = part.onExit().thenRun(() -> {
            if (!stopping) {
                failure.complete(
                        "%s has ended unexpectedly; its log: %s".formatted(part.name(), directory.log(part.name())));
            }
        });
    }

    private static CompletableFuture<Part> inBackground(Supplier<Part> start) {
        return CompletableFuture.supplyAsync(start, work -> new Thread(work, "start-part").start());
    }

    /** The three parts, stopped at the same time: none needs another. */
    private record Parts(Part kafka, Part clickhouse, Part postgres) implements AutoCloseable {

        /** Waits for all three to start; when one does not, the others are stopped. */
        static Parts await(
                CompletableFuture<Part> kafka, CompletableFuture<Part> clickhouse, CompletableFuture<Part> postgres) {
            List<CompletableFuture<Part>> starts = List.of(kafka, clickhouse, postgres);
            try {
                CompletableFuture.allOf(kafka, clickhouse, postgres).join();
                return new Parts(kafka.join(), clickhouse.join(), postgres.join());
            } catch (CompletionException e) {
                starts.stream()
                        .filter(start -> !start.isCompletedExceptionally())
                        .forEach(start -> start.join().close());
                throw e.getCause() instanceof RuntimeException cause ? cause : e;
            }
        }

        List<Part> all() {
            return List.of(kafka, clickhouse, postgres);
        }

        @Override
        public void close() {
            CompletableFuture.allOf(all().stream()
                            .map(part -> CompletableFuture.runAsync(
                                    part::close, work -> new Thread(work, "stop-" + part.name()).start()))
                            .toArray(CompletableFuture[]::new))
                    .join();
        }
    }
}
