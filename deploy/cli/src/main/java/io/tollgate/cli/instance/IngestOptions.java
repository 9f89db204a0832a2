package io.tollgate.cli.instance;

import io.tollgate.cli.ExitCode;
import io.tollgate.cli.Sentence;
import io.tollgate.cli.UserException;
import io.tollgate.cli.options.Count;
import io.tollgate.cli.options.Size;
import io.tollgate.cli.options.Span;
import io.tollgate.emitter.SaltedTenants;
import io.tollgate.emitter.SpoolConfig;
import io.tollgate.ingest.edge.IngestConfig;
import io.tollgate.ingest.http.InFlight;
import io.tollgate.ingest.otlp.OtlpMapping;
import io.tollgate.ingest.policy.EventPolicy;
import io.tollgate.meters.MeterCatalogue;
import io.tollgate.meters.MeterDefinition;
import io.tollgate.service.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What the HTTP edge lets in, how much at once, and where events go while Kafka is away. */
final class IngestOptions {

    private static final String ANY = "any";

    @Option(
            names = "--max-age",
            paramLabel = "TIME",
            converter = Span.class,
            defaultValue = "35d",
            description = "How old usage may be that is no backfill (default: ${DEFAULT-VALUE}).")
    private Duration maxAge = EventPolicy.AGE_MAX;

    @Option(
            names = "--backfill-by",
            paramLabel = "ROLE",
            split = ",",
            description =
                    "Whose token may send older usage, when the request says so: admin, platform or both, by a comma"
                            + " (default: both).")
    private @Nullable List<Role> backfillBy;

    @Option(
            names = "--refuse-unknown-meters",
            description = "Keep out events with a meter that is in no catalogue; see 'tollgate meters'.")
    private boolean refuseUnknownMeters;

    @Option(
            names = "--models",
            paramLabel = "FILE",
            description = "Keep out events of models that are not in this file: one provider/model a line, # begins a"
                    + " comment.")
    private @Nullable Path models;

    @Option(
            names = "--operations",
            paramLabel = "NAME",
            split = ",",
            description = "The operations that are known, by commas; 'any' knows all. Default: the usual ones.")
    private @Nullable Set<String> operations;

    @Option(
            names = "--tiers",
            paramLabel = "NAME",
            split = ",",
            description = "The service tiers that are known, by commas; 'any' knows all. Default: the usual ones.")
    private @Nullable Set<String> tiers;

    @Option(
            names = "--kafka-patience",
            paramLabel = "TIME",
            converter = Span.class,
            defaultValue = "10s",
            description = "How long a request waits until its events are safe, before it is answered 503"
                    + " (default: ${DEFAULT-VALUE}).")
    private Duration kafkaPatience = Duration.ofSeconds(10);

    @Option(
            names = "--max-requests",
            paramLabel = "N",
            converter = Count.class,
            description = "Requests at once; what is more is answered 429 (default: 256).")
    private @Nullable Long maxRequests;

    @Option(
            names = "--request-memory",
            paramLabel = "SIZE",
            converter = Size.class,
            description = "Memory for all requests together (default: an eighth of the heap, 12MiB to 256MiB). At"
                    + " least 12MiB; a body of OpenTelemetry may have a half of it, in JSON a quarter.")
    private @Nullable Long requestMemory;

    @Option(
            names = "--request-disk",
            paramLabel = "SIZE",
            converter = Size.class,
            description = "Disk for the large bodies of all requests together, 16MiB to 2GiB (default: 1GiB).")
    private @Nullable Long requestDisk;

    @Option(
            names = "--spool",
            paramLabel = "DIR",
            description =
                    "Where events are kept while Kafka is away, for this process alone. Default: spool in the data"
                            + " directory.")
    private @Nullable Path spool;

    @Option(
            names = "--spool-size",
            paramLabel = "SIZE",
            converter = Size.class,
            defaultValue = "1GiB",
            description = "What the spool may have, 32MiB at least; when it is full, requests are answered 503"
                    + " (default: ${DEFAULT-VALUE}).")
    private long spoolSize = 1L << 30;

    @Option(names = "--no-spool", description = "Answer 503 while Kafka is away.")
    private boolean noSpool;

    @Option(
            names = "--salted-tenants",
            paramLabel = "TENANT",
            split = ",",
            description = "Tenants whose events are spread over partitions, by commas; the same for all that send their"
                    + " events.")
    private Set<String> saltedTenants = Set.of();

    @Option(
            names = "--salt-keys",
            paramLabel = "N",
            description = "By how many keys each of them is spread, several times the number of partitions"
                    + " (default: ${DEFAULT-VALUE}).")
    private int saltKeys = 16;

