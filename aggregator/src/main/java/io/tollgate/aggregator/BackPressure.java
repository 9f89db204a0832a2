package io.tollgate.aggregator;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the job wait while ClickHouse is too far behind it. The rollups topic is compacted in the long run, but until
 * then it gets a record for each rollup and commit; what waits in usage-events instead takes no room but its own.
 */
final class BackPressure implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BackPressure.class);

    private final long limit;
    private final LongSupplier lag;
    private final Runnable pause;
    private final Runnable resume;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "back-pressure");
        thread.setDaemon(true);
        return thread;
    });
    private volatile boolean paused;

    /**
     * @param limit of records; the job is paused above it, and goes on at half of it
     * @param lag how many records the rollups topic is ahead of ClickHouse
     */
    BackPressure(long limit, LongSupplier lag, Runnable pause, Runnable resume) {
        this.limit = limit;
        this.lag = lag;
        this.pause = pause;
        this.resume = resume;
    }

    /** Looks again and again, until it is closed. */
    void start(Duration every) {
        var unused = timer.scheduleWithFixedDelay(this::look, 0, every.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Looks once. When the lag is not known or the job does not obey, nothing changes until the next look. */
    void look() {
        try {
            hold();
        } catch (RuntimeException e) {
            // A look that throws would be the last one, and a job that waits would wait for ever.
            LOG.warn("could not look whether the job has to wait", e);
        }
    }

    private void hold() {
        long now;
        try {
            now = lag.getAsLong();
        } catch (KafkaException e) {
            LOG.warn("the lag of rollups is not known: {}", e.getMessage());
            return;
        }
        boolean wanted = isPausedAt(now, limit, paused);
        if (wanted == paused) {
            return;
        }
        if (wanted) {
            LOG.warn("ClickHouse is {} rollup records behind (limit {}): the job waits", now, limit);
            pause.run();
        } else {
            LOG.info("ClickHouse is {} rollup records behind: the job goes on", now);
            resume.run();
        }
        paused = wanted;
    }

    /** Whether the job waits. */
    boolean isPaused() {
        return paused;
    }

    /** Between half the limit and the limit all stays as it is, so that the job does not stop and go. */
    static boolean isPausedAt(long lag, long limit, boolean paused) {
        return paused ? lag > limit / 2 : lag > limit;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
