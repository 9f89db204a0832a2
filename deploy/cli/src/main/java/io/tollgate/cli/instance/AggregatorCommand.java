package io.tollgate.cli.instance;

import com.codahale.metrics.MetricRegistry;
import io.tollgate.aggregator.Aggregator;
import io.tollgate.aggregator.AggregatorConfig;
import io.tollgate.aggregator.OnStop;
import io.tollgate.aggregator.clickhouse.WriterConfig;
import io.tollgate.aggregator.topology.TopologyConfig;
import io.tollgate.cli.ExitCode;
import io.tollgate.cli.Logs;
import io.tollgate.cli.Sentence;
import io.tollgate.cli.UserException;
import io.tollgate.cli.meters.MeterFile;
import io.tollgate.cli.options.Count;
import io.tollgate.cli.options.PartitionCount;
import io.tollgate.cli.options.Span;
import io.tollgate.emitter.UsageTopics;
import io.tollgate.meters.MeterCatalogue;
import io.tollgate.service.HttpService;
import io.tollgate.service.ListenOn;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tollgate aggregator}: one instance of the aggregator in the foreground, on parts that somebody else runs. */
@Command(
        name = "aggregator",
        description = "Runs one instance of the aggregator in the foreground. Several share the partitions of"
                + " usage-events among them. Ctrl-C or SIGTERM stops it.",
        footer = {
            "",
            "Health is at /health (does it work now?) and /health/live (is it worth keeping?) of the admin port,"
                    + " metrics at /metrics, from the start on. aggregator/OPERATIONS.md says how to choose the options."
        })
