package io.tollgate.cli.rejected;

import com.fasterxml.jackson.databind.JsonNode;
import io.tollgate.aggregator.Progress;
import io.tollgate.cli.ExitCode;
import io.tollgate.cli.UserException;
import io.tollgate.cli.api.ApiClient;
import io.tollgate.cli.instance.ReadyFile;
import io.tollgate.cli.instance.RunningInstance;
import io.tollgate.cli.options.Count;
import io.tollgate.cli.options.PointInTime;
import io.tollgate.cli.rejected.RejectedEvents.Retried;
import io.tollgate.cli.terminal.TextTable;
import io.tollgate.ingest.rejected.Place;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
            "Exit status of retry: 0 all are counted now, 65 some are not or, behind --limit, are left, 69 no instance, Kafka or ClickHouse away."
        })
public final class RejectedCommand {

    private static final Duration COUNTED_WITHIN = Duration.ofMinutes(5);
    private static final int IDENTITY_SHOWN = 60;
    private static final long LISTED = 100;
    private static final String CONFLICT = "identity_conflict";

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
        private @Nullable Instant since;

        @Option(
                names = "--limit",
                paramLabel = "N",
                converter = Count.class,
                description = "The newest N at most. Default: 100 to list, all to retry.")
        private @Nullable Long limit;

        @Option(
                names = "--until",
                paramLabel = "INSTANT",
                converter = PointInTime.class,
                description = "Only those kept out before.")
        private @Nullable Instant until;

