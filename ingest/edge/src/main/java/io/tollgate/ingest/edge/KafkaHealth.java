package io.tollgate.ingest.edge;

import com.codahale.metrics.health.HealthCheck;
import io.tollgate.schemas.Topics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Healthy when Kafka answers and has the topics that the edge writes to. */
final class KafkaHealth extends HealthCheck implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 3;
    private static final int REQUEST_MILLIS = 2_000;

    private final Admin admin;

    KafkaHealth(String bootstrapServers, Map<String, String> kafka) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        settings.put(AdminClientConfig.CLIENT_ID_CONFIG, "tollgate-edge-health");
        settings.put(
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_MILLIS);
        this.admin = Admin.create(settings);
    }

    @Override
    protected Result check() throws InterruptedException {
        try {
            admin.describeTopics(List.of(Topics.USAGE_EVENTS, Topics.REJECTED_EVENTS))
                    .allTopicNames()
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return Result.healthy();
        } catch (ExecutionException e) {
            return e.getCause() instanceof UnknownTopicOrPartitionException
                    ? Result.unhealthy("Kafka has not both of the topics " + Topics.USAGE_EVENTS + " and "
                            + Topics.REJECTED_EVENTS + "; create them.")
                    : Result.unhealthy("Kafka does not answer: " + e.getCause());
        } catch (TimeoutException e) {
            return Result.unhealthy("Kafka does not answer within " + PATIENCE_SECONDS + " s.");
        }
    }

    @Override
    public void close() {
        admin.close(java.time.Duration.ofSeconds(1));
    }
}