    @Option(
            names = "--otlp-mapping",
            paramLabel = "FILE",
            description =
                    "Which attributes of OpenTelemetry give tenant, project and the rest, in YAML; what it leaves out"
                            + " is as usual.")
    private @Nullable Path otlpMapping;

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    /**
     * As these options say.
     *
     * @param usual the edge without them, with the spool that it has by default
     * @throws ParameterException when an option is out of range, or contradicts another
     * @throws UserException when the list of models cannot be read
     */
    IngestConfig apply(IngestConfig usual, MeterCatalogue meters) {
        check(!noSpool || spool == null, "--no-spool and --spool contradict each other");
        try {
            InFlight.Limits limits = usual.inFlight();
            IngestConfig config = usual.withPolicy(policy(meters))
                    .withKafkaPatience(kafkaPatience)
                    .withInFlight(new InFlight.Limits(
                            bounded("--max-requests", maxRequests, 1, limits.requests()),
                            bounded(
                                    "--request-memory",
                                    requestMemory,
                                    InFlight.Limits.MEMORY_MIN,
                                    limits.memoryBytes()),
                            bounded("--request-disk", requestDisk, InFlight.Limits.DISK_MIN, limits.diskBytes())))
                    .withMayBackfill(backfillBy == null ? usual.mayBackfill() : EnumSet.copyOf(backfillBy))
                    .withSpool(spool(usual.spool()))
                    .withOtlp(otlpMapping == null ? usual.otlp() : mappingIn(otlpMapping));
            return saltedTenants.isEmpty()
                    ? config
                    : config.withSaltedTenants(new SaltedTenants(saltedTenants, saltKeys));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec().commandLine(), Sentence.of(e), e);
        }
    }

    private Optional<SpoolConfig> spool(Optional<SpoolConfig> usual) {
        if (noSpool) {
            return Optional.empty();
        }
        Optional<SpoolConfig> wanted = spool == null ? usual : Optional.of(SpoolConfig.in(spool));
        return wanted.map(config -> {
            long least = 2 * config.segmentBytes();
            check(spoolSize >= least, "--spool-size is below %dMiB, the least".formatted(least >> 20));
            return config.withMaxBytes(spoolSize);
        });
    }

    private EventPolicy policy(MeterCatalogue meters) {
        EventPolicy policy = EventPolicy.DEFAULT
                .withAgeMax(maxAge)
                .withKnown(known(operations, EventPolicy.OPERATIONS), known(tiers, EventPolicy.SERVICE_TIERS))
                .withModels(Optional.ofNullable(models).map(IngestOptions::modelsIn));
        return refuseUnknownMeters
                ? policy.withMeters(Optional.of(meters.definitions().stream()
                        .map(MeterDefinition::name)
                        .collect(Collectors.toUnmodifiableSet())))
                : policy;
    }

    private static Optional<Set<String>> known(@Nullable Set<String> given, Set<String> usual) {
        if (given == null) {
            return Optional.of(usual);
        }
        return given.contains(ANY) ? Optional.empty() : Optional.of(given);
    }

    private static Set<String> modelsIn(Path file) {
        try {
            return Files.readAllLines(file).stream()
                    .map(line -> line.replaceFirst("#.*", "").strip())
                    .filter(line -> !line.isEmpty())
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UserException(
                    ExitCode.USAGE,
                    "cannot read the models in %s: %s".formatted(file, Sentence.of(e)),
                    "give a text file with one provider/model a line");
        }
    }

    private static OtlpMapping mappingIn(Path file) {
        try {
            return OtlpMapping.parse(Files.readString(file));
        } catch (IOException | IllegalArgumentException e) {
            throw new UserException(
                    ExitCode.USAGE,
                    "cannot use the mapping in %s: %s".formatted(file, Sentence.of(e)),
                    "see ingest/OTLP.md for what it may say");
        }
    }

    private int bounded(String option, @Nullable Long given, int least, int usual) {
        check(given == null || given <= Integer.MAX_VALUE, option + " is too large; it must be below 2^31");
        check(
                given == null || given >= least,
                "%s is below %dMiB, with which the largest requests would never be taken"
                        .formatted(option, least >> 20));
        return given == null ? usual : (int) (long) given;
    }

    private void check(boolean condition, String problem) {
        if (!condition) {
            throw new ParameterException(spec().commandLine(), problem);
        }
    }

    private CommandSpec spec() {
        return Objects.requireNonNull(spec, "picocli sets it");
    }
}