        /** As it stands in an address. */
        private String filter() {
            return (reason.isEmpty() ? "" : "&reason=" + ApiClient.encode(reason))
                    + (stage.isEmpty() ? "" : "&stage=" + ApiClient.encode(stage))
                    + (since == null ? "" : "&since=" + since)
                    + (until == null ? "" : "&until=" + until);
        }
    }

    @Command(name = "list", description = "Lists them, the newest first.")
    int list(
            @Mixin Which which,
            @Option(names = "--all", description = "Also those whose identity is counted by now.") boolean all) {
        List<JsonNode> found = events(instance.find())
                .newest(which.filter() + (all ? "" : "&counted=false"), which.limit == null ? LISTED : which.limit);
        if (found.isEmpty()) {
            out().println(all ? "Nothing was kept out." : "Nothing is kept out; --all shows what is counted by now.");
        } else {
            out().print(listed(found));
        }
        out().flush();
        return ExitCode.OK;
    }

    @Command(name = "show", description = "Shows one with its bytes, and what to do.")
    int show(
            @Parameters(paramLabel = "PLACE", converter = PlaceOption.class, description = "As 'list' shows it.")
                    Place place) {
        JsonNode whole = events(instance.find()).whole(place).orElseThrow(() -> unknown(place));
        JsonNode rejected = whole.path("rejected");
        String stage = rejected.path("stage").asText();
        PrintWriter out = out();
        out.printf("place     %s%n", place);
        out.printf(
                "kept out  %s by %s%n", rejected.path("rejectedAt").asText(), stage.isEmpty() ? "nobody known" : stage);
        out.printf("reason    %s%n", rejected.path("reason").asText());
        out.printf("detail    %s%n", Printable.line(rejected.path("detail").asText()));
        out.printf("origin    %s%n", Printable.line(rejected.path("origin").asText()));
        out.printf(
                "source    %s%n", Printable.line(rejected.at("/identity/source").asText()));
        out.printf("id        %s%n", Printable.line(rejected.at("/identity/id").asText()));
        out.printf("counted   %s%n", rejected.path("counted").asBoolean() ? "yes" : "no");
        out.printf("original  %s%n", Printable.original(whole));
        out.flush();
        return ExitCode.OK;
    }

    @Command(
            name = "retry",
            description = "Sends them again as they came, and waits until they are counted or kept out again.")
    int retry(
            @Parameters(
                            paramLabel = "PLACE",
                            arity = "0..*",
                            converter = PlaceOption.class,
                            description = "Which ones; without any, all of --reason.")
                    @Nullable List<Place> places,
            @Mixin Which which) {
        List<Place> named =
                places == null ? List.of() : places.stream().distinct().toList();
        if (named.isEmpty() && which.reason.isEmpty()) {
            throw new ParameterException(
                    spec().commandLine(), "which ones? name their places, or a reason with --reason");
        }
        ReadyFile ready = instance.find();
        RejectedEvents events = events(ready);
        if (!named.isEmpty()) {
            refuseUnknown(events, named);
        }
        Retried retried = named.isEmpty()
                ? events.retry(which.filter(), which.limit == null ? Long.MAX_VALUE : which.limit)
                : events.retry(named);
        if (!retried.sent().isEmpty()) {
            awaitCounted(ready);
        }
        List<JsonNode> after = events.at(retried.sent());
        long counted = after.stream()
                .filter(event -> event.path("counted").asBoolean())
                .count();
        PrintWriter out = out();
        out.printf(
                "%s sent again, %s of them counted now%n",
                TextTable.quantity(retried.sent().size()), counted);
        after.stream()
                .filter(event -> !event.path("counted").asBoolean())
                .forEach(event -> out.printf(
                        "%s is kept out again: 'tollgate rejected list' says why%n",
                        event.path("place").asText()));
        Stream.concat(retried.refused().stream(), retried.skipped().stream())
                .forEach(left -> out.printf(
                        "%s was not sent: %s%n",
                        left.path("place").asText(),
                        Printable.line(left.path("detail").asText())));
        boolean more = retried.more()
                .filter(cursor -> events.areThereMore(which.filter(), cursor))
                .isPresent();
        if (more) {
            out.println("There are older ones: without --limit all are sent");
        }
        out.flush();
        boolean all = counted == retried.sent().size()
                && retried.refused().isEmpty()
                && areThemselvesCounted(events, retried.skipped());
        return all && !more ? ExitCode.OK : ExitCode.DATA_ERROR;
    }

    /** Of an identity that two events share, one is counted: not the one that was kept out for that. */
    private static boolean areThemselvesCounted(RejectedEvents events, List<JsonNode> skipped) {
        List<Place> places = skipped.stream()
                .map(left -> RejectedEvents.place(left.path("place").asText()))
                .toList();
        return events.at(places).stream()
                .noneMatch(event -> event.path("reason").asText().equals(CONFLICT));
    }

    private static void refuseUnknown(RejectedEvents events, List<Place> named) {
        Set<String> found = events.at(named).stream()
                .map(event -> event.path("place").asText())
                .collect(Collectors.toSet());
        for (Place place : named) {
            if (!found.contains(place.toString())) {
                throw unknown(place);
            }
        }
    }

    private static void awaitCounted(ReadyFile ready) {
        try (Progress progress = new Progress(ready.kafka())) {
            if (!progress.awaitEverythingArchived(COUNTED_WITHIN)) {
                throw new UserException(
                        ExitCode.UNAVAILABLE,
                        "sent, but not counted after %d s".formatted(COUNTED_WITHIN.toSeconds()),
                        "they are counted in the background; 'tollgate rejected list' shows what still is not");
            }
        }
    }

    private static RejectedEvents events(ReadyFile ready) {
        return new RejectedEvents(new ApiClient(ready.ingest(), ready.tokens().admin()));
    }

    private static String listed(List<JsonNode> found) {
        TextTable table = new TextTable()
                .left("Place")
                .left("Kept out")
                .left("By")
                .left("Reason")
                .left("Source / id")
                .left("Counted");
        for (JsonNode rejected : found) {
            JsonNode who = rejected.path("identity");
            String identity = who.isMissingNode()
                    ? ""
                    : Printable.line(
                            who.path("source").asText() + " / " + who.path("id").asText());
            table.row(
                    rejected.path("place").asText(),
                    rejected.path("rejectedAt").asText(),
                    rejected.path("stage").asText(),
                    rejected.path("reason").asText(),
                    identity.length() > IDENTITY_SHOWN ? identity.substring(0, IDENTITY_SHOWN) + "…" : identity,
                    rejected.path("counted").asBoolean() ? "yes" : "no");
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
