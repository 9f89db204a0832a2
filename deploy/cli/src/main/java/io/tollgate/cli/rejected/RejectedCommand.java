package io.tollgate.cli.rejected;

import io.tollgate.aggregator.Progress;
import io.tollgate.cli.ExitCode;
import io.tollgate.cli.UserException;
import io.tollgate.cli.instance.ReadyFile;
import io.tollgate.cli.instance.RunningInstance;
import io.tollgate.cli.options.Count;
import io.tollgate.cli.options.PointInTime;
import io.tollgate.cli.rejected.RejectedTable.Filter;
import io.tollgate.cli.terminal.TextTable;
import io.tollgate.emitter.Emitter;
import io.tollgate.emitter.EmitterConfig;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tollgate rejected}: the events that were kept out. */
@Command(
        name = "rejected",
        description = "Lists events that were kept out, shows why, and sends them again once the cause is mended.",
        footer = {
            "",
            "A rejection is named by its place, such as 0@123. 'counted' tells whether an event of its source and id is"
                    + " counted by now: itself, sent again; or, for identity_conflict, the other one.",
            "",
            "Exit status of retry: 0 all are counted now, 65 some are not, 69 no instance, Kafka or ClickHouse away."
        })
public final class RejectedCommand {

    private static final Duration DELIVERY = Duration.ofSeconds(30);
    private static final Duration COUNTED_WITHIN = Duration.ofMinutes(5);
    private static final int IDENTITY_SHOWN = 60;

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private RunningInstance instance = new RunningInstance();

    /** Which ones, when they are not named one by one. */
    static final class Which {

        @Option(names = "--reason", paramLabel = "CODE", description = "Only those of this reason.")
        private String reason = "";

        @Option(
                names = "--stage",
                paramLabel = "STAGE",
                description = "Only those kept out by edge, replay or aggregator.")
        private String stage = "";

        @Option(
                names = "--since",
                paramLabel = "INSTANT",
                converter = PointInTime.class,
                description = "Only those kept out since then.")
        private Instant since = Instant.EPOCH;

        @Option(
                names = "--limit",
                paramLabel = "N",
                defaultValue = "100",
                converter = Count.class,
                description = "The newest N at most. Default: ${DEFAULT-VALUE}.")
        private long limit;

        private Filter filter(boolean counted) {
            return new Filter(reason, stage, since, counted);
        }

        private int limit() {
            return (int) Math.min(limit, Integer.MAX_VALUE);
        }
    }

    @Command(name = "list", description = "Lists them, the newest first.")
    int list(
            @Mixin Which which,
            @Option(names = "--all", description = "Also those whose identity is counted by now.") boolean all) {
        try (RejectedTable table = RejectedTable.open(instance.find().clickhouse())) {
            List<Rejected> found = table.newest(which.filter(all), which.limit());
            if (found.isEmpty()) {
                out().println(
                                all
                                        ? "Nothing was kept out."
                                        : "Nothing is kept out; --all shows what is counted by now.");
            } else {
                out().print(listed(found));
            }
            out().flush();
            return ExitCode.OK;
        }
    }

    @Command(name = "show", description = "Shows one with its bytes, and what to do.")
    int show(
            @Parameters(paramLabel = "PLACE", converter = Place.Converter.class, description = "As 'list' shows it.")
                    Place place) {
        try (RejectedTable table = RejectedTable.open(instance.find().clickhouse())) {
            Rejected rejected = table.at(place).orElseThrow(() -> unknown(place));
            PrintWriter out = out();
            out.printf("place     %s%n", rejected.place());
            out.printf(
                    "kept out  %s by %s%n",
                    rejected.at(), rejected.stage().isEmpty() ? "nobody known" : rejected.stage());
            out.printf("reason    %s%n", rejected.reason());
            out.printf("detail    %s%n", Original.printable(rejected.detail()));
            out.printf("origin    %s%n", Original.printable(rejected.origin()));
            out.printf("source    %s%n", Original.printable(rejected.source()));
            out.printf("id        %s%n", Original.printable(rejected.id()));
            out.printf("counted   %s%n", rejected.counted() ? "yes" : "no");
            out.printf("original  %s%n", Original.shown(rejected.original()));
            out.flush();
            return ExitCode.OK;
        }
    }

