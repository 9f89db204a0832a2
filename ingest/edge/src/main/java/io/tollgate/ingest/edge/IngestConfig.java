package io.tollgate.ingest.edge;

import io.tollgate.emitter.SaltedTenants;
import io.tollgate.emitter.SpoolConfig;
import io.tollgate.ingest.http.InFlight;
import io.tollgate.ingest.policy.EventPolicy;
import io.tollgate.service.ListenOn;
import io.tollgate.service.Role;
import io.tollgate.service.Tokens;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the edge needs to run.
 *
 * @param kafkaPatience how long a request waits for Kafka, or the spool, before it is answered 503; at least one second
 * @param kafka further settings for Kafka's clients, such as those of TLS and SASL
 * @param policy which events are let in
 * @param mayBackfill whose requests may hold usage of any age when they say so
 * @param inFlight how much is worked on at once
 * @param spool where events go while Kafka is away; without one they are answered 503
 * @param saltedTenants whose events are spread over partitions
 * @param largeBodies the directory for bodies that are too large for memory, while they are worked on
 */
public record IngestConfig(
        String bootstrapServers,
        ListenOn listenOn,
        Tokens tokens,
        Duration kafkaPatience,
        Map<String, String> kafka,
        EventPolicy policy,
        Set<Role> mayBackfill,
        InFlight.Limits inFlight,
        Optional<SpoolConfig> spool,
        SaltedTenants saltedTenants,
        Path largeBodies) {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration PATIENCE_MIN = Duration.ofSeconds(1);

    public IngestConfig {
        if (kafkaPatience.compareTo(PATIENCE_MIN) < 0) {
            throw new IllegalArgumentException("kafkaPatience is below one second");
        }
        kafka = Map.copyOf(kafka);
        mayBackfill = Set.copyOf(mayBackfill);
    }

    /**
     * With ten seconds of patience, no further settings, the default policy and the usual limits; senders may backfill, no
     * tenant is salted, there is no spool, and large bodies are in the system's directory for temporary files.
     */
    public static IngestConfig of(String bootstrapServers, ListenOn listenOn, Tokens tokens) {
        return new IngestConfig(
                bootstrapServers,
                listenOn,
                tokens,
                PATIENCE,
                Map.of(),
                EventPolicy.DEFAULT,
                Set.of(Role.ADMIN, Role.PLATFORM),
                InFlight.Limits.usual(),
                Optional.empty(),
                SaltedTenants.NONE,
                Path.of(System.getProperty("java.io.tmpdir")));
    }

    public IngestConfig withKafkaPatience(Duration patience) {
        return new IngestConfig(
                bootstrapServers,
                listenOn,
                tokens,
                patience,
                kafka,
                policy,
                mayBackfill,
                inFlight,
                spool,
                saltedTenants,
                largeBodies);
    }

    public IngestConfig withPolicy(EventPolicy newPolicy) {
        return new IngestConfig(
                bootstrapServers,
                listenOn,
                tokens,
                kafkaPatience,
                kafka,
                newPolicy,
                mayBackfill,
                inFlight,
                spool,
                saltedTenants,
                largeBodies);
    }

    public IngestConfig withMayBackfill(Set<Role> roles) {
        return new IngestConfig(
                bootstrapServers,
                listenOn,
                tokens,
                kafkaPatience,
                kafka,
                policy,
                roles,
                inFlight,
                spool,
                saltedTenants,
                largeBodies);
    }

    public IngestConfig withInFlight(InFlight.Limits limits) {
        return new IngestConfig(
                bootstrapServers,
                listenOn,
                tokens,
                kafkaPatience,
                kafka,
                policy,
                mayBackfill,
                limits,
                spool,
                saltedTenants,
                largeBodies);
    }

    public IngestConfig withSpool(Optional<SpoolConfig> newSpool) {
        return new IngestConfig(
                bootstrapServers,
                listenOn,
                tokens,
                kafkaPatience,
                kafka,
                policy,
                mayBackfill,
                inFlight,
                newSpool,
                saltedTenants,
                largeBodies);
    }

    public IngestConfig withSaltedTenants(SaltedTenants tenants) {
        return new IngestConfig(
                bootstrapServers,
                listenOn,
                tokens,
                kafkaPatience,
                kafka,
                policy,
                mayBackfill,
                inFlight,
                spool,
                tenants,
                largeBodies);
    }

    public IngestConfig withLargeBodies(Path directory) {
        return new IngestConfig(
                bootstrapServers,
                listenOn,
                tokens,
                kafkaPatience,
                kafka,
                policy,
                mayBackfill,
                inFlight,
                spool,
                saltedTenants,
                directory);
    }
}
