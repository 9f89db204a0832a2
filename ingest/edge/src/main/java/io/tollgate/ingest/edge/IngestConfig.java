package io.tollgate.ingest.edge;

import io.tollgate.service.ListenOn;
import io.tollgate.service.Tokens;
import java.time.Duration;
import java.util.Map;

/**
 * What the edge needs to run.
 *
 * @param kafkaPatience how long a request waits for Kafka before it is answered 503; at least one second
 * @param kafka further settings for Kafka's clients, such as those of TLS and SASL
 */
public record IngestConfig(
        String bootstrapServers, ListenOn listenOn, Tokens tokens, Duration kafkaPatience, Map<String, String> kafka) {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration PATIENCE_MIN = Duration.ofSeconds(1);

    public IngestConfig {
        if (kafkaPatience.compareTo(PATIENCE_MIN) < 0) {
            throw new IllegalArgumentException("kafkaPatience is below one second");
        }
        kafka = Map.copyOf(kafka);
    }

    /** With ten seconds of patience and no further settings. */
    public static IngestConfig of(String bootstrapServers, ListenOn listenOn, Tokens tokens) {
        return new IngestConfig(bootstrapServers, listenOn, tokens, PATIENCE, Map.of());
    }

    public IngestConfig withKafkaPatience(Duration patience) {
        return new IngestConfig(bootstrapServers, listenOn, tokens, patience, kafka);
    }
}
