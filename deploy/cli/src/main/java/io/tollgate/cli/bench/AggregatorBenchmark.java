package io.tollgate.cli.bench;

import com.codahale.metrics.MetricRegistry;
import io.tollgate.aggregator.Aggregator;
import io.tollgate.aggregator.AggregatorConfig;
import io.tollgate.aggregator.AggregatorState;
import io.tollgate.aggregator.Progress;
import io.tollgate.aggregator.clickhouse.WriterConfig;
import io.tollgate.aggregator.clickhouse.Writers;
import io.tollgate.emitter.UsageTopics;
import io.tollgate.parts.EmbeddedClickHouse;
import io.tollgate.parts.EmbeddedKafka;
import io.tollgate.parts.FetchProgress;
import io.tollgate.parts.Part;
import io.tollgate.schemas.Topics;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.apache.kafka.streams.KafkaStreams;

/**
 * How fast the job counts, on one topic and in one run: against a plain consumer that only decodes, and against the job
 * that one writes first ({@link NaiveJob}). Each reads the topic from its beginning; of jobs, the rate is
 * taken over the second half of it, so neither start-up counts nor the compiler's warming up. Then how long an event takes to become
 * visible in ClickHouse, at half of what sender, job and archive together keep up with here; and how long a new instance
 * takes to restore all of it.
 */
final class AggregatorBenchmark {

    private static final int THREADS = 2;
    private static final Duration PATIENCE = Duration.ofMinutes(30);
    private static final Duration START_WITHIN = Duration.ofMinutes(10);
    private static final int LATENCY_SECONDS = 30;
    /** The share of the events that are sent again, with other identities, to see what sender and job keep up with. */
    private static final int SUSTAINED_SHARE = 4;

    private final long events;
    private final long seed;
    private final PrintWriter out;

    AggregatorBenchmark(long events, long seed, PrintWriter out) {
        this.events = events;
        this.seed = seed;
        this.out = out;
    }

    List<Figure> run() {
        Path root = temporary();
        try (Part kafka = EmbeddedKafka.start(root.resolve("kafka"), 0, root.resolve("kafka.log"));
                Part clickhouse = EmbeddedClickHouse.start(
                        root.resolve("clickhouse"), 0, root.resolve("clickhouse.log"), FetchProgress.silent());
                Sender sender = new Sender(kafka.endpoint())) {
            UsageTopics.ensure(kafka.endpoint(), CompactTraffic.PARTITIONS);
            tell("sending %,d events, 2 %% of them twice".formatted(events));
            sender.sendAll(new CompactTraffic(0, events, seed));
            tell("plain consumer that decodes");
            // Twice: the first pass warms up the compiler and the page cache.
            PlainConsumer.decode(kafka.endpoint(), events);
            double consumer = PlainConsumer.decode(kafka.endpoint(), events);
            tell("Streams job that does nothing, %d threads".formatted(THREADS));
            double empty = empty(kafka.endpoint(), root.resolve("empty"));
            tell("naive DSL job, %d threads".formatted(THREADS));
            double naive = naive(kafka.endpoint(), root.resolve("naive"));
            List<Figure> figures = new ArrayList<>(List.of(
                    new Figure("events", events, "events"),
                    new Figure("consumer_decode_events_per_second", consumer, "events/s"),
                    new Figure("empty_streams_job_events_per_second", empty, "events/s"),
                    new Figure("naive_dsl_events_per_second", naive, "events/s")));
            figures.addAll(ours(
                    AggregatorConfig.of(
                            kafka.endpoint(), clickhouse.endpoint() + "/tollgate", root.resolve("ours"), "bench"),
                    sender,
                    naive,
                    consumer));
            return figures;
        } finally {
            FileUtils.deleteQuietly(root.toFile());
        }
    }

    private double empty(String kafka, Path state) {
        try (KafkaStreams streams = EmptyJob.of(kafka, state, THREADS);
                Offsets offsets = new Offsets(kafka, EmptyJob.APPLICATION_ID)) {
            streams.start();
            return offsets.rate(List.of(Topics.USAGE_EVENTS), PATIENCE);
        }
    }

    private double naive(String kafka, Path state) {
        try (KafkaStreams streams = NaiveJob.of(kafka, state, THREADS);
                Offsets offsets = new Offsets(kafka, NaiveJob.APPLICATION_ID)) {
            streams.start();
            // The second half of the job reads the repartition topic: it is done when that is done.
            double rate = offsets.rate(
                    List.of(Topics.USAGE_EVENTS, NaiveJob.APPLICATION_ID + "-" + NaiveJob.REPARTITION), PATIENCE);
            if (NaiveJob.skipped(streams) > 0) {
                throw new IllegalStateException(
                        "the naive job skipped %,d records".formatted(NaiveJob.skipped(streams)));
            }
            return rate;
        }
    }

