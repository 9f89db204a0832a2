package io.tollgate.cli.replay;

import io.tollgate.aggregator.Progress;
import io.tollgate.cli.ExitCode;
import io.tollgate.cli.Sentence;
import io.tollgate.cli.UserException;
import io.tollgate.cli.instance.ReadyFile;
import io.tollgate.cli.instance.RunningInstance;
import io.tollgate.cli.options.PointInTime;
import io.tollgate.cli.trace.AzureLlmTrace;
import io.tollgate.cli.trace.CloudEventsTrace;
import io.tollgate.cli.trace.EventCheck;
import io.tollgate.cli.trace.EventParser;
import io.tollgate.cli.trace.MooncakeTrace;
import io.tollgate.cli.trace.Trace;
import io.tollgate.cli.trace.TraceDimensions;
import io.tollgate.cli.trace.TraceFormat;
import io.tollgate.emitter.Emitter;
import io.tollgate.emitter.EmitterConfig;
import io.tollgate.emitter.rules.EventLimits;
import io.tollgate.emitter.rules.Fault;
import io.tollgate.events.Dimensions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tollgate replay}: a public trace as usage of a tenant. */
@Command(
        name = "replay",
        description = "Sends a trace file through the emitter to a running instance, and waits until it is counted.",
        footer = {
            "",
            "An event's id is derived from what its line says and from the options that describe it, so that replaying"
                    + " a file again adds nothing, and mending a bad line and replaying adds that line. Bad lines are"
                    + " reported with their number and reason and kept in the rejected topic; the rest goes through.",
            "",
            "Exit status: 0 sent and counted, 65 nothing could be used (or, with --strict, something could not),"
                    + " 66 file not readable, 69 no instance or Kafka away."
        })
public final class ReplayCommand implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(ReplayCommand.class);
    private static final Duration DELIVERY = Duration.ofSeconds(30);

    @Parameters(paramLabel = "FILE", description = "The trace; gzip is unpacked.")
    private @Nullable Path file;

    @Option(
            names = "--format",
            required = true,
            paramLabel = "FORMAT",
            converter = Format.Converter.class,
            completionCandidates = Format.Labels.class,
            description = "One of ${COMPLETION-CANDIDATES}.")
    private @Nullable Format format;

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

    @Option(names = "--strict", description = "Exit with status 65 when any line was bad or any event kept out.")
    private boolean strict;

    @Option(names = "--no-wait", description = "Return when Kafka has the events, before they are counted.")
    private boolean noWait;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            defaultValue = "300",
            description = "How long to wait until they are counted. Default: ${DEFAULT-VALUE}.")
    private long waitSeconds;

    @Mixin
    private RunningInstance instance = new RunningInstance();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        CommandLine terminal = spec().commandLine();
        ReplayReport report = new ReplayReport(terminal.getOut(), terminal.getErr());
        TraceFormat traceFormat = traceFormat();
        ReadyFile ready = instance.find();
        Trace trace = open(traceFormat);
        RejectedTopic rejected = RejectedTopic.fromNow(ready.kafka());
        ReplayResult result = send(ready, trace, report);
        report.sent(result, trace);
        KeptOut keptOut = new KeptOut(result.sent(), ReplayReport.SHOWN);
        if (!noWait && result.sent().count() > 0) {
            awaitCounted(ready);
            rejected.read(keptOut::add);
            report.counted(keptOut);
        }
        report.next(result.sent().onlyTenant(), keptOut.lastMonthWithUsage());
        long wrong = result.badLines() + keptOut.count();
        boolean nothing = wrong > 0 && result.sent().count() == keptOut.count();
        return nothing || (strict && wrong > 0) ? ExitCode.DATA_ERROR : ExitCode.OK;
    }

    private TraceFormat traceFormat() {
        Instant now = Instant.now();
        try {
            return switch (Objects.requireNonNull(format, "picocli requires it")) {
                case AZURE_LLM -> new AzureLlmTrace(dimensions(), withinLimits(now));
                case MOONCAKE -> new MooncakeTrace(dimensions(), start, withinLimits(now));
                case CLOUDEVENTS_JSONL -> new CloudEventsTrace(CloudEventLines.withDefaults(defaults(), now));
            };
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    spec().commandLine(), e.getMessage() + "; this format needs --tenant, --provider and --model", e);
        }
    }

    /** The same rules for every way in; what they find wrong would be refused by the job, where nobody sees it. */
    static EventCheck withinLimits(Instant arrival) {
        return event -> {
            List<Fault> faults = EventLimits.check(event, arrival);
            return faults.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new EventParser.Parsed.Rejected(
                            faults.get(0).reason().code(),
                            faults.stream().map(Fault::explanation).distinct().collect(Collectors.joining(" "))));
        };
    }

    private TraceDimensions dimensions() {
        return new TraceDimensions(defaults());
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

    private Trace open(TraceFormat traceFormat) {
        Path trace = Objects.requireNonNull(file, "picocli requires it");
        if (!Files.isRegularFile(trace)) {
            throw new UserException(ExitCode.NO_INPUT, "there is no file " + trace, "give the path of a trace");
        }
        try {
            return Trace.open(trace, traceFormat);
        } catch (IOException e) {
            throw new UserException(ExitCode.NO_INPUT, "cannot read %s: %s".formatted(trace, Sentence.of(e)), "");
        }
    }

    private static ReplayResult send(ReadyFile ready, Trace trace, ReplayReport report) {
        // A replay would rather wait than fail: its source is a file.
        EmitterConfig config = EmitterConfig.to(ready.kafka())
                .withClientId("tollgate-replay")
                .withMaxBlock(DELIVERY)
                .withDeliveryTimeout(DELIVERY);
        try (Emitter emitter = Emitter.create(config);
                ProgressBar bar = new ProgressBarBuilder()
                        .setTaskName("Replaying")
                        .setInitialMax(trace.lines())
                        .setUnit(" lines", 1)
                        .setUpdateIntervalMillis(200)
                        .showSpeed()
                        .build()) {
            return new Replayer(emitter, Instant.now()).replay(trace, bar::stepTo, report);
        } finally {
            report.badLines();
        }
    }

    private void awaitCounted(ReadyFile ready) {
        String problem = "sent, but not counted after %d s".formatted(waitSeconds);
        try (Progress progress = new Progress(ready.kafka())) {
            if (progress.awaitEverythingSentSoFar(Duration.ofSeconds(waitSeconds))) {
                return;
            }
        } catch (KafkaException e) {
            LOG.warn("cannot tell whether everything is counted", e);
            problem = "sent, but Kafka went away before it was known to be counted";
        }
        throw new UserException(
                ExitCode.UNAVAILABLE,
                problem,
                "what was sent is counted in the background as soon as that can be done; the instance's log says if"
                        + " something is in the way");
    }

    private CommandSpec spec() {
        return Objects.requireNonNull(spec, "picocli sets it");
    }
}
