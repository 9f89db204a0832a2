package io.tollgate.aggregator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.codahale.metrics.MetricRegistry;
import io.tollgate.events.UsageEvent;
import io.tollgate.parts.TestParts;
import io.tollgate.schemas.Codec;
import io.tollgate.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From Kafka to ClickHouse on the real engines. */
class AggregatorIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int EVENTS = 4_000;

    @TempDir
    static Path directory;

    private static String clickhouse = "";

    @BeforeAll
    static void topics() throws Exception {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, TestParts.kafka()))) {
            admin.createTopics(List.of(
                            new NewTopic(Topics.USAGE_EVENTS, Optional.of(3), Optional.empty()),
                            new NewTopic(Topics.REJECTED_EVENTS, Optional.of(1), Optional.empty())))
                    .all()
                    .get();
        }
        clickhouse = TestParts.freshClickHouseDatabase();
    }

    @Test
    void whatIsSentIsInClickHouseOnceWhateverIsSentTwiceAndHoweverOftenTheJobRestarts() throws Exception {
        long seed = System.nanoTime();
        System.out.println("AggregatorIT seed " + seed);
        Random random = new Random(seed);
        List<UsageEvent> events = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            UsageEvent event = Events.event(
                    "event-" + i,
                    Events.NOON.plusSeconds(random.nextInt(7_200)),
                    Map.of("input_tokens", (long) random.nextInt(200_000), "output_tokens", (long)
                            random.nextInt(900)));
            event.getDimensions().setTenant("tenant-" + random.nextInt(5));
            event.getDimensions().setTags(random.nextBoolean() ? Map.of("team", "a'b\\c\n\"ü") : Map.of());
            events.add(event);
        }
        Totals expected = Totals.of(events);

        try (Aggregator aggregator = start()) {
            assertThat(aggregator.state()).isEqualTo(AggregatorState.RUNNING);
            // So that older versions stay, and reading has to choose.
            execute("SYSTEM STOP MERGES rollups");
            send(events.subList(0, EVENTS / 2));
            send(events.subList(EVENTS / 4, EVENTS * 3 / 4));
            awaitCounted();
        }
        Collections.shuffle(events, random);
        send(events);
        try (Aggregator restarted = start()) {
            awaitCounted();
            assertThat(restarted.state()).isEqualTo(AggregatorState.RUNNING);
        }

        assertThat(Totals.inClickHouse(clickhouse)).isEqualTo(expected);
        forgetOffsets();
        assertThatIllegalStateException()
                .isThrownBy(AggregatorIT::start)
                .withMessageContaining("forgotten how far the aggregator was");
        assertThat(rows("SELECT count() FROM rollups"))
                .as("older versions are still there, so FINAL was needed")
                .isGreaterThan(rows("SELECT count() FROM rollups FINAL"));
    }

    private static void forgetOffsets() throws Exception {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, TestParts.kafka()))) {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            // A static member is missed only when its session has timed out.
            while (!admin.listConsumerGroupOffsets(AggregatorConfig.APPLICATION_ID)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .isEmpty()) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                try {
                    admin.deleteConsumerGroups(List.of(AggregatorConfig.APPLICATION_ID))
                            .all()
                            .get();
                } catch (ExecutionException e) {
                    assertThat(e).hasCauseInstanceOf(GroupNotEmptyException.class);
                    LockSupport.parkNanos(200_000_000);
                }
            }
        }
    }

    private static Aggregator start() {
        return Aggregator.start(
                AggregatorConfig.of(TestParts.kafka(), clickhouse, directory, "it"), new MetricRegistry(), PATIENCE);
    }

    private static void send(List<UsageEvent> events) {
        Map<String, Object> config = Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, TestParts.kafka());
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (UsageEvent event : events) {
                byte[] key = event.getDimensions().getTenant().getBytes(StandardCharsets.UTF_8);
                var unused =
                        producer.send(new ProducerRecord<>(Topics.USAGE_EVENTS, key, Codec.USAGE_EVENT.encode(event)));
            }
        }
    }

    private static void awaitCounted() {
        try (Progress progress = new Progress(TestParts.kafka())) {
            assertThat(progress.awaitEverythingSentSoFar(PATIENCE)).isTrue();
            assertThat(progress.lag()).isZero();
        }
    }

    private static long rows(String query) throws SQLException {
        try (Connection connection = connect(clickhouse);
                ResultSet result = connection.createStatement().executeQuery(query)) {
            result.next();
            return result.getLong(1);
        }
    }

    private static void execute(String statement) throws SQLException {
        try (Connection connection = connect(clickhouse)) {
            connection.createStatement().execute(statement);
        }
    }

    private static Connection connect(String url) throws SQLException {
        return DriverManager.getConnection("jdbc:clickhouse:" + url, new Properties());
    }
}