    private List<Figure> ours(AggregatorConfig config, Sender sender, double naive, double consumer) {
        List<Figure> figures = new ArrayList<>();
        AggregatorConfig withoutArchive = config.withWriters(WriterConfig.USUAL.withArchive(false));
        tell("our job with dedup, digests and rollups into ClickHouse, %d threads".formatted(config.threads()));
        try (Offsets offsets = new Offsets(config.bootstrapServers(), AggregatorConfig.APPLICATION_ID);
                Aggregator aggregator = Aggregator.start(withoutArchive, new MetricRegistry(), START_WITHIN);
                Progress progress = new Progress(config.bootstrapServers())) {
            double ours = offsets.rate(List.of(Topics.USAGE_EVENTS), PATIENCE);
            await(progress, aggregator);
            figures.add(new Figure("aggregator_events_per_second", ours, "events/s"));
            figures.add(new Figure("ratio_to_naive_dsl", ours / naive, "ratio"));
            figures.add(new Figure("ratio_to_consumer_decode", ours / consumer, "ratio"));
        }
        tell("the archive of every event, by itself");
        try (Offsets offsets = new Offsets(config.bootstrapServers(), Writers.EVENT_GROUP);
                Aggregator aggregator = Aggregator.start(config, new MetricRegistry(), START_WITHIN);
                Progress progress = new Progress(config.bootstrapServers())) {
            figures.add(new Figure(
                    "archive_events_per_second", offsets.rate(List.of(Topics.USAGE_EVENTS), PATIENCE), "events/s"));
            figures.addAll(latency(config, sender, progress, aggregator));
        }
        figures.addAll(restore(withoutArchive));
        return figures;
    }

    /** With everything on: sender, broker, job, rollups and archive share this machine. */
    private List<Figure> latency(AggregatorConfig config, Sender sender, Progress progress, Aggregator aggregator) {
        long more = Math.max(1, events / SUSTAINED_SHARE);
        tell("sending %,d more while everything runs".formatted(more));
        long start = System.nanoTime();
        sender.sendAll(new CompactTraffic(events, more, seed));
        if (!progress.awaitEverythingArchived(PATIENCE)) {
            throw new IllegalStateException("the archive lags behind; the job is " + aggregator.state());
        }
        double sustained = more / secondsSince(start);
        double half = sustained / 2;
        tell("waiting for ClickHouse to merge what came in a rush");
        Merges.awaitEnd(config.clickhouseUrl(), PATIENCE);
        tell("latency at %,.0f events/s for %d s, everything on".formatted(half, LATENCY_SECONDS));
        CompactTraffic traffic = new CompactTraffic(events + more, (long) (half * LATENCY_SECONDS), seed);
        Thread load = new Thread(() -> sender.sendPaced(traffic, half), "load");
        load.setDaemon(true);
        load.start();
        List<Duration> latencies = new LatencyProbe(sender, config.clickhouseUrl()).probeDuring(load, PATIENCE);
        return List.of(
                new Figure("sustained_with_sender_events_per_second", sustained, "events/s"),
                new Figure("half_load_events_per_second", half, "events/s"),
                new Figure("latency_probes", latencies.size(), "events"),
                new Figure("latency_p50", LatencyProbe.percentile(latencies, 50), "ms"),
                new Figure("latency_p99", LatencyProbe.percentile(latencies, 99), "ms"));
    }

    /** A new instance that has nothing of the old one's but what is in Kafka. From its start until it counts again. */
    private List<Figure> restore(AggregatorConfig config) {
        long identities = counted(config.clickhouseUrl());
        tell("restoring %,d identities and their rollups from Kafka".formatted(identities));
        FileUtils.deleteQuietly(config.stateDirectory().toFile());
        long start = System.nanoTime();
        try (Aggregator aggregator = Aggregator.start(config, new MetricRegistry(), START_WITHIN)) {
            double seconds = secondsSince(start);
            if (aggregator.state() != AggregatorState.RUNNING) {
                throw new IllegalStateException("the job is " + aggregator.state());
            }
            return List.of(
                    new Figure("restored_identities", identities, "identities"),
                    new Figure("restore", seconds, "s"),
                    new Figure("restore_per_10m_identities", seconds / identities * 10_000_000, "s"));
        }
    }

    private static long counted(String clickhouse) {
        try (Connection connection = DriverManager.getConnection("jdbc:clickhouse:" + clickhouse);
                ResultSet sum =
                        connection.createStatement().executeQuery("SELECT sum(event_count) FROM rollups FINAL")) {
            sum.next();
            return sum.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException("ClickHouse does not answer", e);
        }
    }

    private static void await(Progress progress, Aggregator aggregator) {
        if (!progress.awaitEverythingSentSoFar(PATIENCE)) {
            throw new IllegalStateException("the rollups did not reach ClickHouse; the job is " + aggregator.state());
        }
    }

    private static double secondsSince(long startNanos) {
        return (System.nanoTime() - startNanos) / 1e9;
    }

    private void tell(String what) {
        out.println("... " + what);
        out.flush();
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("tollgate-bench-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