    @Command(
            name = "retry",
            description = "Sends them again as they came, and waits until they are counted or kept out again.")
    int retry(
            @Parameters(
                            paramLabel = "PLACE",
                            arity = "0..*",
                            converter = Place.Converter.class,
                            description = "Which ones; without any, those of --reason.")
                    @Nullable List<Place> places,
            @Mixin Which which) {
        List<Place> named = places == null ? List.of() : places;
        if (named.isEmpty() && which.reason.isEmpty()) {
            throw new ParameterException(
                    spec().commandLine(), "which ones? name their places, or a reason with --reason");
        }
        ReadyFile ready = instance.find();
        try (RejectedTable table = RejectedTable.open(ready.clickhouse())) {
            List<Rejected> chosen =
                    named.isEmpty() ? table.newest(which.filter(false), which.limit()) : chosen(table, named);
            Retry retry = send(ready, chosen);
            List<Rejected> after = table.at(retry.sent());
            long counted = after.stream().filter(Rejected::counted).count();
            PrintWriter out = out();
            out.printf(
                    "%s sent again, %s of them counted now%n",
                    TextTable.quantity(retry.sent().size()), counted);
            after.stream()
                    .filter(event -> !event.counted())
                    .forEach(event ->
                            out.printf("%s is kept out again: 'tollgate rejected list' says why%n", event.place()));
            retry.left()
                    .forEach((place, problem) ->
                            out.printf("%s was not sent: %s%n", place, Original.printable(problem)));
            out.flush();
            return counted == chosen.size() ? ExitCode.OK : ExitCode.DATA_ERROR;
        }
    }

    private static List<Rejected> chosen(RejectedTable table, List<Place> places) {
        Map<Place, Rejected> found =
                table.at(places).stream().collect(Collectors.toMap(Rejected::place, Function.identity()));
        return places.stream()
                .distinct()
                .map(place -> Optional.ofNullable(found.get(place)).orElseThrow(() -> unknown(place)))
                .toList();
    }

    private static Retry send(ReadyFile ready, List<Rejected> chosen) {
        EmitterConfig config = EmitterConfig.to(ready.kafka())
                .withClientId("tollgate-retry")
                .withMaxBlock(DELIVERY)
                .withDeliveryTimeout(DELIVERY);
        Retry retry;
        try (Emitter emitter = Emitter.create(config)) {
            retry = Retry.of(chosen, emitter, Instant.now());
        }
        try (Progress progress = new Progress(ready.kafka())) {
            if (!retry.sent().isEmpty() && !progress.awaitEverythingArchived(COUNTED_WITHIN)) {
                throw new UserException(
                        ExitCode.UNAVAILABLE,
                        "sent, but not counted after %d s".formatted(COUNTED_WITHIN.toSeconds()),
                        "they are counted in the background; 'tollgate rejected list' shows what still is not");
            }
        }
        return retry;
    }

    private static String listed(List<Rejected> found) {
        TextTable table = new TextTable()
                .left("Place")
                .left("Kept out")
                .left("By")
                .left("Reason")
                .left("Source / id")
                .left("Counted");
        for (Rejected rejected : found) {
            String identity =
                    rejected.id().isEmpty() ? "" : Original.printable(rejected.source() + " / " + rejected.id());
            table.row(
                    rejected.place().toString(),
                    rejected.at().toString(),
                    rejected.stage(),
                    rejected.reason(),
                    identity.length() > IDENTITY_SHOWN ? identity.substring(0, IDENTITY_SHOWN) + "…" : identity,
                    rejected.counted() ? "yes" : "no");
        }
        return table.render();
    }

    private static UserException unknown(Place place) {
        return new UserException(
                ExitCode.NO_INPUT,
                "there is no rejection at " + place,
                "'tollgate rejected list' shows those that there are; a new one is there within a second or two");
    }

    private PrintWriter out() {
        return spec().commandLine().getOut();
    }

    private CommandSpec spec() {
        return Objects.requireNonNull(spec, "picocli sets it");
    }
}
