package io.tollgate.cli.bench;

import io.tollgate.cli.ExitCode;
import io.tollgate.cli.Stop;
import io.tollgate.cli.UserException;
import io.tollgate.cli.crash.CrashPlan;
import io.tollgate.cli.crash.CrashReport;
import io.tollgate.cli.crash.CrashRun;
import io.tollgate.parts.EmbeddedClickHouse;
import io.tollgate.parts.FetchProgress;
import io.tollgate.parts.Part;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.io.FileUtils;

/**
 * Whether the job is right however often it is killed, and how soon it is back. Its directory goes when all was right, or
 * when somebody stops it; it stays when something was wrong, because its logs say what.
 */
final class CrashBenchmark {

    private static final int SHOWN = 20;

    private final CrashPlan plan;
    private final PrintWriter out;
    private final PrintWriter err;

    CrashBenchmark(long kills, long events, long seed, PrintWriter out, PrintWriter err) {
        if (kills >= events || events > Integer.MAX_VALUE) {
            throw new UserException(
                    ExitCode.USAGE,
                    "%,d kills do not go with %,d events".formatted(kills, events),
                    "give more events than kills, some thousand for each");
        }
        this.plan = new CrashPlan((int) kills, (int) events, seed);
        this.out = out;
        this.err = err;
    }

    Measured run() {
        Path root = temporary();
        // The processes end by themselves when this one does.
        Stop stop = Stop.with(() -> {}, () -> FileUtils.deleteQuietly(root.toFile()));
        boolean right = false;
        try (Part clickhouse = EmbeddedClickHouse.start(
                root.resolve("clickhouse"), 0, root.resolve("clickhouse.log"), FetchProgress.silent())) {
            CrashReport report = CrashRun.of(
                    plan,
                    Files.createDirectory(root.resolve("run")),
                    clickhouse.endpoint() + "/tollgate",
                    line -> tell("... " + line));
            tell(report);
            right = report.differences().isEmpty() && !report.stalled();
            return new Measured(figures(report), report.differences().isEmpty() ? ExitCode.OK : ExitCode.INTERNAL);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            stop.cancel();
            if (right) {
                FileUtils.deleteQuietly(root.toFile());
            } else if (!Stop.isUnderWay()) {
                err.println("The directory with the logs is kept: " + root);
                err.flush();
            }
        }
    }

    private void tell(CrashReport report) {
        tell("kept out: " + report.rejected());
        report.differences().stream().limit(SHOWN).forEach(this::tell);
        if (report.differences().size() > SHOWN) {
            tell("and %,d differences more".formatted(report.differences().size() - SHOWN));
        }
        if (report.stalled()) {
            tell("nothing moved for half a minute at some time; run/diagnosis.txt says what stood still");
        }
    }

    private void tell(String line) {
        out.println(line);
        out.flush();
    }

    private static List<Figure> figures(CrashReport report) {
        List<Figure> figures = new ArrayList<>();
        figures.add(new Figure("kills", report.kills(), "kills"));
        figures.add(new Figure("messages", report.messages(), "messages"));
        figures.add(new Figure("events_counted", report.counted(), "events"));
        figures.add(new Figure(
                "events_rejected",
                report.rejected().values().stream()
                        .mapToLong(Integer::longValue)
                        .sum(),
                "events"));
        figures.add(new Figure("differences", report.differences().size(), "differences"));
        figures.add(new Figure("recovery_p50_seconds", report.recovery(0.5).toMillis() / 1e3, "s"));
        figures.add(new Figure("recovery_max_seconds", report.recovery(1).toMillis() / 1e3, "s"));
        return figures;
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("tollgate-crash-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
