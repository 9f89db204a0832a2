package io.tollgate.cli.crash;

import io.tollgate.aggregator.Progress;
import io.tollgate.aggregator.clickhouse.Reconciliation;
import io.tollgate.connection.ClickHouseUrl;
import io.tollgate.emitter.UsageTopics;
import io.tollgate.parts.EmbeddedKafka;
import io.tollgate.parts.Part;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/**
 * Where aggregators are killed: a broker and a database of their own, a sender, and the aggregators, which find their
 * state again when they are started again. Not for many threads.
 */
final class Site implements AutoCloseable {

    private static final Duration LOOK_EVERY = Duration.ofMillis(100);
    private static final Duration ARCHIVED_WITHIN = Duration.ofMinutes(2);
    private static final Instant LAST = Instant.parse("2100-01-01T00:00:00Z");

    private final Path directory;
    private final String clickhouse;
    private final Part kafka;
    private final Sender sender;
    private final Rollups rollups;
    private final Progress progress;
    private final Watch watch;
    private final List<AggregatorChild> children = new ArrayList<>();

    private long lookedAt;

    private Site(Path directory, String clickhouse, Part kafka) {
        this.directory = directory;
        this.clickhouse = clickhouse;
        this.kafka = kafka;
        this.sender = new Sender(kafka.endpoint());
        this.rollups = new Rollups(clickhouse);
        this.progress = new Progress(kafka.endpoint());
        Diagnosis diagnosis = new Diagnosis(kafka.endpoint(), clickhouse);
        this.watch = new Watch(
                rollups::counted,
                () -> diagnosis.of(children.stream()
                        .map(AggregatorChild::handle)
                        .filter(ProcessHandle::isAlive)
                        .toList()),
                directory.resolve("diagnosis.txt"));
    }

    /**
     * Starts a broker with the topics.
     *
     * @param directory for data and logs
     * @param clickhouse {@code http://[user:password@]host:port/database}; the database is empty
     */
    static Site at(Path directory, String clickhouse, int partitions) {
        Part kafka = EmbeddedKafka.start(directory.resolve("kafka"), 0, directory.resolve("kafka.log"));
        try {
            UsageTopics.ensure(kafka.endpoint(), partitions);
            return new Site(directory, clickhouse, kafka);
        } catch (RuntimeException e) {
            kafka.close();
            throw e;
        }
    }

    /** Starts an aggregator and returns at once. One of the same name takes over the state of its former self. */
    AggregatorChild start(String instanceId) {
        AggregatorChild child = AggregatorChild.start(
                kafka.endpoint(),
                clickhouse,
                directory.resolve("state-" + instanceId),
                instanceId,
                directory.resolve("aggregator-%s-%03d.log".formatted(instanceId, children.size() + 1)));
        children.add(child);
        return child;
    }

    /** Sends them after all before, spread over that time, and returns at once. */
    void send(List<ProducerRecord<byte[], byte[]>> messages, Duration over) {
        sender.send(messages, over);
    }

    /** Waits, and finds out what stands still if need be; see {@link Watch#until}. */
    void await(String what, BooleanSupplier condition) {
        watch.until(what, condition);
    }

    /** How many events ClickHouse counts. */
    long counted() {
        return rollups.counted();
    }

    /** Waits until all that was handed to {@link #send} is in Kafka, counted, and in ClickHouse. */
    void awaitEverything() {
        sender.awaitAllSent();
        watch.until("everything is counted", this::nothingIsLeft);
    }

    /** Looked at not too often: it is a question to Kafka. */
    private boolean nothingIsLeft() {
        if (System.nanoTime() - lookedAt < LOOK_EVERY.toNanos()) {
            return false;
        }
        try {
            return progress.lag() == 0;
        } catch (KafkaException e) {
            // The job has not made its topics yet.
            return false;
        } finally {
            lookedAt = System.nanoTime();
        }
    }

    /**
     * A sentence for each rollup that is not the sum of its archived events, ten at most; waits for the archive.
     *
     * @throws StalledException when the archive is not complete within two minutes
     */
    List<String> differencesToTheArchive() {
        if (!progress.awaitEverythingArchived(ARCHIVED_WITHIN)) {
            throw new StalledException("the archive is not complete after " + ARCHIVED_WITHIN);
        }
        try (Reconciliation reconciliation = Reconciliation.connect(ClickHouseUrl.parse(clickhouse), Observed.METERS)) {
            return reconciliation.differences(Instant.EPOCH, LAST, 10).stream()
                    .map(difference -> "archive: " + difference)
                    .toList();
        }
    }

    /** What became of everything. */
    Totals found() {
        return new Totals(rollups.totals(), RejectedMessages.of(kafka.endpoint()));
    }

    /** Whether anything ever stood still for half a minute. */
    boolean hasStalled() {
        return watch.hasDiagnosed();
    }

    /** Also when interrupted: whoever stops a run wants it gone, not half gone. */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        children.forEach(AggregatorChild::close);
        sender.close();
        rollups.close();
        progress.close();
        kafka.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
