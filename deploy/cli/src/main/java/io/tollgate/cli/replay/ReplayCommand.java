package io.tollgate.cli.replay;

import io.tollgate.aggregator.Progress;
import io.tollgate.cli.ExitCode;
import io.tollgate.cli.Stop;
import io.tollgate.cli.UserException;
import io.tollgate.cli.instance.ReadyFile;
import io.tollgate.cli.instance.RunningInstance;
import io.tollgate.cli.options.Rate;
import io.tollgate.cli.terminal.LiveProgress;
import io.tollgate.cli.trace.Trace;
import io.tollgate.cli.trace.TraceLine;
import io.tollgate.emitter.Emitter;
import io.tollgate.emitter.EmitterConfig;
import io.tollgate.emitter.SaltedTenants;
import io.tollgate.service.ProblemException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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
            "A replay that was interrupted goes on where it stopped when the same is started again.",
            "",
            "Exit status: 0 sent and counted, 65 nothing could be used (or, with --strict, something could not),"
                    + " 66 file not readable, 69 no instance or Kafka away."
        })
public final class ReplayCommand implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(ReplayCommand.class);
    private static final Duration DELIVERY = Duration.ofSeconds(30);

    @Mixin
    private TraceOptions options = new TraceOptions();

    @Option(
            names = "--rate",
            paramLabel = "N/s",
            converter = Rate.Converter.class,
            description = "Send at most so many lines in a time, such as 5000/s, 300/min or 1000000/h.")
    private @Nullable Rate rate;

    @Option(
            names = "--checkpoint",
            paramLabel = "FILE",
            description =
                    "Where it is kept how far a replay came; started again, it goes on from there. Default: a file"
                            + " of its own for each trace, in replays/ beside the ready file.")
    private @Nullable Path checkpoint;

    @Option(names = "--restart", description = "Begin at the first line, whatever the checkpoint says.")
    private boolean restart;

    @Option(
            names = "--dry-run",
            description =
                    "Read the file and tell what would be sent; needs no instance, but goes by the rules of one that"
                            + " runs.")
    private boolean dryRun;

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
        if (dryRun) {
            ReadyFile.Edge edge = instance.findIfRunning().map(ReadyFile::edge).orElse(ReadyFile.Edge.USUAL);
            Trace trace = options.open(Instant.now(), edge.policy());
            warnOfNoIds();
            ReplayResult result = read(trace, new Places(), 0, line -> {}, report);
            report.dry(result, trace);
            return status(result.badLines(), result.sent().count() == 0);
        }
        ReadyFile ready = instance.find();
        Path file = checkpoint == null ? checkpointFile() : checkpoint;
        Optional<Checkpoint> before = restart ? Optional.empty() : Checkpoint.read(file);
        Instant started = before.map(known -> Instant.parse(known.started())).orElseGet(Instant::now);
        Trace trace = options.open(started, ready.edge().policy());
        warnOfNoIds();
        SortedMap<String, String> replay = replay(trace, ready);
        before.ifPresent(known -> known.mustBeOf(replay, file));
        long line = before.map(Checkpoint::line).orElse(0L);
        Places places = before.map(known -> new Places(known.sent())).orElseGet(Places::new);
        RejectedTopic rejected = before.map(known -> new RejectedTopic(ready.kafka(), known.rejectedFrom()))
                .orElseGet(() -> RejectedTopic.fromNow(ready.kafka()));
        LongConsumer save =
                upTo -> new Checkpoint(replay, started.toString(), upTo, rejected.begin(), places.ranges()).write(file);

        ReplayResult result = send(ready, trace, line, started, places, save, report);
        report.sent(result, trace, line);
        KeptOut keptOut = new KeptOut(result.sent(), ReplayReport.SHOWN);
        if (!noWait && result.sent().count() > 0) {
            long deadline = System.nanoTime() + Duration.ofSeconds(waitSeconds).toNanos();
            awaitCounted(ready);
            rejected.read(keptOut::add);
            report.counted(keptOut, countedBefore(ready, places, keptOut, started, deadline));
        }
        delete(file);
        report.next(result.sent().onlyTenant(), keptOut.lastMonthWithUsage());
        return status(result.badLines() + keptOut.count(), result.sent().count() == keptOut.count());
    }

    private int status(long wrong, boolean nothingUsed) {
        return wrong > 0 && (nothingUsed || strict) ? ExitCode.DATA_ERROR : ExitCode.OK;
    }

    private ReplayResult send(
            ReadyFile ready,
            Trace trace,
            long line,
            Instant started,
            Places places,
            LongConsumer save,
            ReplayReport report) {
        // A replay would rather wait than fail: its source is a file.
        EmitterConfig config = ready.emitter()
                .withClientId("tollgate-replay")
                .withMaxBlock(DELIVERY)
                .withDeliveryTimeout(DELIVERY);
        PrintWriter err = spec().commandLine().getErr();
        Stop stop = Stop.with(() -> {}, () -> {
            err.printf("%ntollgate: stopped; the same command goes on where this one was%n");
            err.flush();
        });
        try (Emitter emitter = Emitter.create(config)) {
            Optional<Pace> pace =
                    Optional.ofNullable(rate).map(most -> new Pace(most, System::nanoTime, LockSupport::parkNanos));
            String name = trace.file().getFileName().toString();
            Sender sender = new Sender(emitter, pace, name, line, started, places, save);
            ReplayResult result = read(trace, places, line, sender, report);
            sender.finish(result.lines());
            return result;
        } finally {
            stop.cancel();
        }
    }

    private ReplayResult read(Trace trace, Places places, long from, Consumer<TraceLine> each, ReplayReport report) {
        PrintWriter err = spec().commandLine().getErr();
        try (LiveProgress progress = new LiveProgress("Replaying", "lines", from, trace.lines(), err)) {
            return Replayer.read(trace, places, report.andThen(each), progress);
        } finally {
            report.badLines();
        }
    }

    /** What is replayed, and where to: another file or cluster, or other options, make it another replay. */
    private SortedMap<String, String> replay(Trace trace, ReadyFile ready) {
        SortedMap<String, String> replay = options.given();
        replay.put("the file", trace.digest());
        SaltedTenants salted = ready.edge().saltedTenants();
        if (!salted.tenants().isEmpty()) {
            replay.put(Checkpoint.SALTED, new TreeSet<>(salted.tenants()) + " by " + salted.keys());
        }
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, ready.kafka()))) {
            replay.put("the Kafka cluster", admin.describeCluster().clusterId().get());
        } catch (ExecutionException e) {
            throw new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException(e);
        }
        return replay;
    }

    /** Beside the ready file, because how far a replay came holds for one instance only. */
    private Path checkpointFile() {
        Path file = options.file().toAbsolutePath().normalize();
        UUID name = UUID.nameUUIDFromBytes(file.toString().getBytes(StandardCharsets.UTF_8));
        return instance.directory().resolve("replays").resolve(name + ".json");
    }

    private static void delete(Path checkpoint) {
        try {
            Files.deleteIfExists(checkpoint);
        } catch (IOException e) {
            // The next replay of this file starts behind its last line, which is harmless but puzzling.
            LOG.warn("cannot delete {}", checkpoint, e);
        }
    }

    private void warnOfNoIds() {
        if (options.hasNoIds()) {
            PrintWriter err = spec().commandLine().getErr();
            err.println("tollgate: the mapping names no id columns: a row that also stands in another file of the same"
                    + " mapping and options is taken for the same usage, and counts once");
            err.flush();
        }
    }

    /** How many were counted before; empty when the archive does not tell in time. */
    private static OptionalLong countedBefore(
            ReadyFile ready, Places places, KeptOut keptOut, Instant started, long deadline) {
        try (Progress progress = new Progress(ready.kafka());
                ArchivedPlaces archive = new ArchivedPlaces(ready.clickhouse())) {
            return progress.awaitEverythingArchived(Duration.ofNanos(deadline - System.nanoTime()))
                    ? OptionalLong.of(places.count() - keptOut.count() - archive.accepted(places, started))
                    : OptionalLong.empty();
        } catch (KafkaException | ProblemException e) {
            LOG.warn("cannot tell what was counted before", e);
            return OptionalLong.empty();
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
