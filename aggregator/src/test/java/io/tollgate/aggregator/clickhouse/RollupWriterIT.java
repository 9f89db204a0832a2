package io.tollgate.aggregator.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import io.tollgate.aggregator.Events;
import io.tollgate.connection.ClickHouseUrl;
import io.tollgate.events.EventDigest;
import io.tollgate.events.UsageRollup;
import io.tollgate.meters.MeterCatalogue;
import io.tollgate.parts.EmbeddedClickHouse;
import io.tollgate.parts.FetchProgress;
import io.tollgate.parts.Part;
import io.tollgate.parts.TestParts;
import io.tollgate.schemas.Codec;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RollupWriterIT {

    private static final String TOPIC = "rollups-of-writer-it";

    @TempDir
    Path directory;

    @BeforeAll
    static void topic() throws Exception {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, TestParts.kafka()))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, Optional.of(1), Optional.empty())))
                    .all()
                    .get();
        }
    }

    /** Two hundred months at once, which is more than ClickHouse takes in one insert unless it is told to. */
    @Test
    void clickHouseMayGoAwayAndNothingIsLostOrDoubled() throws Exception {
        Path data = directory.resolve("data");
        Path log = directory.resolve("log");
        Part clickhouse = EmbeddedClickHouse.start(data, 0, log, FetchProgress.silent());
        int port = URI.create(clickhouse.endpoint()).getPort();
        String url = clickhouse.endpoint() + "/tollgate";
        MetricRegistry metrics = new MetricRegistry();
        WriterConfig config = WriterConfig.USUAL.withArchive(false);
        Writers writers = Writers.open(
                ClickHouseUrl.parse(url),
                TestParts.kafka(),
                TOPIC,
                "writer-it",
                config,
                MeterCatalogue.usual(),
                metrics);
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        writers.start(failures::add);
        try {
            send(0, 200);
            until(() -> count(url) == 200);

            clickhouse.processes().forEach(ProcessHandle::destroyForcibly);
            clickhouse.onExit().get();
            send(100, 300);
            until(() -> metrics.counter("rollups.write_failures").getCount() >= 2);
            assertThat(writers.trouble()).isPresent();
            clickhouse = EmbeddedClickHouse.start(data, port, log, FetchProgress.silent());
            assertThat(URI.create(clickhouse.endpoint()).getPort()).isEqualTo(port);
            until(() -> count(url) == 300);
        } finally {
            writers.close();
            clickhouse.close();
        }
        assertThat(failures).isEmpty();
    }

    /** One rollup for each of the months. */
    private static void send(int from, int to) {
        Map<String, Object> config = Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, TestParts.kafka());
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int month = from; month < to; month++) {
                UsageRollup rollup = UsageRollup.newBuilder()
                        .setWindowStart(Instant.EPOCH.plus(Duration.ofDays(31L * month)))
                        .setDimensions(Events.event("", 1, 1).getDimensions())
                        .setContextBand(0)
                        .setShard(0)
                        .setQuantities(Map.of("input_tokens", 1L))
                        .setEventCount(1)
                        .setDigest(new EventDigest(new byte[16]))
                        .setVersion(1)
                        .setObservations(Map.of())
                        .build();
                byte[] key = Integer.toString(month).getBytes(java.nio.charset.StandardCharsets.UTF_8);
                var unused = producer.send(new ProducerRecord<>(TOPIC, key, Codec.USAGE_ROLLUP.encode(rollup)));
            }
        }
    }

    private static long count(String url) {
        try (Connection connection = DriverManager.getConnection("jdbc:clickhouse:" + url);
                ResultSet result =
                        connection.createStatement().executeQuery("SELECT sum(event_count) FROM rollups FINAL")) {
            result.next();
            return result.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("still waiting").isLessThan(deadline);
            LockSupport.parkNanos(50_000_000);
        }
    }
}
