package io.tollgate.cli.replay;

import io.tollgate.cli.trace.Trace;
import io.tollgate.cli.trace.TraceLine;
import io.tollgate.events.EventIdentity;
import io.tollgate.events.RejectedEvent;
import java.io.PrintWriter;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.function.Consumer;

/** Tells of a replay: figures on one writer, each thing that is wrong on the other. */
final class ReplayReport implements Consumer<TraceLine> {

    /** How many bad lines, and how many events that the job kept out, are told one by one; all are counted. */
    static final int SHOWN = 1_000;

    private final PrintWriter out;
    private final PrintWriter err;
    /** As they are told: a bad line's bytes may be many. */
    private final List<String> first = new ArrayList<>();

    private long badLines;

    ReplayReport(PrintWriter out, PrintWriter err) {
        this.out = out;
        this.err = err;
    }

    /** Keeps a bad line until it can be told: a progress bar would write over it. */
    @Override
    public void accept(TraceLine line) {
        if (line instanceof TraceLine.Bad bad) {
            badLines++;
            if (first.size() < SHOWN) {
                first.add("line %d: %s: %s".formatted(bad.lineNumber(), bad.reason(), bad.detail()));
            }
        }
    }

    void badLines() {
        first.forEach(err::println);
        if (badLines > SHOWN) {
            err.printf("... and %,d more bad lines%n", badLines - SHOWN);
        }
        err.flush();
    }

    /** @param before lines that an earlier part of this replay had sent */
    void sent(ReplayResult result, Trace trace, long before) {
        out.printf("Sent %,d events of %s", result.sent().count(), trace.file().getFileName());
        read(result, ", kept in the rejected topic");
        if (before > 0) {
            out.printf("Of its %,d lines the first %,d were sent before.%n", result.lines(), before);
        }
        out.flush();
    }

    void dry(ReplayResult result, Trace trace) {
        out.printf(
                "Would send %,d events of %s",
                result.sent().count(), trace.file().getFileName());
        read(result, "");
        result.sent().amounts().forEach((meter, amount) -> out.printf("  %,20d  %s%n", amount, meter));
        out.flush();
    }

    private void read(ReplayResult result, String kept) {
        result.sent()
                .first()
                .ifPresent(earliest -> out.printf(
                        ", from %s to %s", earliest, result.sent().last().orElse(earliest)));
        out.printf(" (%.1f s)%n", result.seconds());
        if (result.badLines() > 0) {
            out.printf("Bad lines: %,d%s:%n", result.badLines(), kept);
            byReason(result.bad());
        }
    }

    /** @param before how many of those that were sent were copies of what was counted; empty when nobody knows */
    void counted(KeptOut keptOut, OptionalLong before) {
        if (keptOut.count() == 0) {
            out.println("Counted: every event is in ClickHouse.");
        } else {
            keptOut(keptOut);
        }
        if (before.isEmpty()) {
            out.println("Whether some had been counted before is not known: the archive is behind.");
        } else if (before.getAsLong() > 0) {
            out.printf(
                    "Of them %,d had been counted before, by source and id, and were not counted again.%n",
                    before.getAsLong());
        }
        out.flush();
    }

    private void keptOut(KeptOut keptOut) {
        for (RejectedEvent event : keptOut.first()) {
            err.printf("kept out: %s%s: %s%n", identity(event), event.getReason(), event.getDetail());
        }
        if (keptOut.count() > keptOut.first().size()) {
            err.printf(
                    "... and %,d more; each is in the rejected topic%n",
                    keptOut.count() - keptOut.first().size());
        }
        err.flush();
        out.printf("Counted, but for %,d that the job kept out:%n", keptOut.count());
        byReason(keptOut.reasons());
    }

    void next(Optional<String> tenant, Optional<YearMonth> month) {
        month.ifPresent(period ->
                out.printf("Next: deploy/tollgate invoice --tenant %s --period %s%n", tenant.orElse("TENANT"), period));
        out.flush();
    }

    private void byReason(SortedMap<String, Long> counts) {
        counts.forEach((reason, count) -> out.printf("  %,8d  %s%n", count, reason));
    }

    private static String identity(RejectedEvent event) {
        EventIdentity identity = event.getIdentity();
        return identity == null ? "" : "event %s of %s: ".formatted(identity.getId(), identity.getSource());
    }
}
