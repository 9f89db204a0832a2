package io.tollgate.aggregator;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import io.tollgate.aggregator.topology.TopologyConfig;
import io.tollgate.events.UsageEvent;
import io.tollgate.parts.EmbeddedKafka;
import io.tollgate.parts.Part;
import io.tollgate.parts.TestParts;
import io.tollgate.schemas.Codec;
import io.tollgate.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A broker and a database of its own for one job, of which a test starts and stops instances. */
final class OneJob implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int PARTITIONS = 2;

    private final Path directory;
    private final Part kafka;
    private final String clickhouse;

    OneJob(Path directory) throws Exception {
        this.directory = directory;
        this.clickhouse = TestParts.freshClickHouseDatabase();
        this.kafka = EmbeddedKafka.start(directory.resolve("kafka"), 0, directory.resolve("kafka.log"));
        try (Admin admin = admin()) {
            admin.createTopics(List.of(
                            new NewTopic(Topics.USAGE_EVENTS, Optional.of(PARTITIONS), Optional.empty()),
                            new NewTopic(Topics.REJECTED_EVENTS, Optional.of(1), Optional.empty())))
                    .all()
                    .get();
        }
    }

    /** Few identities in memory, so that files are in play. */
    AggregatorConfig config(String instance) {
        return AggregatorConfig.of(kafka.endpoint(), clickhouse, stateOf(instance), instance)
                .withCommitInterval(Duration.ofMillis(100))
                .withTopology(TopologyConfig.USUAL.withIdsInMemory(300));
    }

    Path stateOf(String instance) {
        return directory.resolve(instance);
    }

    Aggregator start(AggregatorConfig config, MetricRegistry metrics) {
        return Aggregator.start(config, metrics, PATIENCE);
    }

    Admin admin() {
        return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.endpoint()));
    }

    String kafka() {
        return kafka.endpoint();
    }

    String clickhouse() {
        return clickhouse;
    }

    /** Events with the given numbers, spread over tenants and so over partitions. */
    static List<UsageEvent> events(int from, int to) {
        List<UsageEvent> events = new ArrayList<>();
        for (int i = from; i < to; i++) {
            UsageEvent event = Events.event("event-" + i, i % 1_000, i % 17);
            event.getDimensions().setTenant("tenant-" + i % 7);
            events.add(event);
        }
        return events;
    }

    void send(Collection<UsageEvent> events) {
        Map<String, Object> config = Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.endpoint());
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (UsageEvent event : events) {
                byte[] key = event.getDimensions().getTenant().getBytes(StandardCharsets.UTF_8);
                var unused =
                        producer.send(new ProducerRecord<>(Topics.USAGE_EVENTS, key, Codec.USAGE_EVENT.encode(event)));
            }
        }
    }

    void awaitCounted() {
        try (Progress progress = new Progress(kafka.endpoint())) {
            assertThat(progress.awaitEverythingSentSoFar(PATIENCE)).isTrue();
        }
    }

    Totals totals() throws SQLException {
        return Totals.inClickHouse(clickhouse);
    }

    static void until(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            LockSupport.parkNanos(20_000_000);
        }
    }

    static long gauge(MetricRegistry metrics, String name) {
        Gauge<?> gauge = Objects.requireNonNull(metrics.getGauges().get(name), name);
        return ((Number) gauge.getValue()).longValue();
    }

    @Override
    public void close() {
        kafka.close();
    }
}
