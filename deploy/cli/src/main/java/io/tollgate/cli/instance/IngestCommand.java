package io.tollgate.cli.instance;

import io.tollgate.cli.ExitCode;
import io.tollgate.cli.Logs;
import io.tollgate.cli.Sentence;
import io.tollgate.cli.UserException;
import io.tollgate.cli.meters.MeterFile;
import io.tollgate.cli.options.PartitionCount;
import io.tollgate.emitter.SpoolConfig;
import io.tollgate.emitter.UsageTopics;
import io.tollgate.ingest.edge.IngestConfig;
import io.tollgate.ingest.edge.IngestService;
import io.tollgate.meters.MeterCatalogue;
import io.tollgate.service.ListenOn;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tollgate ingest}: one HTTP edge in the foreground, on a Kafka that somebody else runs. */
@Command(
        name = "ingest",
        description =
                "Runs one HTTP edge in the foreground. It starts also while Kafka is away, but for"
                        + " --partitions. Ctrl-C or SIGTERM stops"
                        + " it: requests that were begun are answered, and what Kafka has not taken by then stays in the spool.",
        footer = {
            "",
            "Health is at /health of the admin port, metrics at /metrics. Several edges need a data directory each, and"
                    + " may share the tokens: copy tokens.json of the first one."
        })
public final class IngestCommand implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(IngestCommand.class);

    @Option(
            names = "--kafka",
            required = true,
            paramLabel = "HOST:PORT[,HOST:PORT]",
            converter = Addresses.Kafka.class,
            description = "The Kafka (3.7 or later) to write to.")
    private @Nullable String kafka;

    @Option(
            names = "--kafka-config",
            paramLabel = "FILE",
            description = "Further settings of Kafka's clients, such as those of TLS and SASL: a properties file.")
    private @Nullable Path kafkaConfig;

    @Option(
            names = "--clickhouse-url",
            paramLabel = "URL",
            converter = Addresses.ClickHouse.class,
            description = "The ClickHouse that the aggregator keeps every event in, to correct events and to look at"
                    + " rejected ones: http://[user:password@]host:port[/database]. Without it they can only be sent.")
    private @Nullable String clickhouseUrl;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            converter = Addresses.Listen.class,
            description = "Where events are taken; port 0 takes a free one (default: 127.0.0.1:8080).")
    private Addresses.HostAndPort listen = new Addresses.HostAndPort("127.0.0.1", 8080);

    @Option(
            names = "--admin-port",
            paramLabel = "PORT",
            description = "Where health and metrics are, on the same host; 0 takes a free one"
                    + " (default: ${DEFAULT-VALUE}).")
    private int adminPort = 8090;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Where tokens, spool and log are kept, for this edge alone. Default: ingest below the usual data"
                            + " directory.")
    private @Nullable Path data;

    @Option(
            names = "--meters",
            paramLabel = "FILE",
            description = "The meters that --refuse-unknown-meters knows beside the usual ones; see 'tollgate meters'.")
    private @Nullable Path meters;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            converter = PartitionCount.class,
            description = "Create the topics if they are not there, usage-events with so many partitions. With this"
                    + " option Kafka must answer at the start.")
    private @Nullable Integer partitions;

    @Mixin
    private final IngestOptions options = new IngestOptions();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec().commandLine().getOut();
        Path root = data == null ? DataDirectory.defaultRoot().resolve("ingest") : data;
        try (DataDirectory directory = DataDirectory.open(root)) {
            Logs.to(directory.log("ingest"));
            IngestConfig config = config(directory);
            IngestService service = start(config);
            Foreground foreground = Foreground.of(service::close, new CompletableFuture<>());
            out.printf("Ingest on %s%n", config.bootstrapServers());
            out.printf("  %-8s %s/v1/events%n", "events", service.applicationUri());
            out.printf("  %-8s %s   /health, /metrics%n", "admin", service.adminUri());
            config.clickhouse().ifPresent(archive -> out.printf("  %-8s %s%n", "archive", Addresses.masked(archive)));
            out.printf("  %-8s %s%n", "tokens", directory.tokensFile());
            config.spool().ifPresent(spool -> out.printf("  %-8s %s%n", "spool", spool.directory()));
            out.printf("  %-8s %s%n", "log", Logs.file());
            out.flush();
            throw foreground.hold();
        }
    }

    private IngestConfig config(DataDirectory directory) {
        if (kafkaConfig != null && partitions != null) {
            throw new ParameterException(
                    spec().commandLine(), "--partitions knows no --kafka-config: create the topics yourself");
        }
        try {
            ListenOn listenOn = new ListenOn(listen.host(), listen.port(), adminPort);
            IngestConfig usual = IngestConfig.of(
                            Objects.requireNonNull(kafka, "required"), listenOn, directory.tokens())
                    .withLargeBodies(directory.of("bodies"))
                    .withKafka(kafkaConfig == null ? Map.of() : settingsIn(kafkaConfig))
                    .withSpool(Optional.of(SpoolConfig.in(directory.of("spool"))));
            return options.apply(
                    clickhouseUrl == null ? usual : usual.withClickHouse(clickhouseUrl),
                    meters == null ? MeterCatalogue.usual() : MeterFile.read(meters));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec().commandLine(), Sentence.of(e), e);
        } catch (IOException e) {
            throw new UserException(
                    ExitCode.UNAVAILABLE,
                    "cannot read or make the tokens: " + Sentence.of(e),
                    "give another directory with --data");
        }
    }

    private static Map<String, String> settingsIn(Path file) {
        Properties settings = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            settings.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new UserException(
                    ExitCode.USAGE,
                    "cannot read the settings in %s: %s".formatted(file, Sentence.of(e)),
                    "give a text file with one name=value a line");
        }
        return settings.stringPropertyNames().stream()
                .collect(Collectors.toUnmodifiableMap(Function.identity(), settings::getProperty));
    }

    private IngestService start(IngestConfig config) {
        IngestService service;
        createTopics(config.bootstrapServers());
        try {
            service = IngestService.start(config);
        } catch (RuntimeException e) {
            LOG.error("the edge did not start", e);
            throw new UserException(
                    ExitCode.UNAVAILABLE,
                    "the edge did not start: " + Sentence.of(e),
                    "the log has the details: " + Logs.file());
        }
        // Elsewhere a taken port is replaced, but senders know this one.
        refuseOtherPort(service, listen.port(), service.applicationUri().getPort(), "--listen");
        refuseOtherPort(service, adminPort, service.adminUri().getPort(), "--admin-port");
        return service;
    }

    /** Not in the background: a Kafka that comes back might first create them itself, with another number of partitions. */
    private void createTopics(String bootstrapServers) {
        if (partitions == null) {
            return;
        }
        try {
            UsageTopics.ensure(bootstrapServers, partitions);
        } catch (RuntimeException e) {
            LOG.error("the topics were not created", e);
            throw new UserException(
                    ExitCode.UNAVAILABLE,
                    "cannot create the topics: the Kafka at %s does not answer, or refuses: %s"
                            .formatted(bootstrapServers, Sentence.of(e)),
                    "start it first, or leave --partitions out if the topics are there");
        }
    }

    private static void refuseOtherPort(IngestService service, int wanted, int bound, String option) {
        if (wanted != 0 && wanted != bound) {
            service.close();
            throw new UserException(
                    ExitCode.UNAVAILABLE,
                    "port %d is taken".formatted(wanted),
                    "give another one with " + option + "; 0 takes a free one");
        }
    }

    private CommandSpec spec() {
        return Objects.requireNonNull(spec, "picocli sets it");
    }
}
