package io.tollgate.cli.replay;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.LongConsumer;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import picocli.CommandLine.Help.Ansi;

/** Shows how far a replay is: as a bar on a terminal, otherwise as a line now and then, for a log. */
final class ReplayProgress implements LongConsumer, AutoCloseable {

    private static final int BAR_MILLIS = 200;
    private static final int LINE_MILLIS = 10_000;
    private static final int LINE_CHARACTERS = 100;

    private final ProgressBar bar;
    private final long from;

    /**
     * @param from the line after which it begins
     * @param lines how many there are in all
     */
    ReplayProgress(long from, long lines, PrintWriter err) {
        this.from = from;
        ProgressBarBuilder builder = new ProgressBarBuilder()
                .setTaskName("Replaying")
                .setInitialMax(lines)
                .startsFrom(from, Duration.ZERO)
                .setUnit(" lines", 1)
                .showSpeed();
        if (Ansi.AUTO.enabled()) {
            builder.setUpdateIntervalMillis(BAR_MILLIS);
        } else {
            builder.setUpdateIntervalMillis(LINE_MILLIS)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setConsumer(new DelegatingProgressBarConsumer(
                            line -> {
                                err.println(line.strip());
                                err.flush();
                            },
                            LINE_CHARACTERS));
        }
        this.bar = builder.build();
    }

    @Override
    public void accept(long line) {
        bar.stepTo(Math.max(from, line));
    }

    @Override
    public void close() {
        bar.close();
    }
}
