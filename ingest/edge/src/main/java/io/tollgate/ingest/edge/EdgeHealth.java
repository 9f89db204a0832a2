package io.tollgate.ingest.edge;

import com.codahale.metrics.health.HealthCheck;
import io.tollgate.emitter.Outcome;
import io.tollgate.emitter.SpoolConfig;
import io.tollgate.emitter.spool.SpoolState;
import io.tollgate.schemas.Topics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Healthy when events can be taken: Kafka answers and has the topics that the edge writes to, or else there is room in
 * the spool. The message says which.
 */
final class EdgeHealth extends HealthCheck implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 3;
    private static final int REQUEST_MILLIS = 2_000;

    private final Admin admin;
    private final Supplier<SpoolState> spool;
    private final Optional<Long> spoolBytesMax;
    private final Supplier<Optional<Outcome.Reason>> refusing;

    /** @param refusing why the latest request was not taken, if it was not */
    EdgeHealth(IngestConfig config, Supplier<SpoolState> spool, Supplier<Optional<Outcome.Reason>> refusing) {
        this.spool = spool;
        this.spoolBytesMax = config.spool().map(SpoolConfig::maxBytes);
        this.refusing = refusing;
        Map<String, Object> settings = new HashMap<>(config.kafka());
        settings.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
        settings.put(AdminClientConfig.CLIENT_ID_CONFIG, "tollgate-edge-health");
        settings.put(
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_MILLIS);
        this.admin = Admin.create(settings);
    }

    @Override
    protected Result check() throws InterruptedException {
        Optional<String> fault = kafkaFault();
        if (fault.isEmpty()) {
            long waiting = spool.get().records();
            return waiting == 0
                    ? Result.healthy()
                    : Result.healthy("Kafka answers; %d events in the spool are being sent.", waiting);
        }
        if (spoolBytesMax.isEmpty()) {
            return Result.unhealthy(fault.get());
        }
        SpoolState state = spool.get();
        String kept = fault.get()
                + " The spool has %d events in %d of %d bytes"
                        .formatted(state.records(), state.bytes(), spoolBytesMax.get());
        Optional<Outcome.Reason> refused = refusing.get();
        boolean isFailing = refused.equals(Optional.of(Outcome.Reason.SPOOL_FAILED));
        boolean isFull = refused.equals(Optional.of(Outcome.Reason.SPOOL_FULL)) || state.bytes() >= spoolBytesMax.get();
        if (isFailing || isFull) {
            return Result.unhealthy("%s", kept + (isFailing ? ", and the disk takes no more." : ", and is full."));
        }
        return Result.healthy("%s", kept + ", and takes more.");
    }

    private Optional<String> kafkaFault() throws InterruptedException {
        try {
            admin.describeTopics(List.of(Topics.USAGE_EVENTS, Topics.REJECTED_EVENTS))
                    .allTopicNames()
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return Optional.empty();
        } catch (ExecutionException e) {
            return Optional.of(
                    e.getCause() instanceof UnknownTopicOrPartitionException
                            ? "Kafka has not both of the topics " + Topics.USAGE_EVENTS + " and "
                                    + Topics.REJECTED_EVENTS + "; create them."
                            : "Kafka does not answer: " + e.getCause() + ".");
        } catch (TimeoutException e) {
            return Optional.of("Kafka does not answer within " + PATIENCE_SECONDS + " s.");
        }
    }

    @Override
    public void close() {
        admin.close(java.time.Duration.ofSeconds(1));
    }
}
