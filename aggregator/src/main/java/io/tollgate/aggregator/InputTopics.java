package io.tollgate.aggregator;

import io.tollgate.schemas.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topics that the job reads and rejects to, which somebody else makes. A broker that made them by itself would keep
 * evidence for seven days, and take no rejected event of full size.
 *
 * <p>Records of {@code usage-events} must carry the broker's time. With the senders' one clock that is years ahead would
 * make the job forget every identity it knows, and count duplicates.
 */
final class InputTopics {

    private static final Logger LOG = LoggerFactory.getLogger(InputTopics.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String BROKERS_TIME = "LogAppendTime";
    private static final ConfigResource EVENTS = new ConfigResource(ConfigResource.Type.TOPIC, Topics.USAGE_EVENTS);

    private InputTopics() {}

    /**
     * Makes sure of both. Where records carry their senders' time, from now on they carry the broker's.
     *
     * @throws IllegalStateException when one is missing, or the broker does not let its time be set
     * @throws KafkaException when Kafka does not answer
     */
    static void require(String bootstrapServers) {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
            requireBoth(admin);
            requireBrokersTime(admin);
        }
    }

    private static void requireBoth(Admin admin) {
        Set<String> missing = new TreeSet<>(Set.of(Topics.USAGE_EVENTS, Topics.REJECTED_EVENTS));
        try {
            missing.removeAll(get(admin.listTopics().names()));
        } catch (ExecutionException e) {
            throw new KafkaException("Kafka did not tell its topics: " + e.getCause(), e);
        }
        if (!missing.isEmpty()) {
            throw new IllegalStateException(
                    "Kafka has no topic %s; the edge makes what is missing, or --partitions does"
                            .formatted(String.join(" and no topic ", missing)));
        }
    }

    private static void requireBrokersTime(Admin admin) {
        String type;
        try {
            type = Objects.requireNonNull(
                            get(admin.describeConfigs(List.of(EVENTS)).all()).get(EVENTS))
                    .get(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG)
                    .value();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthorizationException) {
                LOG.warn(
                        "cannot see whether {} has {}={}, and duplicates are known only if it has: {}",
                        Topics.USAGE_EVENTS,
                        TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                        BROKERS_TIME,
                        e.getCause().getMessage());
                return;
            }
            throw new KafkaException("Kafka did not tell the settings of its topics: " + e.getCause(), e);
        }
        if (!BROKERS_TIME.equals(type)) {
            setBrokersTime(admin, type);
        }
    }

    private static void setBrokersTime(Admin admin, String before) {
        AlterConfigOp set = new AlterConfigOp(
                new ConfigEntry(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, BROKERS_TIME), AlterConfigOp.OpType.SET);
        try {
            get(admin.incrementalAlterConfigs(Map.of(EVENTS, List.of(set))).all());
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    ("records of %s carry the time of their senders (%s=%s), of which one that is wrong would make the"
                                    + " aggregator forget what it has counted; it may not change that itself (%s). Do it"
                                    + " with kafka-configs --alter --topic %1$s --add-config %2$s=%s")
                            .formatted(
                                    Topics.USAGE_EVENTS,
                                    TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                                    before,
                                    e.getCause(),
                                    BROKERS_TIME),
                    e);
        }
        LOG.warn(
                "records of {} carried the time of their senders ({}={}); from now on they carry the broker's ({})",
                Topics.USAGE_EVENTS,
                TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                before,
                BROKERS_TIME);
    }

    private static <T> T get(KafkaFuture<T> answer) throws ExecutionException {
        try {
            return answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while asking Kafka for its topics", e);
        } catch (TimeoutException e) {
            throw new KafkaException("Kafka did not tell its topics within " + PATIENCE, e);
        }
    }
}
