package io.tollgate.emitter;

import io.tollgate.schemas.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/** The topics that sources write to. */
public final class UsageTopics {

    /** How many partitions {@code usage-events} gets when nobody says otherwise. */
    public static final int PARTITIONS = 4;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private UsageTopics() {}

    /**
     * Creates {@code usage-events} and {@code usage-events-rejected} where they are missing, and leaves those that are
     * there as they are. Replication is the broker's default.
     *
     * @param partitions how many partitions a new {@code usage-events} gets, at least 1
     * @throws IllegalStateException when the broker cannot be reached within 30 seconds, or refuses
     */
    public static void ensure(String bootstrapServers, int partitions) {
        if (partitions < 1) {
            throw new IllegalArgumentException("partitions must be at least 1, not " + partitions);
        }
        Map<String, Object> settings = Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                AdminClientConfig.CLIENT_ID_CONFIG,
                "tollgate-topics",
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                (int) PATIENCE.toMillis());
        try (Admin admin = Admin.create(settings)) {
            Map<String, KafkaFuture<Void>> created = admin.createTopics(List.of(
                            topic(Topics.USAGE_EVENTS, partitions, Map.of()),
                            topic(
                                    Topics.REJECTED_EVENTS,
                                    1,
                                    Map.of(
                                            TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                                            String.valueOf(Emitter.MAX_REQUEST_BYTES)))))
                    .values();
            for (KafkaFuture<Void> each : created.values()) {
                await(each);
            }
        }
    }

    private static NewTopic topic(String name, int partitions, Map<String, String> more) {
        Map<String, String> settings = new TreeMap<>(Map.of(
                // Kept for ever: usage is evidence. Whoever archives it elsewhere may set a limit.
                TopicConfig.RETENTION_MS_CONFIG, "-1",
                // The broker's clock, because a source's clock that is wrong would move the job's stream time, and with
                // it the horizon within which duplicates are known.
                TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime"));
        settings.putAll(more);
        return new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(settings);
    }

    private static void await(KafkaFuture<Void> created) {
        try {
            created.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new IllegalStateException("cannot create the usage topics: " + e.getCause(), e);
            }
        } catch (TimeoutException e) {
            throw new IllegalStateException("Kafka did not answer within " + PATIENCE.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the usage topics were created", e);
        }
    }
}
