package io.tollgate.emitter;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * How an {@link Emitter} reaches Kafka and how patient it is.
 *
 * @param bootstrapServers host:port, several separated by commas
 * @param clientId shows in the broker's logs and metrics
 * @param maxBlock the longest that one call to {@code emit} may hold its caller, when the buffer is full or the broker
 *     was never reached; then the event fails, or goes to the spool
 * @param deliveryTimeout how long after {@code emit} an event is retried before it fails; more than 100 ms
 * @param closeTimeout how long {@code close} waits for what is still on its way
 * @param bufferBytes memory for events that are on their way, in bytes; with a spool as much again for those that have no
 *     outcome yet
 * @param kafka further producer settings, such as those of TLS and SASL; those that carry the emitter's promises are
 *     refused
 * @param spool where events go while Kafka is away; without one they fail
 * @param saltedTenants whose events are spread over partitions
 */
public record EmitterConfig(
        String bootstrapServers,
        String clientId,
        Duration maxBlock,
        Duration deliveryTimeout,
        Duration closeTimeout,
        long bufferBytes,
        Map<String, String> kafka,
        Optional<SpoolConfig> spool,
        SaltedTenants saltedTenants) {

    private static final Set<String> PROMISES = Set.of(
            "bootstrap.servers",
            "client.id",
            "acks",
            "enable.idempotence",
            "max.in.flight.requests.per.connection",
            "transactional.id",
            "partitioner.class",
            "key.serializer",
            "value.serializer");
    private static final Duration MAX_BLOCK = Duration.ofSeconds(1);
    private static final Duration DELIVERY = Duration.ofMinutes(2);
    private static final Duration DELIVERY_MIN = Duration.ofMillis(100);
    private static final Duration CLOSE = Duration.ofSeconds(30);
    private static final long BUFFER_BYTES = 64L << 20;

    public EmitterConfig {
        require(!bootstrapServers.isBlank(), "bootstrapServers is empty");
        require(!maxBlock.isNegative(), "maxBlock is negative");
        require(deliveryTimeout.compareTo(DELIVERY_MIN) >= 0, "deliveryTimeout is below 100 ms");
        require(!closeTimeout.isNegative(), "closeTimeout is negative");
        require(bufferBytes >= KafkaSender.BATCH_BYTES, "bufferBytes is smaller than one batch of 256 KiB");
        kafka = Map.copyOf(kafka);
        for (String setting : new TreeMap<>(kafka).keySet()) {
            require(!PROMISES.contains(setting), setting + " is the emitter's own; leave it out");
        }
    }

    /** One second of blocking, two minutes of retries, 30 seconds to close, 64 MiB; no spool, no salt. */
    public static EmitterConfig to(String bootstrapServers) {
        return new EmitterConfig(
                bootstrapServers,
                "tollgate-emitter",
                MAX_BLOCK,
                DELIVERY,
                CLOSE,
                BUFFER_BYTES,
                Map.of(),
                Optional.empty(),
                SaltedTenants.NONE);
    }

    public EmitterConfig withClientId(String newClientId) {
        return new EmitterConfig(
                bootstrapServers,
                newClientId,
                maxBlock,
                deliveryTimeout,
                closeTimeout,
                bufferBytes,
                kafka,
                spool,
                saltedTenants);
    }

    public EmitterConfig withMaxBlock(Duration newMaxBlock) {
        return new EmitterConfig(
                bootstrapServers,
                clientId,
                newMaxBlock,
                deliveryTimeout,
                closeTimeout,
                bufferBytes,
                kafka,
                spool,
                saltedTenants);
    }

    public EmitterConfig withDeliveryTimeout(Duration newDeliveryTimeout) {
        return new EmitterConfig(
                bootstrapServers,
                clientId,
                maxBlock,
                newDeliveryTimeout,
                closeTimeout,
                bufferBytes,
                kafka,
                spool,
                saltedTenants);
    }

    public EmitterConfig withCloseTimeout(Duration newCloseTimeout) {
        return new EmitterConfig(
                bootstrapServers,
                clientId,
                maxBlock,
                deliveryTimeout,
                newCloseTimeout,
                bufferBytes,
                kafka,
                spool,
                saltedTenants);
    }

    public EmitterConfig withBufferBytes(long newBufferBytes) {
        return new EmitterConfig(
                bootstrapServers,
                clientId,
                maxBlock,
                deliveryTimeout,
                closeTimeout,
                newBufferBytes,
                kafka,
                spool,
                saltedTenants);
    }

    /** With these further producer settings instead of the present ones. */
    public EmitterConfig withKafka(Map<String, String> settings) {
        return new EmitterConfig(
                bootstrapServers,
                clientId,
                maxBlock,
                deliveryTimeout,
                closeTimeout,
                bufferBytes,
                settings,
                spool,
                saltedTenants);
    }

    /** With a spool: what Kafka does not take goes to disk and is sent when Kafka is back. */
    public EmitterConfig withSpool(SpoolConfig newSpool) {
        return new EmitterConfig(
                bootstrapServers,
                clientId,
                maxBlock,
                deliveryTimeout,
                closeTimeout,
                bufferBytes,
                kafka,
                Optional.of(newSpool),
                saltedTenants);
    }

    /** With the events of these tenants spread over partitions, each tenant's by so many keys: see {@link SaltedTenants}. */
    public EmitterConfig withSaltedTenants(Set<String> tenants, int keys) {
        return new EmitterConfig(
                bootstrapServers,
                clientId,
                maxBlock,
                deliveryTimeout,
                closeTimeout,
                bufferBytes,
                kafka,
                spool,
                new SaltedTenants(tenants, keys));
    }

    /** What the emitter tells its Kafka producer, its promises included: for who compares another producer with it. */
    public Map<String, Object> producerSettings() {
        return KafkaSender.settings(this);
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
