package io.tollgate.aggregator.topology;

import com.codahale.metrics.MetricRegistry;
import io.tollgate.events.RejectedEvent;
import io.tollgate.events.UsageEvent;
import io.tollgate.events.UsageRollup;
import io.tollgate.schemas.Codec;
import io.tollgate.schemas.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.internals.WrappedStateStore;

/** The topology under Kafka's own test driver, in terms of events and rollups. */
final class TopologyDriver implements AutoCloseable {

    private static final String APPLICATION = "laws";

    final MetricRegistry metrics = new MetricRegistry();
    private final Path stateDirectory = temporaryDirectory();
    private final TopologyTestDriver driver;
    private final TestInputTopic<byte[], byte[]> events;
    private final TestOutputTopic<byte[], byte[]> rollups;
    private final TestOutputTopic<byte[], byte[]> rejected;
    private final TestOutputTopic<byte[], byte[]> seen;
    /** What a restart finds: the changelogs as far as they were written. */
    private final Map<String, byte[]> latest;

    private final List<byte[]> seenChunks;

    TopologyDriver(TopologyConfig topology, Instant start) {
        this(topology, start, new TreeMap<>(), new ArrayList<>());
    }

    private TopologyDriver(
            TopologyConfig topology, Instant start, Map<String, byte[]> latest, List<byte[]> seenChunks) {
        this.latest = latest;
        this.seenChunks = seenChunks;
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, APPLICATION);
        config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 1_000_000);
        // Its own: the usual one is shared with whoever else runs this on the machine.
        config.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
        driver = new TopologyTestDriver(UsageTopology.build(topology, metrics), config, start);
        events = driver.createInputTopic(Topics.USAGE_EVENTS, new ByteArraySerializer(), new ByteArraySerializer());
        rollups = driver.createOutputTopic(
                UsageTopology.rollupsTopic(APPLICATION), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        rejected = driver.createOutputTopic(
                Topics.REJECTED_EVENTS, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        seen = driver.createOutputTopic(
                APPLICATION + "-" + UsageTopology.SEEN_STORE + "-changelog",
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /** A job that takes over from this one, with nothing but what this one's changelogs hold. */
    TopologyDriver restarted(TopologyConfig topology, Instant start) {
        readChangelogs();
        close();
        TopologyDriver next = new TopologyDriver(topology, start, latest, seenChunks);
        KeyValueStore<Bytes, byte[]> rollupStore = next.driver.getKeyValueStore(UsageTopology.ROLLUP_STORE);
        latest.forEach(
                (key, rollup) -> rollupStore.put(Bytes.wrap(HexFormat.of().parseHex(key)), rollup));
        StateStore store = next.driver.<Bytes, byte[]>getKeyValueStore(UsageTopology.SEEN_STORE);
        while (store instanceof WrappedStateStore<?, ?, ?> wrapped) {
            store = wrapped.wrapped();
        }
        seenChunks.forEach(((SeenIdsStore) store)::restore);
        return next;
    }

    private void readChangelogs() {
        rollups.readKeyValuesToList()
                .forEach(record -> latest.put(HexFormat.of().formatHex(record.key), record.value));
        seenChunks.addAll(seen.readValuesToList());
    }

    void send(UsageEvent event, Instant arrival) {
        send(Codec.USAGE_EVENT.encode(event), arrival);
    }

    void send(byte[] bytes, Instant arrival) {
        events.pipeInput(new byte[] {1}, bytes, arrival);
    }

    void passTime(Duration duration) {
        driver.advanceWallClockTime(duration);
    }

    /** What a reader of the rollups topic holds: the last record of each key. */
    List<UsageRollup> rollups() {
        readChangelogs();
        return latest.values().stream().map(Codec.USAGE_ROLLUP::decode).toList();
    }

    /** Rejected events since the last call. */
    List<RejectedEvent> rejected() {
        return rejected.readValuesToList().stream()
                .map(Codec.REJECTED_EVENT::decode)
                .toList();
    }

    long seenIdentities() {
        return driver.<Bytes, byte[]>getKeyValueStore(UsageTopology.SEEN_STORE).approximateNumEntries();
    }

    @Override
    public void close() {
        driver.close();
        try (Stream<Path> left = Files.walk(stateDirectory)) {
            for (Path path : left.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path temporaryDirectory() {
        try {
            return Files.createTempDirectory("topology-driver");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
