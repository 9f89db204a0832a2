package io.tollgate.aggregator;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/** What the aggregator tells of itself besides its counters. OPERATIONS.md says what each is for. */
final class AggregatorMetrics {

    private AggregatorMetrics() {}

    static void register(
            MetricRegistry metrics,
            Aggregator aggregator,
            Pulse pulse,
            RestoreProgress restore,
            ThreadDeaths deaths,
            BackPressure backPressure,
            AggregatorConfig config) {
        for (AggregatorState state : AggregatorState.values()) {
            metrics.gauge(
                    "aggregator." + state.name().toLowerCase(Locale.ROOT),
                    () -> () -> aggregator.state() == state ? 1 : 0);
        }
        long startedAt = Instant.now().getEpochSecond();
        metrics.gauge("aggregator.started_at_seconds", () -> () -> startedAt);
        metrics.gauge("stream_threads.wanted", () -> config::threads);
        metrics.gauge("stream_threads.alive", () -> () -> pulse.figures().threadsAlive());
        metrics.gauge("stream_threads.died", () -> deaths::total);
        metrics.gauge(
                "stream_threads.stalled_seconds", () -> () -> pulse.stalledFor().toMillis() / 1e3);

        metrics.gauge("job.paused", () -> () -> backPressure.isPaused() ? 1 : 0);

        metrics.gauge("events.lag", () -> pulse::eventLag);
        metrics.gauge("events.lag_here", () -> pulse::ownEventLag);
        metrics.gauge("events.per_second", () -> pulse::eventsPerSecond);
        metrics.gauge("rollups.lag", () -> pulse::rollupLag);
        if (config.writers().archive()) {
            metrics.gauge("archive.lag", () -> pulse::archiveLag);
            metrics.gauge("rejected.lag", () -> pulse::rejectedLag);
        }
        metrics.gauge("partitions.owned", () -> () -> pulse.figures().owned().size());

        metrics.gauge("commit.latency_avg_ms", () -> () -> pulse.figures().commitLatencyAvgMillis());
        metrics.gauge("commit.latency_max_ms", () -> () -> pulse.figures().commitLatencyMaxMillis());
        metrics.gauge(
                "commit.seconds_since_last", () -> () -> pulse.sinceCommit().toMillis() / 1e3);

        metrics.gauge("rollups.stored", () -> () -> pulse.figures().rollupsStored());
        metrics.gauge("rollups.disk_bytes", () -> () -> pulse.figures().rollupsDiskBytes());
        metrics.gauge("rollups.memory_bytes", () -> () -> pulse.figures().rollupsMemoryBytes());

        metrics.gauge("restore.logs", () -> () -> restore.restore().logs());
        metrics.gauge("restore.records", () -> () -> restore.restore().records());
        metrics.gauge("restore.remaining", () -> () -> restore.restore().remaining());
        metrics.gauge("restore.records_read", () -> restore::recordsRead);
        metrics.gauge("restore.fraction", () -> () -> restore.restore().fraction());
        metrics.gauge("standby.logs", () -> restore::standbyLogs);
        metrics.gauge("standby.lag", () -> restore::standbyLag);
    }

    /** Events that were processed, however they ended. */
    static long eventsTaken(MetricRegistry metrics) {
        long taken = 0;
        for (Map.Entry<String, Counter> counter : metrics.getCounters().entrySet()) {
            String name = counter.getKey();
            if (name.equals("events.accepted")
                    || name.equals("events.duplicate")
                    || name.startsWith("events.rejected.")) {
                taken += counter.getValue().getCount();
            }
        }
        return taken;
    }
}
