package io.tollgate.cli.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tollgate.emitter.Emitter;
import io.tollgate.emitter.EmitterConfig;
import io.tollgate.emitter.SpoolConfig;
import io.tollgate.emitter.UsageTopics;
import io.tollgate.events.UsageEvent;
import io.tollgate.ingest.cloudevents.CloudEventWriter;
import io.tollgate.ingest.edge.IngestConfig;
import io.tollgate.ingest.edge.IngestService;
import io.tollgate.parts.EmbeddedKafka;
import io.tollgate.parts.Part;
import io.tollgate.service.ListenOn;
import io.tollgate.service.Tokens;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * What metering costs a source: the emitter against a bare Kafka producer that sends the same bytes with the same
 * settings, and the edge, in batches of 1,000, against a bare Jetty handler that only reads the body. Between the two stands
 * a handler that does what no edge can leave out: it takes the JSON apart, and sends as many events, made beforehand. The
 * ways take turns, so that what else the machine does meets all of them; each figure is the median of its rounds.
 */
final class IngestBenchmark {

    private static final int ROUNDS = 5;
    /**
     * Different events; the same ones are sent again and again, which neither the emitter nor the edge minds. So few that
     * they stay in the processor's caches, as an event does that a source has just made.
     */
    private static final int DIFFERENT_EVENTS = 4_000;

    private static final int BATCH = 1_000;
    private static final int CLIENTS = 4;

    private static final JsonFactory JSON = new JsonFactory();

    private final long events;
    private final long seed;
    private final PrintWriter out;

    /** @param events that each way sends in each round; not less than one batch is sent */
    IngestBenchmark(long events, long seed, PrintWriter out) {
        this.events = Math.max(BATCH, events);
        this.seed = seed;
        this.out = out;
    }

