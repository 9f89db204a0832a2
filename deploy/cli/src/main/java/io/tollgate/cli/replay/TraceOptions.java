package io.tollgate.cli.replay;

import io.tollgate.cli.ExitCode;
import io.tollgate.cli.Sentence;
import io.tollgate.cli.UserException;
import io.tollgate.cli.options.PointInTime;
import io.tollgate.cli.trace.AzureLlmTrace;
import io.tollgate.cli.trace.CloudEventsTrace;
import io.tollgate.cli.trace.EventCheck;
import io.tollgate.cli.trace.EventParser;
import io.tollgate.cli.trace.MappedTrace;
import io.tollgate.cli.trace.Mapping;
import io.tollgate.cli.trace.MappingException;
import io.tollgate.cli.trace.MooncakeTrace;
import io.tollgate.cli.trace.Trace;
import io.tollgate.cli.trace.TraceDimensions;
import io.tollgate.cli.trace.TraceFormat;
import io.tollgate.emitter.rules.EventLimits;
import io.tollgate.emitter.rules.Fault;
import io.tollgate.events.Dimensions;
import io.tollgate.ingest.policy.EventPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Which file is replayed, and what its lines mean. A picocli mixin. */
final class TraceOptions {

    @Parameters(paramLabel = "FILE", description = "The trace; gzip and zstd are unpacked.")
    private @Nullable Path file;

    @Option(
            names = "--format",
            required = true,
            paramLabel = "FORMAT",
            converter = Format.Converter.class,
            completionCandidates = Format.Labels.class,
            description = "One of ${COMPLETION-CANDIDATES}.")
    private @Nullable Format format;

    @Option(
            names = "--mapping",
            paramLabel = "YAML",
            description = "csv and parquet: the file that says what the columns mean.")
    private @Nullable Path mapping;

    @Option(names = "--tenant", paramLabel = "T", description = "Who pays.")
    private String tenant = "";

    @Option(names = "--provider", paramLabel = "P", description = "Whose model it is: openai, anthropic, meta ...")
    private String provider = "";

    @Option(names = "--model", paramLabel = "M", description = "The model that served.")
    private String model = "";

    @Option(names = "--accelerator", paramLabel = "A", description = "What it ran on: nvidia-h100, maia-100 ...")
    private String accelerator = "";

    @Option(names = "--region", paramLabel = "R", description = "Where it ran.")
    private String region = "";

    @Option(names = "--project", paramLabel = "NAME", description = "The tenant's project.")
    private String project = "";

    @Option(names = "--tag", paramLabel = "K=V", description = "A label for chargeback; may be given more than once.")
    private Map<String, String> tags = new TreeMap<>();

    @Option(
            names = "--start",
            paramLabel = "INSTANT",
            converter = PointInTime.class,
            description = "mooncake only: when the trace began, as its times count from there. Default:"
                    + " 2024-07-01T00:00:00Z.")
    private Instant start = MooncakeTrace.DEFAULT_START;

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    Path file() {
        return Objects.requireNonNull(file, "picocli requires it");
    }

    /**
     * Looks through the file.
     *
     * @param arrival what the rules that look at the clock take for now
     * @param policy which events are let in, of whatever age
     * @throws UserException when it, or the mapping, cannot be read
     */
    Trace open(Instant arrival, EventPolicy policy) {
        TraceFormat traceFormat = format(arrival, policy);
        if (!Files.exists(file())) {
            throw new UserException(ExitCode.NO_INPUT, "there is no file " + file, "give the path of a trace");
        }
        if (!Files.isRegularFile(file())) {
            throw new UserException(
                    ExitCode.NO_INPUT,
                    file + (Files.isDirectory(file()) ? " is a directory" : " is no regular file, and is read twice"),
                    "give the path of one trace");
        }
        try {
            return Trace.open(file(), traceFormat);
        } catch (IOException e) {
            throw new UserException(ExitCode.NO_INPUT, "cannot read %s: %s".formatted(file, Sentence.of(e)), "");
        }
    }

    /** Whether rows are told apart by nothing but what they say. */
    boolean hasNoIds() {
        return mapping != null && mapping().id().isEmpty();
    }

