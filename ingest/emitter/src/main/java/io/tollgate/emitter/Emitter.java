package io.tollgate.emitter;

import io.tollgate.events.RejectedEvent;
import io.tollgate.events.UsageEvent;
import io.tollgate.schemas.Codec;
import io.tollgate.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.apache.avro.AvroRuntimeException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends usage events to Kafka, asynchronously and in batches. An event counts as sent when all in-sync replicas have it.
 * Within one emitter's life Kafka drops the producer's own retries (idempotent producer); copies that come of giving an
 * event again are dropped later by (source, id).
 *
 * <p>Safe for use by many threads. Stages complete on the emitter's only network thread: what depends on them must not
 * block.
 */
public final class Emitter implements AutoCloseable {

    static final int BATCH_BYTES = 256 << 10;

    private static final Logger LOG = LoggerFactory.getLogger(Emitter.class);
    private static final int LINGER_MILLIS = 20;
    private static final int REQUEST_TIMEOUT_MILLIS = 30_000;
    /** Above the largest body that the edge takes, so that any rejected event can be kept whole. */
    static final int MAX_REQUEST_BYTES = 20 << 20;

    private final KafkaProducer<byte[], byte[]> producer;
    private final Duration closeTimeout;
    private final Map<Integer, Long> acknowledgedOffsets = new ConcurrentHashMap<>();
    private final LongAdder given = new LongAdder();
    private final LongAdder acknowledged = new LongAdder();
    private final LongAdder rejectedAcknowledged = new LongAdder();
    private final LongAdder failed = new LongAdder();
    /** Whether the latest outcome was a failure, so that an outage is logged twice and not a million times. */
    private volatile boolean failing;

    private Emitter(KafkaProducer<byte[], byte[]> producer, Duration closeTimeout) {
        this.producer = producer;
        this.closeTimeout = closeTimeout;
    }

    /** Does not wait for the broker: if it is away, the first events fail. */
    public static Emitter create(EmitterConfig config) {
        return new Emitter(
                new KafkaProducer<>(settings(config), new ByteArraySerializer(), new ByteArraySerializer()),
                config.closeTimeout());
    }

    static Map<String, Object> settings(EmitterConfig config) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        settings.put(ProducerConfig.LINGER_MS_CONFIG, LINGER_MILLIS);
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_REQUEST_BYTES);
        settings.putAll(config.kafka());
        settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
        settings.put(ProducerConfig.CLIENT_ID_CONFIG, config.clientId());
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, config.maxBlock().toMillis());
        settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, config.bufferBytes());
        int delivery =
                (int) Math.min(Integer.MAX_VALUE, config.deliveryTimeout().toMillis());
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, delivery);
        // Kafka wants linger + request timeout within the delivery timeout; half leaves room for one retry.
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.min(REQUEST_TIMEOUT_MILLIS, delivery / 2));
        return settings;
    }

    /**
     * Sends one usage event.
     *
     * @return completes with its place when Kafka has it, or with an {@link EmitException}; this method itself throws
     *     nothing and returns within {@link EmitterConfig#maxBlock()}
     */
    public CompletableFuture<Emitted> emit(UsageEvent event) {
        // The key is the tenant, so that all copies of an event meet in one partition, where the job drops all but one.
        return send(Topics.USAGE_EVENTS, () -> {
            byte[] key = event.getDimensions().getTenant().getBytes(StandardCharsets.UTF_8);
            return message(Topics.USAGE_EVENTS, key, Codec.USAGE_EVENT.encode(event));
        });
    }

    /** Sends one event that was kept out to the topic of the rejected; otherwise like {@link #emit}. */
    public CompletableFuture<Emitted> reject(RejectedEvent event) {
        return send(
                Topics.REJECTED_EVENTS,
                () -> message(Topics.REJECTED_EVENTS, null, Codec.REJECTED_EVENT.encode(event)));
    }

    /** Waits until everything given so far is acknowledged or has failed. */
    public void flush() {
        producer.flush();
    }

    /**
     * The highest acknowledged offset of each partition of the usage events that this emitter has sent to: once a
     * consumer group has passed them all, it has seen everything that this emitter sent.
     */
    public Map<Integer, Long> acknowledgedOffsets() {
        return new TreeMap<>(acknowledgedOffsets);
    }

    /** What became of everything so far. */
    public EmitterCounts counts() {
        // Outcomes first: an event that ends in between then still shows as in flight, never as a negative number.
        long ok = acknowledged.sum();
        long rejected = rejectedAcknowledged.sum();
        long bad = failed.sum();
        return new EmitterCounts(ok, rejected, bad, given.sum() - ok - rejected - bad);
    }

    /**
     * Sends what is still on its way, for {@link EmitterConfig#closeTimeout()} at most; what is left then fails, and its
     * callers are told. Idempotent.
     */
    @Override
    public void close() {
        producer.close(closeTimeout);
    }

    private static ProducerRecord<byte[], byte[]> message(String topic, byte @Nullable [] key, byte[] value) {
        // No timestamp of ours. Kafka's retention goes by the record's timestamp, so it must be the time of sending:
        // with
        // the event's own time there, usage of last month would be deleted minutes after it arrived. The event's time
        // is
        // in the payload.
        return new ProducerRecord<>(topic, key, value);
    }

    private CompletableFuture<Emitted> send(String topic, Supplier<ProducerRecord<byte[], byte[]>> message) {
        given.increment();
        CompletableFuture<Emitted> outcome = new CompletableFuture<>();
        try {
            var unused = producer.send(message.get(), (place, failure) -> complete(outcome, topic, place, failure));
        } catch (KafkaException | IllegalStateException | AvroRuntimeException | NullPointerException e) {
            // Closed, interrupted, or a field that has no value.
            complete(outcome, topic, null, e);
        }
        return outcome;
    }

    private void complete(
            CompletableFuture<Emitted> outcome,
            String topic,
            @Nullable RecordMetadata place,
            @Nullable Exception failure) {
        if (failure != null || place == null) {
            failed.increment();
            Exception cause = failure == null ? new IllegalStateException("no place was told") : failure;
            if (!failing) {
                failing = true;
                LOG.warn("events for {} fail, first with: {}", topic, cause.toString());
            }
            outcome.completeExceptionally(new EmitException(
                    "Kafka did not take an event for " + topic + ": " + cause.getMessage(), retriable(cause), cause));
            return;
        }
        if (failing) {
            failing = false;
            LOG.info("events for {} are acknowledged again", topic);
        }
        if (topic.equals(Topics.USAGE_EVENTS)) {
            acknowledged.increment();
            acknowledgedOffsets.merge(place.partition(), place.offset(), Math::max);
        } else {
            rejectedAcknowledged.increment();
        }
        outcome.complete(new Emitted(topic, place.partition(), place.offset()));
    }

    private static boolean retriable(Exception failure) {
        return !(failure instanceof RecordTooLargeException
                || failure instanceof SerializationException
                || failure instanceof InvalidTopicException
                || failure instanceof AvroRuntimeException
                || failure instanceof NullPointerException);
    }
}
