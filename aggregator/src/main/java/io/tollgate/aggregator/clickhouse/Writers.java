package io.tollgate.aggregator.clickhouse;

import com.codahale.metrics.MetricRegistry;
import io.tollgate.connection.ClickHouseUrl;
import io.tollgate.meters.MeterCatalogue;
import io.tollgate.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What copies topics into ClickHouse, each in a thread of its own: rollups, and beside them the archive. */
public final class Writers implements AutoCloseable {

    /** The consumer groups whose committed offsets tell how far ClickHouse is. */
    public static final String ROLLUP_GROUP = "tollgate-rollup-writer";

    public static final String EVENT_GROUP = "tollgate-event-archive";
    public static final String REJECTED_GROUP = "tollgate-rejected-archive";

    private static final Logger LOG = LoggerFactory.getLogger(Writers.class);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(5);

    private final ClickHouse clickhouse;
    private final List<TopicWriter> writers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private boolean closed;

    /**
     * Why ClickHouse takes no rows.
     *
     * @param sinceNanos when the first write failed, by the clock of {@link System#nanoTime}
     */
    public record Trouble(long sinceNanos, String problem) {}

    private Writers(ClickHouse clickhouse) {
        this.clickhouse = clickhouse;
    }

    /**
     * Brings the database up to date and makes the writers; they do not run yet.
     *
     * @param bootstrapServers Kafka, as host:port
     * @param rollupsTopic see {@code UsageTopology.rollupsTopic}
     * @param instanceId tells these writers from those of other instances, and is the same after a restart
     * @param meters how the job counts meters; see {@link MeterRegister}
     * @param metrics gets the counters rollups.written, archive.written and rejected.archived, the counter archive.unreadable, and of
     *     rollups, archive and rejected the counters .batches and .write_failures and the timer .insert
     * @throws ClickHouseUnavailableException when ClickHouse does not answer
     * @throws IllegalStateException see {@link ClickHouseSchema#migrate} and {@link MeterRegister#agreeWith}
     */
    public static Writers open(
            ClickHouseUrl url,
            String bootstrapServers,
            String rollupsTopic,
            String instanceId,
            WriterConfig config,
            MeterCatalogue meters,
            MetricRegistry metrics) {
        ClickHouseSchema.migrate(url);
        Writers opened = new Writers(ClickHouse.connect(url));
        try {
            new MeterRegister(opened.clickhouse).agreeWith(meters);
            opened.add(bootstrapServers, rollupsTopic, instanceId, config, metrics);
            return opened;
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    private void add(
            String bootstrapServers,
            String rollupsTopic,
            String instanceId,
            WriterConfig config,
            MetricRegistry metrics) {
        writers.add(new TopicWriter(
                new TopicWriter.Source("rollups", rollupsTopic, ROLLUP_GROUP, "rollups.written"),
                bootstrapServers,
                instanceId,
                new RollupSink(new RollupTable(clickhouse)),
                config.rollups(),
                metrics));
        if (config.archive()) {
            writers.add(new TopicWriter(
                    new TopicWriter.Source("archive", Topics.USAGE_EVENTS, EVENT_GROUP, "archive.written"),
                    bootstrapServers,
                    instanceId,
                    new EventArchive(clickhouse, metrics.counter("archive.unreadable")),
                    config.events(),
                    metrics));
            writers.add(new TopicWriter(
                    new TopicWriter.Source("rejected", Topics.REJECTED_EVENTS, REJECTED_GROUP, "rejected.archived"),
                    bootstrapServers,
                    instanceId,
                    new RejectedArchive(clickhouse),
                    config.rejected(),
                    metrics));
        }
    }

    /**
     * Starts them, unless they are closed. The topics must be there: a writer that came first would wait for its own to
     * show up.
     *
     * @param failed hears what ended one; ClickHouse being away ends none
     */
    public synchronized void start(Consumer<Throwable> failed) {
        if (closed) {
            return;
        }
        for (TopicWriter writer : writers) {
            Thread thread = new Thread(writer, "clickhouse-writer-" + threads.size());
            thread.setUncaughtExceptionHandler((ended, problem) -> {
                LOG.error("a ClickHouse writer ended", problem);
                failed.accept(problem);
            });
            threads.add(thread);
            thread.start();
        }
    }

    /** Why ClickHouse takes no rows now, of the writer that has known it for longest; empty when it takes all. */
    public Optional<Trouble> trouble() {
        return writers.stream()
                .flatMap(writer -> writer.trouble().stream())
                .min(Comparator.comparing(Trouble::sinceNanos, (one, other) -> Long.signum(one - other)));
    }

    /** Stops them; what is not yet written is written after a restart. */
    @Override
    public void close() {
        close(false);
    }

    /**
     * As {@link #close()}; a second time does nothing.
     *
     * @param leaving whether their partitions are for other writers at once, instead of for themselves after a restart
     */
    public synchronized void close(boolean leaving) {
        if (closed) {
            return;
        }
        closed = true;
        try {
            writers.forEach(leaving ? TopicWriter::leave : TopicWriter::close);
            if (threads.isEmpty()) {
                // Those that never ran still have a consumer to close.
                writers.forEach(TopicWriter::run);
            }
            awaitEnd();
        } finally {
            clickhouse.close();
        }
    }

    private void awaitEnd() {
        try {
            long deadline = System.nanoTime() + STOP_WITHIN.toNanos();
            for (Thread thread : threads) {
                // At least a millisecond: zero would be for ever.
                thread.join(Math.max(
                        1, Duration.ofNanos(deadline - System.nanoTime()).toMillis()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
