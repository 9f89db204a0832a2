package io.tollgate.cli.terminal;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.LongConsumer;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import picocli.CommandLine.Help.Ansi;

/** Shows how far something is: as a bar on a terminal, otherwise as a line now and then, for a log. */
public final class LiveProgress implements LongConsumer, AutoCloseable {

    private static final int BAR_MILLIS = 200;
    private static final int LINE_MILLIS = 10_000;
    private static final int LINE_CHARACTERS = 100;

    private final ProgressBar bar;
    private final long from;

    /**
     * @param task what is done, such as {@code Replaying}
     * @param unit what is counted, such as {@code lines}
     * @param from after how many it begins
     * @param all how many there are in all; negative if that is not known yet
     */
    public LiveProgress(String task, String unit, long from, long all, PrintWriter err) {
        this.from = from;
        ProgressBarBuilder builder = new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(all)
                .startsFrom(from, Duration.ZERO)
                .setUnit(" " + unit, 1)
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
    public void accept(long done) {
        bar.stepTo(Math.max(from, done));
    }

    /** There are that many in all. */
    public void all(long count) {
        bar.maxHint(count);
    }

    @Override
    public void close() {
        bar.close();
    }
}
