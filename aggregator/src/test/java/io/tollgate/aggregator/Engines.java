package io.tollgate.aggregator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.events.UsageEvent;
import io.tollgate.parts.EmbeddedClickHouse;
import io.tollgate.parts.EmbeddedKafka;
import io.tollgate.parts.FetchProgress;
import io.tollgate.parts.Part;
import io.tollgate.schemas.Codec;
import io.tollgate.schemas.Topics;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A Kafka and a ClickHouse of one test's own: the job's name and topics are those of the other tests. */
final class Engines implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Path directory;
    private final Part kafka;
    private Part clickhouse;

    private Engines(Path directory, Part kafka, Part clickhouse) {
        this.directory = directory;
        this.kafka = kafka;
        this.clickhouse = clickhouse;
    }

    /** Starts both and makes the topics. */
    static Engines start(Path directory) throws ExecutionException, InterruptedException {
        Part kafka = EmbeddedKafka.start(directory.resolve("kafka"), 0, directory.resolve("kafka.log"));
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.endpoint()))) {
            admin.createTopics(List.of(
                            new NewTopic(Topics.USAGE_EVENTS, Optional.of(3), Optional.empty()),
                            new NewTopic(Topics.REJECTED_EVENTS, Optional.of(2), Optional.empty())))
                    .all()
                    .get();
        }
        return new Engines(directory, kafka, clickhouse(directory, 0));
    }

    private static Part clickhouse(Path directory, int port) {
        return EmbeddedClickHouse.start(
                directory.resolve("clickhouse"), port, directory.resolve("clickhouse.log"), FetchProgress.silent());
    }

    String kafka() {
        return kafka.endpoint();
    }

    String clickhouse() {
        return clickhouse.endpoint() + "/tollgate";
    }

    void killClickHouse() throws ExecutionException, InterruptedException {
        clickhouse.processes().forEach(ProcessHandle::destroyForcibly);
        clickhouse.onExit().get();
    }

    /** On the port that it had. */
    void startClickHouseAgain() {
        int port = URI.create(clickhouse.endpoint()).getPort();
        clickhouse = clickhouse(directory, port);
        assertThat(URI.create(clickhouse.endpoint()).getPort()).isEqualTo(port);
    }

    AggregatorConfig config() {
        return AggregatorConfig.of(kafka(), clickhouse(), directory.resolve("state"), "engines");
    }

    /** Sends events, each to the partition of its tenant. */
    void send(List<UsageEvent> events) {
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            for (UsageEvent event : events) {
                byte[] key = event.getDimensions().getTenant().getBytes(StandardCharsets.UTF_8);
                var unused =
                        producer.send(new ProducerRecord<>(Topics.USAGE_EVENTS, key, Codec.USAGE_EVENT.encode(event)));
            }
        }
    }

    void sendPoison(byte[] bytes) {
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            var unused = producer.send(new ProducerRecord<>(Topics.USAGE_EVENTS, new byte[0], bytes));
        }
    }

    private KafkaProducer<byte[], byte[]> producer() {
        Map<String, Object> config = Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka());
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** The first column of the first row, as text. */
    String ask(String query) {
        try (Connection connection = DriverManager.getConnection("jdbc:clickhouse:" + clickhouse());
                ResultSet result = connection.createStatement().executeQuery(query)) {
            result.next();
            return result.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(query, e);
        }
    }

    void execute(String statement) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:clickhouse:" + clickhouse())) {
            connection.createStatement().execute(statement);
        }
    }

    void awaitEverythingArchived() {
        try (Progress progress = new Progress(kafka())) {
            assertThat(progress.awaitEverythingArchived(PATIENCE))
                    .as(() -> "lags: events %d, rollups %d, archive %d, rejected %d"
                            .formatted(
                                    progress.eventLag(),
                                    progress.rollupLag(),
                                    progress.archiveLag(),
                                    progress.rejectedLag()))
                    .isTrue();
        }
    }

    static void until(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("still waiting: " + what).isLessThan(deadline);
            LockSupport.parkNanos(50_000_000);
        }
    }

    @Override
    public void close() {
        clickhouse.close();
        kafka.close();
    }
}
