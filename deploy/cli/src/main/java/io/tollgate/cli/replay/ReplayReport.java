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
import java.util.SortedMap;
import java.util.function.Consumer;

/** Tells of a replay: figures on one writer, each thing that is wrong on the other. */
final class ReplayReport implements Consumer<TraceLine> {

    /** How many bad lines, and how many events that the job kept out, are told one by one; all are counted. */
    static final int SHOWN = 1_000;

    private final PrintWriter out;
    private final PrintWriter err;
    private final List<TraceLine.Bad> first = new ArrayList<>();
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
                first.add(bad);
            }
        }
    }

    void badLines() {
        first.forEach(line -> err.printf("line %d: %s: %s%n", line.lineNumber(), line.reason(), line.detail()));
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

    void counted(KeptOut keptOut) {
        if (keptOut.count() == 0) {
            out.println("Counted: every event is in ClickHouse.");
            out.flush();
            return;
        }
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
        out.flush();
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
