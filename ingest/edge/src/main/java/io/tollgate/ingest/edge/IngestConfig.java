package io.tollgate.ingest.edge;

import io.tollgate.ingest.http.InFlight;
import io.tollgate.ingest.policy.EventPolicy;
import io.tollgate.service.ListenOn;
import io.tollgate.service.Role;
import io.tollgate.service.Tokens;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the edge needs to run.
 *
 * @param kafkaPatience how long a request waits for Kafka before it is answered 503; at least one second
 * @param kafka further settings for Kafka's clients, such as those of TLS and SASL
 * @param policy which events are let in
 * @param mayBackfill whose requests may hold usage of any age when they say so
 * @param inFlight how much is worked on at once
 * @param clickhouse the archive, as {@code http://[user:password@]host:port[/database]}; without it events can be sent,
 *     but not looked up, and so neither reversed nor, when rejected, listed
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
        Optional<String> clickhouse) {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration PATIENCE_MIN = Duration.ofSeconds(1);

    public IngestConfig {
        if (kafkaPatience.compareTo(PATIENCE_MIN) < 0) {
            throw new IllegalArgumentException("kafkaPatience is below one second");
        }
        kafka = Map.copyOf(kafka);
        mayBackfill = Set.copyOf(mayBackfill);
    }

    /** With ten seconds of patience, no further settings, no archive, the default policy and limits; senders may backfill. */
    public static IngestConfig of(String bootstrapServers, ListenOn listenOn, Tokens tokens) {
        return new IngestConfig(
                bootstrapServers,
                listenOn,
                tokens,
                PATIENCE,
                Map.of(),
                EventPolicy.DEFAULT,
                Set.of(Role.ADMIN, Role.PLATFORM),
                InFlight.Limits.DEFAULT,
                Optional.empty());
    }

    public IngestConfig withKafkaPatience(Duration patience) {
        return new IngestConfig(
                bootstrapServers, listenOn, tokens, patience, kafka, policy, mayBackfill, inFlight, clickhouse);
    }

    public IngestConfig withPolicy(EventPolicy newPolicy) {
        return new IngestConfig(
                bootstrapServers, listenOn, tokens, kafkaPatience, kafka, newPolicy, mayBackfill, inFlight, clickhouse);
    }

    public IngestConfig withMayBackfill(Set<Role> roles) {
        return new IngestConfig(
                bootstrapServers, listenOn, tokens, kafkaPatience, kafka, policy, roles, inFlight, clickhouse);
    }

    public IngestConfig withInFlight(InFlight.Limits limits) {
        return new IngestConfig(
                bootstrapServers, listenOn, tokens, kafkaPatience, kafka, policy, mayBackfill, limits, clickhouse);
    }

    public IngestConfig withClickHouse(String url) {
        return new IngestConfig(
                bootstrapServers,
                listenOn,
                tokens,
                kafkaPatience,
                kafka,
                policy,
                mayBackfill,
                inFlight,
                Optional.of(url));
    }
}
