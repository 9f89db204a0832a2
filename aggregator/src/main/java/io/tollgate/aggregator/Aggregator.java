package io.tollgate.aggregator;

import com.codahale.metrics.CachedGauge;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import io.tollgate.aggregator.clickhouse.ClickHouseUrl;
import io.tollgate.aggregator.clickhouse.RollupTable;
import io.tollgate.aggregator.clickhouse.RollupWriter;
import io.tollgate.aggregator.topology.UsageTopology;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Streams job and the ClickHouse writer, running in this process. */
public final class Aggregator implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Aggregator.class);
    private static final int DEATHS_TOLERATED = 20;
    private static final Duration STOP_WITHIN = Duration.ofSeconds(5);

    private final KafkaStreams streams;
    private final RollupTable table;
    private final RollupWriter writer;
    private final Thread writerThread;
    private final Progress progress;
    /** Stream threads that ended. A passing fault ends few, a lasting one all that come. */
    private final AtomicInteger deaths = new AtomicInteger();

    private final CompletableFuture<String> failure = new CompletableFuture<>();

    private Aggregator(KafkaStreams streams, RollupTable table, RollupWriter writer, Progress progress) {
        this.progress = progress;
        this.streams = streams;
        this.table = table;
        this.writer = writer;
        this.writerThread = new Thread(writer, "rollup-writer");
        writerThread.setUncaughtExceptionHandler((thread, problem) -> {
            LOG.error("the ClickHouse writer ended", problem);
            failure.complete("the ClickHouse writer has ended: " + problem);
        });
    }

    /**
     * Starts the job and the writer, and returns when the job processes events. The input topics must exist.
     *
     * @param metrics gets the counters and gauges of the job and the writer
     * @throws io.tollgate.aggregator.clickhouse.ClickHouseUnavailableException when ClickHouse does not answer
     * @throws IllegalStateException when the job is not running within the given time, or Kafka has forgotten how far it
     *     was
     */
    public static Aggregator start(AggregatorConfig config, MetricRegistry metrics, Duration within) {
        ForgottenOffsets.refuse(config.bootstrapServers());
        RollupTable table = RollupTable.open(ClickHouseUrl.parse(config.clickhouseUrl()));
        String rollups = UsageTopology.rollupsTopic(AggregatorConfig.APPLICATION_ID);
        KafkaStreams streams = new KafkaStreams(UsageTopology.build(config.topology(), metrics), properties(config));
        Aggregator aggregator = new Aggregator(
                streams,
                table,
                new RollupWriter(config.bootstrapServers(), rollups, config.instanceId(), table, metrics),
                new Progress(config.bootstrapServers()));
        try {
            aggregator.startJob(within);
            // The job makes the rollups topic; a writer that came first would wait for it to show up.
            aggregator.writerThread.start();
            aggregator.register(metrics);
            return aggregator;
        } catch (RuntimeException e) {
            aggregator.close();
            throw e;
        }
    }

    /** What the aggregator is doing now. */
    public AggregatorState state() {
        if (failure.isDone()) {
            return AggregatorState.FAILED;
        }
        return switch (streams.state()) {
            case CREATED, REBALANCING -> AggregatorState.STARTING;
            case RUNNING -> AggregatorState.RUNNING;
            case PENDING_ERROR, ERROR -> AggregatorState.FAILED;
            case PENDING_SHUTDOWN, NOT_RUNNING -> AggregatorState.STOPPED;
        };
    }

    /** Completes with a sentence when the job or the writer cannot go on by itself. */
    public CompletableFuture<String> failure() {
        return failure;
    }

    /** Stops both; what is in flight is taken up again at the next start. */
    @Override
    public void close() {
        writer.close();
        streams.close(STOP_WITHIN);
        try {
            writerThread.join(STOP_WITHIN.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        progress.close();
        table.close();
    }

    private void register(MetricRegistry metrics) {
        metrics.gauge("aggregator.running", () -> () -> state() == AggregatorState.RUNNING ? 1 : 0);
        metrics.gauge("events.lag", () -> lag(progress::eventLag));
        metrics.gauge("rollups.lag", () -> lag(progress::rollupLag));
    }

    /** Asks Kafka every few seconds at most, however often it is scraped; -1 when Kafka does not answer. */
    private static Gauge<Long> lag(LongSupplier ask) {
        return new CachedGauge<>(5, TimeUnit.SECONDS) {
            @Override
            protected Long loadValue() {
                try {
                    return ask.getAsLong();
                } catch (KafkaException e) {
                    LOG.warn("the lag is not known: {}", e.getMessage());
                    return -1L;
                }
            }
        };
    }

    private void startJob(Duration within) {
        CountDownLatch running = new CountDownLatch(1);
        streams.setStateListener((now, before) -> {
            if (now == KafkaStreams.State.RUNNING) {
                running.countDown();
            } else if (now == KafkaStreams.State.ERROR) {
                failure.complete("the Streams job has failed");
            }
        });
        streams.setUncaughtExceptionHandler(problem -> {
            LOG.error("a stream thread ended", problem);
            if (deaths.incrementAndGet() > DEATHS_TOLERATED) {
                failure.complete("the Streams job keeps failing: " + problem);
                return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
            }
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        });
        streams.start();
        try {
            if (!running.await(within.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(
                        "the aggregator is still %s after %s; its log says why".formatted(streams.state(), within));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the aggregator was starting", e);
        }
    }

    private static Properties properties(AggregatorConfig config) {
        Properties properties = new Properties();
        properties.putAll(Map.of(
                StreamsConfig.APPLICATION_ID_CONFIG,
                AggregatorConfig.APPLICATION_ID,
                StreamsConfig.BOOTSTRAP_SERVERS_CONFIG,
                config.bootstrapServers(),
                StreamsConfig.STATE_DIR_CONFIG,
                config.stateDirectory().toString(),
                StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
                StreamsConfig.EXACTLY_ONCE_V2,
                StreamsConfig.NUM_STREAM_THREADS_CONFIG,
                config.threads(),
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                config.commitInterval().toMillis(),
                // How long a task stays with an instance that is behind when another would be the better one.
                StreamsConfig.PROBING_REBALANCE_INTERVAL_MS_CONFIG,
                60_000L,
                // Holds nothing but the commit hooks; without a cache they would not be called.
                StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG,
                1L << 20));
        properties.putAll(Map.of(
                // A restarted instance takes its partitions back at once instead of waiting for its former self.
                StreamsConfig.consumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG),
                config.instanceId(),
                StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG),
                6_000,
                StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG),
                1_500,
                // A rebalance waits for its members for so long; it must be more than a producer blocks.
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG),
                60_000,
                StreamsConfig.producerPrefix(ProducerConfig.MAX_BLOCK_MS_CONFIG),
                30_000,
                StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG),
                "earliest",
                StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG),
                2_000,
                StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG),
                "lz4",
                StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG),
                20,
                StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG),
                256 * 1024));
        return properties;
    }
}