    /** What was asked, by the names of the options: of all that decides what the events look like. */
    SortedMap<String, String> given() {
        Dimensions dimensions = defaults();
        TreeMap<String, String> given = new TreeMap<>();
        given.put("--format", String.valueOf(format));
        given.put("--tenant", dimensions.getTenant());
        given.put("--provider", dimensions.getProvider());
        given.put("--model", dimensions.getModel());
        given.put("--accelerator", dimensions.getAcceleratorType());
        given.put("--region", dimensions.getRegion());
        given.put("--project", dimensions.getProject());
        given.put("--tag", new TreeMap<>(dimensions.getTags()).toString());
        given.put("--start", start.toString());
        given.put("--mapping", mapping == null ? "" : mapping().canonical());
        return given;
    }

    private TraceFormat format(Instant arrival, EventPolicy policy) {
        Format asked = Objects.requireNonNull(format, "picocli requires it");
        boolean table = asked == Format.CSV || asked == Format.PARQUET;
        if (table != (mapping != null)) {
            throw new ParameterException(
                    spec().commandLine(),
                    table
                            ? "--format " + asked + " needs --mapping, which says what the columns mean"
                            : "--mapping is for csv and parquet; " + asked + " says itself what its columns mean");
        }
        try {
            return switch (asked) {
                case AZURE_LLM -> new AzureLlmTrace(new TraceDimensions(defaults()), rules(arrival, policy));
                case MOONCAKE -> new MooncakeTrace(new TraceDimensions(defaults()), start, rules(arrival, policy));
                case CLOUDEVENTS_JSONL ->
                    new CloudEventsTrace(CloudEventLines.withDefaults(defaults(), arrival, policy));
                case CSV -> table(MappedTrace.Form.CSV, arrival, policy);
                case PARQUET -> table(MappedTrace.Form.PARQUET, arrival, policy);
            };
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    spec().commandLine(), e.getMessage() + "; this format needs --tenant, --provider and --model", e);
        }
    }

    private MappedTrace table(MappedTrace.Form form, Instant arrival, EventPolicy policy) {
        if (!project.isEmpty() || !tags.isEmpty()) {
            throw new ParameterException(
                    spec().commandLine(), "--project and --tag are the mapping's business here: say {constant: VALUE}");
        }
        Mapping columns = mapping();
        for (Map.Entry<String, String> option :
                new TreeMap<>(Map.of("model", model, "provider", provider, "tenant", tenant)).entrySet()) {
            if (option.getValue().isEmpty() && !columns.data().containsKey(option.getKey())) {
                throw new ParameterException(
                        spec().commandLine(),
                        "%s says no %s; add it there, or give --%s"
                                .formatted(mapping, option.getKey(), option.getKey()));
            }
        }
        return new MappedTrace(
                form,
                columns,
                List.of(tenant, provider, model, accelerator, region),
                CloudEventLines.withDefaults(defaults(), arrival, policy));
    }

    private Mapping mapping() {
        try {
            return Mapping.read(Objects.requireNonNull(mapping, "asked before"));
        } catch (MappingException e) {
            throw new UserException(ExitCode.DATA_ERROR, String.valueOf(e.getMessage()), "");
        } catch (IOException e) {
            throw new UserException(ExitCode.NO_INPUT, "cannot read %s: %s".formatted(mapping, Sentence.of(e)), "");
        }
    }

    /** The same rules for every way in; what they find wrong would be refused by the job, where nobody sees it. */
    static EventCheck rules(Instant arrival, EventPolicy policy) {
        return event -> {
            List<Fault> limits = EventLimits.check(event, arrival);
            List<Fault> faults = limits.isEmpty() ? policy.check(event, arrival, true) : limits;
            return faults.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new EventParser.Parsed.Rejected(
                            faults.get(0).reason().code(),
                            faults.stream().map(Fault::explanation).distinct().collect(Collectors.joining(" "))));
        };
    }

    private Dimensions defaults() {
        return Dimensions.newBuilder()
                .setTenant(tenant)
                .setProject(project)
                .setTags(tags)
                .setProvider(provider)
                .setModel(model)
                .setAcceleratorType(accelerator)
                .setRegion(region)
                .build();
    }

    private CommandSpec spec() {
        return Objects.requireNonNull(spec, "picocli sets it");
    }
}
