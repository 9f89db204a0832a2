package io.tollgate.aggregator.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.aggregator.Progress;
import io.tollgate.events.UsageEvent;
import io.tollgate.parts.EmbeddedKafka;
import io.tollgate.parts.Part;
import io.tollgate.parts.TestParts;
import io.tollgate.schemas.Codec;
import io.tollgate.schemas.Topics;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Killed at random in the middle of a load, the job ends with the oracle's totals, unit for unit. */
@Tag("long")
class AggregatorCrashIT {

    private static final int KILLS = 10;
    private static final int EVENTS = 60_000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path directory;

    @Test
    void tenKillsInTheMiddleOfALoadChangeNothing() throws Exception {
        long seed = System.nanoTime();
        System.out.println("AggregatorCrashIT seed " + seed);
        Random random = new Random(seed);
        Load load = Load.of(EVENTS, random);
        String clickhouse = TestParts.freshClickHouseDatabase();
        Path log = directory.resolve("aggregator.log");
        // A broker of its own: the job's name and topics are those of the other tests.
        Part kafka = EmbeddedKafka.start(directory.resolve("kafka"), 0, directory.resolve("kafka.log"));
        try (Progress progress = new Progress(kafka.endpoint())) {
            createTopics(kafka.endpoint());
            int sent = 0;
            for (int kill = 0; kill < KILLS; kill++) {
                Process aggregator =
                        AggregatorProcess.start(kafka.endpoint(), clickhouse, directory.resolve("state"), log);
                try {
                    int upTo = EVENTS * (kill + 1) / KILLS;
                    long before = counted(clickhouse);
                    long roundStart = System.nanoTime();
                    send(kafka.endpoint(), load.events().subList(sent, upTo));
                    sent = upTo;
                    awaitSomeWork(clickhouse, before, random, aggregator, log);
                    System.out.printf("kill %d after %.1f s%n", kill + 1, (System.nanoTime() - roundStart) / 1e9);
                } finally {
                    aggregator.destroyForcibly().waitFor();
                }
            }
            Process last = AggregatorProcess.start(kafka.endpoint(), clickhouse, directory.resolve("state"), log);
            try {
                awaitTopicOfRollups(kafka.endpoint());
                assertThat(progress.awaitEverythingSentSoFar(PATIENCE))
                        .as(() -> "everything is counted; " + tail(log))
                        .isTrue();
            } finally {
                last.destroyForcibly().waitFor();
            }
            assertThat(totals(clickhouse)).isEqualTo(load.totals());
            assertThat(rejected(kafka.endpoint())).isGreaterThanOrEqualTo(load.conflicts());
        } finally {
            kafka.close();
        }
    }

    private static void createTopics(String kafka) throws Exception {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka))) {
            admin.createTopics(List.of(
                            new NewTopic(Topics.USAGE_EVENTS, Optional.of(3), Optional.empty()),
                            new NewTopic(Topics.REJECTED_EVENTS, Optional.of(1), Optional.empty())))
                    .all()
                    .get();
        }
    }

    private static void send(String kafka, List<UsageEvent> events) {
        Map<String, Object> config = Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (UsageEvent event : events) {
                byte[] key = event.getDimensions().getTenant().getBytes(StandardCharsets.UTF_8);
                var unused =
                        producer.send(new ProducerRecord<>(Topics.USAGE_EVENTS, key, Codec.USAGE_EVENT.encode(event)));
            }
        }
    }

    /** Lets it come so far that ClickHouse shows it, and then a random moment further. */
    private static void awaitSomeWork(String clickhouse, long before, Random random, Process aggregator, Path log) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (counted(clickhouse) == before) {
            assertThat(aggregator.isAlive()).as("the aggregator runs").isTrue();
            assertThat(System.nanoTime())
                    .as(() -> "some work is done; " + tail(log))
                    .isLessThan(deadline);
            LockSupport.parkNanos(10_000_000);
        }
        long moment = System.nanoTime() + random.nextInt(300) * 1_000_000L;
        while (System.nanoTime() < moment) {
            Thread.onSpinWait();
        }
    }

    private static void awaitTopicOfRollups(String kafka) throws Exception {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka))) {
            assertThat(admin.listTopics().names().get()).anyMatch(name -> name.endsWith("usage-rollups-changelog"));
        }
    }

    private static long rejected(String kafka) throws Exception {
        TopicPartition partition = new TopicPartition(Topics.REJECTED_EVENTS, 0);
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka))) {
            return admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                    .partitionResult(partition)
                    .get()
                    .offset();
        }
    }

    private static long counted(String clickhouse) {
        try (Connection connection = DriverManager.getConnection("jdbc:clickhouse:" + clickhouse);
                ResultSet exists = connection.createStatement().executeQuery("EXISTS TABLE rollups")) {
            exists.next();
            if (exists.getInt(1) == 0) {
                return 0;
            }
            try (ResultSet sum =
                    connection.createStatement().executeQuery("SELECT sum(event_count) FROM rollups FINAL")) {
                sum.next();
                return sum.getLong(1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, Load.Total> totals(String clickhouse) throws SQLException {
        Map<String, Load.Total> totals = new TreeMap<>();
        try (Connection connection = DriverManager.getConnection("jdbc:clickhouse:" + clickhouse);
                ResultSet rows = connection.createStatement().executeQuery("""
                                SELECT concat(tenant, ' ', model, ' ', toString(toUnixTimestamp(window_start)), ' ',
                                              toString(context_band)),
                                       sum(quantities['input_tokens']), sum(quantities['output_tokens']),
                                       sum(event_count), toString(sum(digest))
                                FROM rollups FINAL GROUP BY 1""")) {
            while (rows.next()) {
                totals.put(
                        rows.getString(1),
                        new Load.Total(
                                rows.getLong(2), rows.getLong(3), rows.getLong(4), new BigInteger(rows.getString(5))));
            }
        }
        return totals;
    }

    private static String tail(Path log) {
        try {
            String text = Files.readString(log);
            return text.substring(Math.max(0, text.length() - 3_000));
        } catch (java.io.IOException e) {
            return String.valueOf(e);
        }
    }
}
