package io.tollgate.cli.replay;

import io.tollgate.aggregator.Progress;
import io.tollgate.cli.ExitCode;
import io.tollgate.cli.UserException;
import io.tollgate.cli.instance.ReadyFile;
import io.tollgate.cli.instance.RunningInstance;
import io.tollgate.cli.trace.AzureLlmTrace;
import io.tollgate.cli.trace.CloudEventsTrace;
import io.tollgate.cli.trace.MooncakeTrace;
import io.tollgate.cli.trace.Trace;
import io.tollgate.cli.trace.TraceDimensions;
import io.tollgate.cli.trace.TraceFormat;
import io.tollgate.cli.trace.TraceLine;
import io.tollgate.emitter.Emitter;
import io.tollgate.emitter.EmitterConfig;
import io.tollgate.events.Dimensions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;
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
            "Exit status: 0 sent and counted, 65 no line could be used (or, with --strict, some could not),"
                    + " 66 file not readable, 69 no instance or Kafka away."
        })
public final class ReplayCommand implements Callable<Integer> {

    enum Format {
        AZURE_LLM("azure-llm"),
        MOONCAKE("mooncake"),
        CLOUDEVENTS_JSONL("cloudevents-jsonl");

        private final String label;

        Format(String label) {
            this.label = label;
        }

        @Override
        public String toString() {
            return label;
        }
    }

    private static final int SHOWN_BAD_LINES = 1_000;
    private static final Duration DELIVERY = Duration.ofSeconds(30);

    @Parameters(paramLabel = "FILE", description = "The trace; gzip is unpacked.")
    private @Nullable Path file;

    @Option(
            names = "--format",
            required = true,
            paramLabel = "FORMAT",
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
            description = "mooncake only: when the trace began, as its times count from there. Default:"
                    + " 2024-07-01T00:00:00Z.")
    private Instant start = MooncakeTrace.DEFAULT_START;

    @Option(names = "--strict", description = "Exit with status 65 when any line was bad.")
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
        PrintWriter out = spec().commandLine().getOut();
        PrintWriter err = spec().commandLine().getErr();
        TraceFormat traceFormat = traceFormat();
        ReadyFile ready = instance.find();
        Trace trace = open(traceFormat);
        ReplayResult result = send(ready, trace, err);
        report(result, trace, out);
        if (!noWait && !isCounted(ready)) {
            throw new UserException(
                    ExitCode.UNAVAILABLE,
                    "sent, but not counted after %d s".formatted(waitSeconds),
                    "it goes on in the background; the instance's log says if something is in the way");
        }
        if (!noWait) {
            out.println("Counted: every event is in ClickHouse.");
        }
        result.last()
                .ifPresent(last -> out.printf(
                        "Next: deploy/tollgate invoice --tenant %s --period %s%n",
                        tenant.isEmpty() ? "TENANT" : tenant, YearMonth.from(last.atZone(ZoneOffset.UTC))));
        out.flush();
        boolean nothing = result.sent() == 0 && result.badLines() > 0;
        return nothing || (strict && result.badLines() > 0) ? ExitCode.DATA_ERROR : ExitCode.OK;
    }

    private TraceFormat traceFormat() {
        try {
            return switch (Objects.requireNonNull(format, "picocli requires it")) {
                case AZURE_LLM -> new AzureLlmTrace(dimensions());
                case MOONCAKE -> new MooncakeTrace(dimensions(), start);
                case CLOUDEVENTS_JSONL -> new CloudEventsTrace(CloudEventLines.withDefaults(defaults(), Instant.now()));
            };
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    spec().commandLine(), e.getMessage() + "; this format needs --tenant, --provider and --model", e);
        }
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
            throw new UserException(ExitCode.NO_INPUT, "cannot read %s: %s".formatted(trace, e.getMessage()), "");
        }
    }

    private ReplayResult send(ReadyFile ready, Trace trace, PrintWriter err) {
        // A replay would rather wait than fail: its source is a file.
        EmitterConfig config = EmitterConfig.to(ready.kafka())
                .withClientId("tollgate-replay")
                .withMaxBlock(DELIVERY)
                .withDeliveryTimeout(DELIVERY);
        BadLines badLines = new BadLines(err, SHOWN_BAD_LINES);
        try (Emitter emitter = Emitter.create(config);
                ProgressBar bar = new ProgressBarBuilder()
                        .setTaskName("Replaying")
                        .setInitialMax(trace.lines())
                        .setUnit(" lines", 1)
                        .setUpdateIntervalMillis(200)
                        .showSpeed()
                        .build()) {
            return new Replayer(emitter, Instant.now()).replay(trace, bar::stepTo, badLines);
        } finally {
            badLines.finish();
        }
    }

    private boolean isCounted(ReadyFile ready) {
        try (Progress progress = new Progress(ready.kafka())) {
            return progress.awaitEverythingSentSoFar(Duration.ofSeconds(waitSeconds));
        }
    }

    private static void report(ReplayResult result, Trace trace, PrintWriter out) {
        out.printf("Sent %,d events of %s", result.sent(), trace.file().getFileName());
        result.first()
                .ifPresent(first ->
                        out.printf(", from %s to %s", first, result.last().orElse(first)));
        out.printf(" (%.1f s)%n", result.seconds());
        if (result.badLines() > 0) {
            out.printf("Bad lines: %,d, kept in the rejected topic:%n", result.badLines());
            result.bad().forEach((reason, count) -> out.printf("  %,8d  %s%n", count, reason));
        }
        out.flush();
    }

    private CommandSpec spec() {
        return Objects.requireNonNull(spec, "picocli sets it");
    }

    /** Tells of the first bad lines one by one; all of them are counted. */
    private static final class BadLines implements java.util.function.Consumer<TraceLine.Bad> {

        private final PrintWriter err;
        private final int shown;
        private final List<TraceLine.Bad> first = new java.util.ArrayList<>();
        private long count;

        BadLines(PrintWriter err, int shown) {
            this.err = err;
            this.shown = shown;
        }

        @Override
        public void accept(TraceLine.Bad line) {
            count++;
            if (first.size() < shown) {
                first.add(line);
            }
        }

        /** Printed once the progress bar is gone, which would write over them. */
        void finish() {
            first.forEach(line -> err.printf("line %d: %s: %s%n", line.lineNumber(), line.reason(), line.detail()));
            if (count > shown) {
                err.printf("... and %,d more bad lines; each is in the rejected topic%n", count - shown);
            }
            err.flush();
        }
    }
}
