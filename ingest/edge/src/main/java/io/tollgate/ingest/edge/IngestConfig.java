package io.tollgate.ingest.edge;

import io.tollgate.ingest.http.InFlight;
import io.tollgate.ingest.otlp.OtlpMapping;
import io.tollgate.ingest.policy.EventPolicy;
import io.tollgate.service.ListenOn;
import io.tollgate.service.Role;
import io.tollgate.service.Tokens;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * What the edge needs to run.
 *
 * @param kafkaPatience how long a request waits for Kafka before it is answered 503; at least one second
 * @param kafka further settings for Kafka's clients, such as those of TLS and SASL
 * @param policy which events are let in
 * @param mayBackfill whose requests may hold usage of any age when they say so
 * @param inFlight how much is worked on at once
 * @param otlp which attributes of OpenTelemetry give what
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
        OtlpMapping otlp) {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration PATIENCE_MIN = Duration.ofSeconds(1);

    public IngestConfig {
        if (kafkaPatience.compareTo(PATIENCE_MIN) < 0) {
            throw new IllegalArgumentException("kafkaPatience is below one second");
        }
        kafka = Map.copyOf(kafka);
        mayBackfill = Set.copyOf(mayBackfill);
    }

    /** With ten seconds of patience, no further settings, and the default policy and limits; senders may backfill. */
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
                OtlpMapping.DEFAULT);
    }

    public IngestConfig withKafkaPatience(Duration patience) {
        return new IngestConfig(
                bootstrapServers, listenOn, tokens, patience, kafka, policy, mayBackfill, inFlight, otlp);
    }

    public IngestConfig withPolicy(EventPolicy newPolicy) {
        return new IngestConfig(
                bootstrapServers, listenOn, tokens, kafkaPatience, kafka, newPolicy, mayBackfill, inFlight, otlp);
    }

    public IngestConfig withMayBackfill(Set<Role> roles) {
        return new IngestConfig(
                bootstrapServers, listenOn, tokens, kafkaPatience, kafka, policy, roles, inFlight, otlp);
    }

    public IngestConfig withInFlight(InFlight.Limits limits) {
        return new IngestConfig(
                bootstrapServers, listenOn, tokens, kafkaPatience, kafka, policy, mayBackfill, limits, otlp);
    }

    public IngestConfig withOtlp(OtlpMapping mapping) {
        return new IngestConfig(
                bootstrapServers, listenOn, tokens, kafkaPatience, kafka, policy, mayBackfill, inFlight, mapping);
    }
}
