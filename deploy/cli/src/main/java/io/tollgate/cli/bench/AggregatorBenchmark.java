package io.tollgate.cli.bench;

import com.codahale.metrics.MetricRegistry;
import io.tollgate.aggregator.Aggregator;
import io.tollgate.aggregator.AggregatorConfig;
import io.tollgate.aggregator.Progress;
import io.tollgate.emitter.Emitter;
import io.tollgate.emitter.EmitterConfig;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.apache.kafka.streams.KafkaStreams;

/**
 * How fast the job counts, on one topic and in one run: against a plain consumer that only decodes, and against the job
 * that one writes first ({@link NaiveJob}). Each reads the topic from its beginning; its rate is taken between the first
 * and the last event that it is seen to have passed, so start-up does not count.
 */
final class AggregatorBenchmark {

    private static final int PARTITIONS = 4;
    private static final int THREADS = 2;
    private static final Duration PATIENCE = Duration.ofMinutes(30);

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
                        root.resolve("clickhouse"), 0, root.resolve("clickhouse.log"), FetchProgress.silent())) {
            UsageTopics.ensure(kafka.endpoint(), PARTITIONS);
            tell("sending %,d events, 2 %% of them twice".formatted(events));
            send(kafka.endpoint());
            tell("plain consumer that decodes");
            // Twice: the first pass warms up the compiler and the page cache.
            PlainConsumer.decode(kafka.endpoint(), events);
            double consumer = PlainConsumer.decode(kafka.endpoint(), events);
            tell("naive DSL job, %d threads".formatted(THREADS));
            double naive = naive(kafka.endpoint(), root.resolve("naive"));
            tell("our job with dedup, digests, ClickHouse and all, %d threads".formatted(THREADS));
            double ours = ours(kafka.endpoint(), clickhouse.endpoint(), root.resolve("ours"));
            List<Figure> figures = new ArrayList<>(List.of(
                    new Figure("events", events, "events"),
                    new Figure("consumer_decode_events_per_second", consumer, "events/s"),
                    new Figure("naive_dsl_events_per_second", naive, "events/s"),
                    new Figure("aggregator_events_per_second", ours, "events/s"),
                    new Figure("ratio_to_naive_dsl", ours / naive, "ratio"),
                    new Figure("ratio_to_consumer_decode", ours / consumer, "ratio")));
            return figures;
        } finally {
            FileUtils.deleteQuietly(root.toFile());
        }
    }

    private void send(String kafka) {
        CompactTraffic traffic = new CompactTraffic(events, seed);
        try (Emitter emitter = Emitter.create(EmitterConfig.to(kafka).withMaxBlock(Duration.ofMinutes(1)))) {
            while (traffic.hasNext()) {
                // Failures are counted by the emitter.
                var unused = emitter.emit(traffic.next());
            }
            emitter.flush();
            if (emitter.counts().failed() > 0) {
                throw new IllegalStateException(emitter.counts().failed() + " events were not taken by Kafka");
            }
        }
    }

    private double naive(String kafka, Path state) {
        try (KafkaStreams streams = NaiveJob.of(kafka, state, THREADS);
                Offsets offsets = new Offsets(kafka, NaiveJob.APPLICATION_ID)) {
            streams.start();
            // The second half of the job reads the repartition topic: it is done when that is done.
            return offsets.rate(
                    List.of(Topics.USAGE_EVENTS, NaiveJob.APPLICATION_ID + "-" + NaiveJob.REPARTITION), PATIENCE);
        }
    }

    private double ours(String kafka, String clickhouse, Path state) {
        AggregatorConfig config =
                AggregatorConfig.of(kafka, clickhouse, state, "bench").withThreads(THREADS);
        try (Offsets offsets = new Offsets(kafka, AggregatorConfig.APPLICATION_ID);
                Aggregator aggregator = Aggregator.start(config, new MetricRegistry(), Duration.ofMinutes(1));
                Progress progress = new Progress(kafka)) {
            double rate = offsets.rate(List.of(Topics.USAGE_EVENTS), PATIENCE);
            if (!progress.awaitEverythingSentSoFar(PATIENCE)) {
                throw new IllegalStateException(
                        "the rollups did not reach ClickHouse; the job is " + aggregator.state());
            }
            return rate;
        }
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
