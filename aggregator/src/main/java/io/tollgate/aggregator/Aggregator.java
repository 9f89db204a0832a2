package io.tollgate.aggregator;

import com.codahale.metrics.MetricRegistry;
import io.tollgate.aggregator.HealthRules.Facts;
import io.tollgate.aggregator.HealthRules.Trouble;
import io.tollgate.aggregator.clickhouse.Writers;
import io.tollgate.aggregator.topology.UsageTopology;
import io.tollgate.connection.ClickHouseUrl;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Streams job and the ClickHouse writers, running in this process. */
public final class Aggregator implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Aggregator.class);
    /** Long enough to write down what is in memory, so that the next start need not restore it. */
    private static final Duration STOP_WITHIN = Duration.ofSeconds(10);

    private static final Duration LOOK_AT_LAG_EVERY = Duration.ofSeconds(1);

    private final AggregatorConfig config;
    private final KafkaStreams streams;
    private final Writers writers;
    private final AtomicBoolean writersStarted = new AtomicBoolean();
    private final Progress progress;
    private final BackPressure backPressure;
    private final Pulse pulse;
    private final RestoreProgress restore = new RestoreProgress();
    private final CompletableFuture<String> failure = new CompletableFuture<>();
    private final ThreadDeaths deaths;
    private final CompletableFuture<Void> firstRunning = new CompletableFuture<>();
    private boolean closed;

    private Aggregator(
            AggregatorConfig config, KafkaStreams streams, Writers writers, Progress progress, MetricRegistry metrics) {
        this.config = config;
        this.progress = progress;
        this.streams = streams;
        this.writers = writers;
        this.backPressure = new BackPressure(
                config.writers().pauseAtRollupLag(), progress::rollupLag, streams::pause, streams::resume);
        this.deaths = new ThreadDeaths(config.instanceId(), failure, System::nanoTime);
        this.pulse = new Pulse(
                () -> StreamsFigures.of(streams),
                () -> streams.state() == KafkaStreams.State.RUNNING && !streams.isPaused(),
                progress,
                config.writers().archive(),
                () -> AggregatorMetrics.eventsTaken(metrics));
    }

    /**
     * Starts the job and the writers, and returns when the job processes events, as {@link #start(AggregatorConfig,
     * MetricRegistry)} and {@link #awaitRunning}. Nothing is left running when it fails.
     */
    public static Aggregator start(AggregatorConfig config, MetricRegistry metrics, Duration within) {
        Aggregator aggregator = start(config, metrics);
        try {
            aggregator.awaitRunning(within);
            return aggregator;
        } catch (RuntimeException e) {
            aggregator.close();
            throw e;
        }
    }

    /**
     * Starts the job and the writers, and returns at once: {@link #health} tells how far it is. The input topics must
     * exist. Nothing is left running when it fails.
     *
     * @param metrics gets the counters and gauges of the job and the writers
     * @throws io.tollgate.aggregator.clickhouse.ClickHouseUnavailableException when ClickHouse does not answer
     * @throws org.apache.kafka.common.KafkaException when Kafka does not
     * @throws IllegalStateException when a topic is missing or cannot be relied on, see {@link InputTopics}, or Kafka has
     *     forgotten how far it was, or meters have been counted otherwise than the catalogue says
     */
    public static Aggregator start(AggregatorConfig config, MetricRegistry metrics) {
        ForgottenOffsets.refuse(config.bootstrapServers());
        InputTopics.require(config.bootstrapServers());
        Aggregator aggregator = make(config, metrics);
        try {
            aggregator.startAll(metrics);
            return aggregator;
        } catch (RuntimeException e) {
            aggregator.close();
            throw e;
        }
    }

    private static Aggregator make(AggregatorConfig config, MetricRegistry metrics) {
        Progress progress = new Progress(config.bootstrapServers());
        try {
            Writers writers = Writers.open(
                    ClickHouseUrl.parse(config.clickhouseUrl()),
                    config.bootstrapServers(),
                    UsageTopology.rollupsTopic(AggregatorConfig.APPLICATION_ID),
                    config.instanceId(),
                    config.writers(),
                    config.topology().meters(),
                    metrics);
            try {
                KafkaStreams streams =
                        new KafkaStreams(UsageTopology.build(config.topology(), metrics), StreamsSettings.of(config));
                return new Aggregator(config, streams, writers, progress, metrics);
            } catch (RuntimeException e) {
                writers.close();
                throw e;
            }
        } catch (RuntimeException e) {
            progress.close();
            throw e;
        }
    }

    /** Completes when every partition that it was given is being processed for the first time. */
    public CompletableFuture<Void> running() {
        return firstRunning.copy();
    }

    /**
     * Waits until every partition that it was given is being processed.
     *
     * @throws IllegalStateException when it is not within the given time, or cannot go on before
     */
    public void awaitRunning(Duration within) {
        CompletableFuture<Object> first = CompletableFuture.anyOf(firstRunning, failure);
        try {
            first.get(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            AggregatorHealth health = health();
            throw new IllegalStateException(
                    "the aggregator is still %s after %s (%s); its log says why"
                            .formatted(health.state(), within, health.sentence()),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the aggregator was starting", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
        if (!firstRunning.isDone()) {
            throw new IllegalStateException(failure.join());
        }
    }

    /** What the aggregator is doing now. */
    public AggregatorState state() {
        return health().state();
    }

    /** What the aggregator is doing now, and a sentence about it. Answers at once, from what was seen seconds ago. */
    public AggregatorHealth health() {
        return HealthRules.of(new Facts(
                failure.isDone() ? Optional.of(failure.join()) : Optional.empty(),
                streams.state(),
                streams.isPaused(),
                restore.restore(),
                deaths.last().map(death -> new Trouble(Pulse.since(death.atNanos()), death.problem())),
                writers.trouble().map(trouble -> new Trouble(Pulse.since(trouble.sinceNanos()), trouble.problem())),
                pulse.kafka(),
                pulse.eventLag(),
                pulse.ownEventLag(),
                pulse.rollupLag(),
                pulse.stalledFor()));
    }

    /** Completes with a sentence when the job or a writer cannot go on by itself. */
    public CompletableFuture<String> failure() {
        return failure;
    }

    /**
     * Stops all; what is in flight is taken up again at the next start, or by others: see {@link
     * AggregatorConfig#leavesOnStop}. A second time does nothing.
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            pulse.close();
            stopJob();
        } finally {
            // After the job, which may reach RUNNING, and so start it, until it is stopped.
            backPressure.close();
            try {
                // After the job: what it has just committed may still be written.
                writers.close(config.leavesOnStop());
            } finally {
                progress.close();
            }
        }
    }

    private void stopJob() {
        boolean inTime = streams.close(CloseOptions.timeout(STOP_WITHIN)
                .withGroupMembershipOperation(
                        config.leavesOnStop()
                                ? GroupMembershipOperation.LEAVE_GROUP
                                : GroupMembershipOperation.REMAIN_IN_GROUP));
        if (!inTime) {
            LOG.warn("the job did not stop within {}; its state will be restored from Kafka", STOP_WITHIN);
        }
    }

    private void startAll(MetricRegistry metrics) {
        streams.setStateListener((now, before) -> {
            if (now == KafkaStreams.State.RUNNING && firstRunning.complete(null)) {
                startWriters();
                // Not before: a job that is held back does not restore either, and would not get as far as this.
                backPressure.start(LOOK_AT_LAG_EVERY);
            } else if (now == KafkaStreams.State.ERROR) {
                failure.complete("the Streams job has failed");
            }
        });
        streams.setUncaughtExceptionHandler(deaths);
        streams.setGlobalStateRestoreListener(restore);
        streams.setStandbyUpdateListener(restore);
        AggregatorMetrics.register(metrics, this, pulse, restore, deaths, backPressure, config);
        streams.start();
        // The job makes the rollups topic; a writer that came first would wait for it to show up.
        if (progress.rollupsTopicExists()) {
            startWriters();
        }
        pulse.start();
    }

    private void startWriters() {
        if (writersStarted.compareAndSet(false, true)) {
            writers.start(problem -> failure.complete(
                    ThreadDeaths.isFenced(problem)
                            ? ThreadDeaths.fenced(config.instanceId())
                            : "a ClickHouse writer has ended: " + problem));
        }
    }
}
