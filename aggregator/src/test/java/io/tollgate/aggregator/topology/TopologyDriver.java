package io.tollgate.aggregator.topology;

import com.codahale.metrics.MetricRegistry;
import io.tollgate.events.RejectedEvent;
import io.tollgate.events.UsageEvent;
import io.tollgate.events.UsageRollup;
import io.tollgate.schemas.Codec;
import io.tollgate.schemas.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;

/** The topology under Kafka's own test driver, in terms of events and rollups. */
final class TopologyDriver implements AutoCloseable {

    private static final String APPLICATION = "laws";

    final MetricRegistry metrics = new MetricRegistry();
    private final TopologyTestDriver driver;
    private final TestInputTopic<byte[], byte[]> events;
    private final TestOutputTopic<byte[], byte[]> rollups;
    private final TestOutputTopic<byte[], byte[]> rejected;
    private final Map<String, UsageRollup> latest = new TreeMap<>();

    TopologyDriver(TopologyConfig topology, Instant start) {
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, APPLICATION);
        config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 1_000_000);
        driver = new TopologyTestDriver(UsageTopology.build(topology, metrics), config, start);
        events = driver.createInputTopic(Topics.USAGE_EVENTS, new ByteArraySerializer(), new ByteArraySerializer());
        rollups = driver.createOutputTopic(
                UsageTopology.rollupsTopic(APPLICATION), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        rejected = driver.createOutputTopic(
                Topics.REJECTED_EVENTS, new ByteArrayDeserializer(), new ByteArrayDeserializer());
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
        rollups.readKeyValuesToList()
                .forEach(record ->
                        latest.put(HexFormat.of().formatHex(record.key), Codec.USAGE_ROLLUP.decode(record.value)));
        return List.copyOf(latest.values());
    }

    /** Rejected events since the last call. */
    List<RejectedEvent> rejected() {
        return rejected.readValuesToList().stream()
                .map(Codec.REJECTED_EVENT::decode)
                .toList();
    }

    long seenIdentities() {
        return driver.<org.apache.kafka.common.utils.Bytes, byte[]>getKeyValueStore(UsageTopology.SEEN_STORE)
                .approximateNumEntries();
    }

    @Override
    public void close() {
        driver.close();
    }
}
