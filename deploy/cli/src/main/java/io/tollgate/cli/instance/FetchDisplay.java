package io.tollgate.cli.instance;

import io.tollgate.parts.FetchProgress;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/** Shows the one-time fetch of an engine as a progress bar. */
final class FetchDisplay implements FetchProgress {

    private static final long MEGABYTE = 1_000_000;

    private @Nullable ProgressBar bar;

    @Override
    public synchronized void fetched(String what, long bytes, long totalBytes) {
        if (bar == null) {
            bar = new ProgressBarBuilder()
                    .setTaskName("Fetching " + what)
                    .setInitialMax(totalBytes)
                    .setUnit(" MB", MEGABYTE)
                    .setUpdateIntervalMillis(250)
                    .showSpeed()
                    .build();
        }
        bar.stepTo(bytes);
        if (bytes >= totalBytes) {
            bar.close();
        }
    }
}