    List<Figure> run() {
        Path root;
        try {
            root = Files.createTempDirectory("tollgate-bench-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try (Part kafka = EmbeddedKafka.start(root.resolve("kafka"), 0, root.resolve("kafka.log"))) {
            UsageTopics.ensure(kafka.endpoint(), CompactTraffic.PARTITIONS);
            List<UsageEvent> traffic = traffic();
            List<Figure> figures = new ArrayList<>();
            figures.add(new Figure("events_per_round", events, "events"));
            figures.addAll(emitter(kafka.endpoint(), root.resolve("spool"), traffic));
            figures.addAll(http(kafka.endpoint(), traffic));
            return figures;
        } finally {
            FileUtils.deleteQuietly(root.toFile());
        }
    }

    private List<UsageEvent> traffic() {
        CompactTraffic compact = new CompactTraffic(0, Math.min(events, DIFFERENT_EVENTS), seed);
        List<UsageEvent> traffic = new ArrayList<>();
        while (compact.hasNext()) {
            traffic.add(compact.next());
        }
        return traffic;
    }

    private List<Figure> emitter(String kafka, Path spool, List<UsageEvent> traffic) {
        EmitterConfig config = EmitterConfig.to(kafka).withMaxBlock(Duration.ofMinutes(1));
        try (BareProducer bare = new BareProducer(config, traffic);
                Emitter plain = Emitter.create(config);
                Emitter spooling = Emitter.create(config.withSpool(SpoolConfig.in(spool)))) {
            List<Double> medians = rounds(
                    "%,d events each through a bare producer, the emitter, the emitter with a spool".formatted(events),
                    List.of(() -> bare.send(events), () -> send(plain, traffic), () -> send(spooling, traffic)));
            double producer = medians.get(0);
            return List.of(
                    new Figure("bare_producer_events_per_second", producer, "events/s"),
                    new Figure("emitter_events_per_second", medians.get(1), "events/s"),
                    new Figure("emitter_with_spool_events_per_second", medians.get(2), "events/s"),
                    new Figure("ratio_emitter_to_producer", medians.get(1) / producer, "ratio"),
                    new Figure("ratio_emitter_with_spool_to_producer", medians.get(2) / producer, "ratio"));
        }
    }

    private double send(Emitter emitter, List<UsageEvent> traffic) {
        long start = System.nanoTime();
        for (long sent = 0; sent < events; sent++) {
            // What was not accepted is counted by the emitter.
            emitter.offer(traffic.get((int) (sent % traffic.size())), outcome -> {});
        }
        emitter.flush();
        double rate = events / secondsSince(start);
        if (emitter.counts().acknowledged() % events != 0) {
            throw new IllegalStateException("Kafka did not take all: " + emitter.counts());
        }
        return rate;
    }

    private List<Figure> http(String kafka, List<UsageEvent> traffic) {
        Tokens tokens = Tokens.draw(new SecureRandom());
        // The edge lingers as long.
        EmitterConfig config = EmitterConfig.to(kafka).withKafka(Map.of(ProducerConfig.LINGER_MS_CONFIG, "1"));
        try (BareServer bare = BareServer.reading();
                BareProducer producer = new BareProducer(config, traffic);
                BareServer necessary = BareServer.doing(body -> {
                    tokenize(body);
                    producer.sendAndWait(BATCH);
                });
                IngestService edge = IngestService.start(IngestConfig.of(kafka, ListenOn.anyPort(), tokens))) {
            HttpLoad load = new HttpLoad(bodies(traffic), tokens.platform(), CLIENTS, (int) (events / BATCH));
            HttpLoad.Run bareRun = load.against(bare.uri(), "");
            HttpLoad.Run necessaryRun = load.against(necessary.uri(), "");
            HttpLoad.Run edgeRun =
                    load.against(edge.applicationUri().resolve("/v1/events"), "\"accepted\":%d".formatted(BATCH));
            List<Double> medians = rounds(
                    "%,d events each in batches of %,d by %d clients to a bare Jetty handler, to one that does the necessary, and to the edge"
                            .formatted(events, BATCH, CLIENTS),
                    Stream.of(bareRun, necessaryRun, edgeRun)
                            .<DoubleSupplier>map(run -> () -> BATCH * run.requestsPerSecond())
                            .toList());
            return List.of(
                    new Figure("batch_bytes", load.meanBytes(), "bytes"),
                    new Figure("bare_jetty_events_per_second", medians.get(0), "events/s"),
                    new Figure("bare_jetty_latency_p50", bareRun.latency(50), "ms"),
                    new Figure("bare_jetty_latency_p99", bareRun.latency(99), "ms"),
                    new Figure("tokens_and_producer_events_per_second", medians.get(1), "events/s"),
                    new Figure("edge_events_per_second", medians.get(2), "events/s"),
                    new Figure("edge_latency_p50", edgeRun.latency(50), "ms"),
                    new Figure("edge_latency_p99", edgeRun.latency(99), "ms"),
                    new Figure("ratio_tokens_and_producer_to_bare_jetty", medians.get(1) / medians.get(0), "ratio"),
                    new Figure("ratio_edge_to_bare_jetty", medians.get(2) / medians.get(0), "ratio"),
                    new Figure("ratio_edge_to_tokens_and_producer", medians.get(2) / medians.get(1), "ratio"));
        }
    }

    /** What any edge does with a body at least: finds each token, and each text and number in it. */
    private static void tokenize(byte[] body) {
        try (JsonParser json = JSON.createParser(body)) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token == JsonToken.VALUE_STRING) {
                    var unused = json.getText();
                } else if (token == JsonToken.VALUE_NUMBER_INT) {
                    var unused = json.getLongValue();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a body of ours is JSON", e);
        }
    }

    private static List<byte[]> bodies(List<UsageEvent> traffic) {
        return IntStream.range(0, traffic.size() / BATCH)
                .mapToObj(batch -> traffic.subList(batch * BATCH, (batch + 1) * BATCH).stream()
                        .map(CloudEventWriter::write)
                        .collect(Collectors.joining(",", "[", "]"))
                        .getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    /** Lets the ways take turns; the first round, in which the compiler is busy, does not count. */
    private List<Double> rounds(String what, List<DoubleSupplier> ways) {
        out.printf("... %s, %d rounds and one to warm up%n", what, ROUNDS);
        out.flush();
        List<List<Double>> rates =
                ways.stream().map(way -> (List<Double>) new ArrayList<Double>()).toList();
        for (int round = 0; round <= ROUNDS; round++) {
            for (int way = 0; way < ways.size(); way++) {
                double rate = ways.get(way).getAsDouble();
                if (round > 0) {
                    rates.get(way).add(rate);
                }
            }
        }
        return rates.stream()
                .map(each -> each.stream().sorted().toList().get(ROUNDS / 2))
                .toList();
    }

    private static double secondsSince(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