public final class AggregatorCommand implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(AggregatorCommand.class);
    private static final int PORT_MAX = 65_535;
    private static final Duration HORIZON_MIN = Duration.ofDays(35);
    private static final String HINT = "nothing that was accepted is lost: it is counted when an instance runs again";

    @Option(
            names = "--kafka",
            required = true,
            paramLabel = "HOST:PORT[,HOST:PORT]",
            converter = Addresses.Kafka.class,
            description = "The Kafka (3.7 or later) that holds usage-events.")
    private @Nullable String kafka;

    @Option(
            names = "--clickhouse-url",
            required = true,
            paramLabel = "URL",
            converter = Addresses.ClickHouse.class,
            description = "The ClickHouse (25.3 or later): http://[user:password@]host:port[/database]")
    private @Nullable String clickhouseUrl;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Where state and log are kept, for this instance alone. What is lost is restored from Kafka."
                    + " Default: aggregator below the usual data directory.")
    private @Nullable Path data;

    @Option(
            names = "--instance-id",
            paramLabel = "ID",
            description =
                    "Tells this instance from the others, and is the same after a restart. Default: the host name.")
    private @Nullable String instanceId;

    @Option(names = "--threads", paramLabel = "N", description = "Stream threads (default: ${DEFAULT-VALUE}).")
    private int threads = 2;

    @Option(
            names = "--standby-replicas",
            paramLabel = "N",
            description = "Warm copies of each partition's state on other instances (default: ${DEFAULT-VALUE}).")
    private int standbyReplicas;

    @Option(
            names = "--commit-interval",
            paramLabel = "TIME",
            converter = Span.class,
            defaultValue = "250ms",
            description = "How often totals are published (default: ${DEFAULT-VALUE}).")
    private Duration commitInterval = Duration.ofMillis(250);

    @Option(
            names = "--session-timeout",
            paramLabel = "TIME",
            converter = Span.class,
            defaultValue = "6s",
            description = "How long after its last sign of life this instance is replaced (default: ${DEFAULT-VALUE}).")
    private Duration sessionTimeout = Duration.ofSeconds(6);

    @Option(
            names = "--on-stop",
            paramLabel = "leave|stay",
            description = "Give the partitions to the other instances at a stop, or keep them for a restart within the"
                    + " session timeout. Default: leave when there are standby replicas, else stay.")
    private @Nullable OnStop onStop;

    @Option(
            names = "--dedup-horizon",
            paramLabel = "TIME",
            converter = Span.class,
            defaultValue = "36d",
            description = "How long duplicates are known, from arrival; at least 35d (default: ${DEFAULT-VALUE}).")
    private Duration dedupHorizon = TopologyConfig.USUAL.dedupHorizon();

    @Option(
            names = "--ids-in-memory",
            paramLabel = "N",
            description = "Identities of each partition in memory before they become a file, some 80 bytes each"
                    + " (default: ${DEFAULT-VALUE}).")
    private int idsInMemory = TopologyConfig.USUAL.idsInMemory();

    @Option(
            names = "--rollups-in-memory",
            paramLabel = "N",
            description = "Rollups of each partition at hand, some 500 bytes each (default: ${DEFAULT-VALUE}).")
    private int rollupsInMemory = TopologyConfig.USUAL.rollupsInMemory();

    @Option(
            names = "--meters",
            paramLabel = "FILE",
            description = "Count the meters in this file (YAML or JSON) as it says; the same file for all instances."
                    + " See 'tollgate meters'.")
    private @Nullable Path meters;

    @Option(
            names = "--archive",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Keep every event and every rejected one in ClickHouse beside the rollups (on by default).")
    private boolean archive = true;

    @Option(
            names = "--pause-at-rollup-lag",
            paramLabel = "N",
            converter = Count.class,
            description = "Let the job wait while ClickHouse is so many rollup records behind it"
                    + " (default: ${DEFAULT-VALUE}).")
    private long pauseAtRollupLag = WriterConfig.USUAL.pauseAtRollupLag();

    @Option(
            names = "--partitions",
            paramLabel = "N",
            converter = PartitionCount.class,
            description = "Create usage-events with so many partitions if it is not there.")
    private @Nullable Integer partitions;

    @Option(
            names = "--admin-host",
            paramLabel = "ADDRESS",
            description = "Where health and metrics are served (default: ${DEFAULT-VALUE}).")
    private String adminHost = "127.0.0.1";

    @Option(
            names = "--admin-port",
            paramLabel = "PORT",
            description = "0 takes a free one (default: ${DEFAULT-VALUE}).")
    private int adminPort = 8092;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec().commandLine().getOut();
        Path root = data == null ? DataDirectory.defaultRoot().resolve("aggregator") : data;
        AggregatorConfig config = config(root);
        try (DataDirectory directory = DataDirectory.open(root)) {
            Logs.to(directory.log("aggregator"));
            refuseAbsentParts(config);
            throw run(config, out);
        }
    }

    private static void refuseAbsentParts(AggregatorConfig config) {
        try {
            Probe.externalParts(new InstanceOptions(
                    Optional.of(config.bootstrapServers()),
                    Optional.of(config.clickhouseUrl()),
                    Optional.empty(),
                    InstanceOptions.WantedPorts.ANY));
        } catch (UserException e) {
            // None is started here.
            throw new UserException(e.exitCode(), Sentence.of(e), "start it, or correct its address");
        }
    }

    /** Returns never but by a failure. */
    private UserException run(AggregatorConfig config, PrintWriter out) {
        MetricRegistry metrics = new MetricRegistry();
        Aggregator job = started(() -> {
            if (partitions != null) {
                UsageTopics.ensure(config.bootstrapServers(), partitions);
            }
            return Aggregator.start(config, metrics);
        });
        HttpService admin = adminOf(job, metrics);
        Foreground foreground = Foreground.of(
                () -> {
                    job.close();
                    admin.close();
                },
                job.failure());
        out.printf(
                "Aggregator %s with %d threads on %s%n",
                config.instanceId(), config.threads(), config.bootstrapServers());
        out.printf("  %-8s %s   /health, /health/live, /metrics%n", "admin", admin.adminUri());
        out.printf("  %-8s %s%n", "state", config.stateDirectory());
        out.printf("  %-8s %s%n", "log", Logs.file());
        out.flush();
        var unused = CompletableFuture.runAsync(() -> tellWhenRunning(job, out));
        return foreground.hold(HINT);
    }

    private static void tellWhenRunning(Aggregator job, PrintWriter out) {
        try {
            job.awaitRunning(Duration.ofDays(3_650));
            out.println("Running.");
            out.flush();
        } catch (IllegalStateException e) {
            LOG.info("it never ran", e);
        }
    }

    private HttpService adminOf(Aggregator job, MetricRegistry metrics) {
        try {
            HttpService admin =
                    started(() -> AggregatorAdmin.start(job, metrics, new ListenOn(adminHost, 0, adminPort)));
            if (adminPort != 0 && admin.adminPort() != adminPort) {
                admin.close();
                throw new UserException(
                        ExitCode.UNAVAILABLE,
                        "port %d is taken".formatted(adminPort),
                        "give another one with --admin-port; 0 takes a free one");
            }
            return admin;
        } catch (RuntimeException e) {
            job.close();
            throw e;
        }
    }

    private static <T> T started(Supplier<T> start) {
        try {
            return start.get();
        } catch (UserException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.error("the aggregator did not start", e);
            throw new UserException(
                    ExitCode.UNAVAILABLE,
                    "the aggregator did not start: " + Sentence.of(e),
                    "the log has the details: " + Logs.file());
        }
    }

    private AggregatorConfig config(Path root) {
        check(adminPort >= 0 && adminPort <= PORT_MAX, "--admin-port " + adminPort + " is not 0 to " + PORT_MAX);
        check(
                dedupHorizon.compareTo(HORIZON_MIN) >= 0,
                "--dedup-horizon is less than 35d: a duplicate that comes later would be billed again");
        try {
            AggregatorConfig config = AggregatorConfig.of(
                            Objects.requireNonNull(kafka, "required"),
                            Objects.requireNonNull(clickhouseUrl, "required"),
                            root.resolve("streams").toAbsolutePath().normalize(),
                            instanceId == null ? hostName() : instanceId)
                    .withThreads(threads)
                    .withStandbyReplicas(standbyReplicas)
                    .withCommitInterval(commitInterval)
                    .withSessionTimeout(sessionTimeout)
                    .withTopology(new TopologyConfig(
                            dedupHorizon,
                            idsInMemory,
                            rollupsInMemory,
                            meters == null ? MeterCatalogue.usual() : MeterFile.read(meters)))
                    .withWriters(WriterConfig.USUAL.withArchive(archive).withPauseAtRollupLag(pauseAtRollupLag));
            return onStop == null ? config : config.withOnStop(onStop);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec().commandLine(), Sentence.of(e), e);
        }
    }

    private void check(boolean condition, String problem) {
        if (!condition) {
            throw new ParameterException(spec().commandLine(), problem);
        }
    }

    private String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            throw new ParameterException(
                    spec().commandLine(), "this host does not know its name; give one with --instance-id", e);
        }
    }

    private CommandSpec spec() {
        return Objects.requireNonNull(spec, "picocli sets it");
    }
}
