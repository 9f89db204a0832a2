package io.tollgate.emitter;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnsupportedForMessageFormatException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way to Kafka: sends, and tells for each message whether it is there or why not. */
final class KafkaSender {

    static final int BATCH_BYTES = 256 << 10;

    private static final Logger LOG = LoggerFactory.getLogger(Emitter.class);
    private static final int LINGER_MILLIS = 20;
    private static final int REQUEST_TIMEOUT_MILLIS = 30_000;

    private final KafkaProducer<byte[], byte[]> producer;
    private final Map<Integer, LongAccumulator> acknowledgedOffsets = new ConcurrentHashMap<>();
    /** The topics whose latest outcome was a failure, so that an outage is logged twice and not a million times. */
    private final Set<Message.Topic> failing = ConcurrentHashMap.newKeySet();

    KafkaSender(EmitterConfig config) {
        producer = new KafkaProducer<>(settings(config), new ByteArraySerializer(), new ByteArraySerializer());
    }

    static Map<String, Object> settings(EmitterConfig config) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        settings.put(ProducerConfig.LINGER_MS_CONFIG, LINGER_MILLIS);
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Emitter.MAX_REQUEST_BYTES);
        settings.putAll(config.kafka());
        settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
        settings.put(ProducerConfig.CLIENT_ID_CONFIG, config.clientId());
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        // With a spool the other half is for waiting for room in the line.
        long blocks = config.maxBlock().toMillis();
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, config.spool().isPresent() ? blocks / 2 : blocks);
        settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, config.bufferBytes());
        int delivery =
                (int) Math.min(Integer.MAX_VALUE, config.deliveryTimeout().toMillis());
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, delivery);
        // Kafka wants linger + request timeout within the delivery timeout; half leaves room for one retry.
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.min(REQUEST_TIMEOUT_MILLIS, delivery / 2));
        return settings;
    }

    /**
     * Sends one message, and tells, on this thread or the producer's, that it was accepted or refused. Throws nothing.
     */
    void send(Message message, Consumer<Outcome> told) {
        Message.Topic topic = message.topic();
        byte @Nullable [] key = topic == Message.Topic.REJECTED ? null : message.key();
        // No timestamp of ours. Kafka's retention goes by the record's timestamp, so it must be the time of sending:
        // with the event's own time there, usage of last month would be deleted minutes after it arrived. The event's
        // time is in the payload.
        ProducerRecord<byte[], byte[]> sent = new ProducerRecord<>(topic.kafkaName(), key, message.value());
        try {
            var unused = producer.send(sent, (place, failure) -> told.accept(outcome(topic, place, failure)));
        } catch (KafkaException | IllegalStateException e) {
            // Closed or interrupted.
            told.accept(outcome(topic, null, e));
        }
    }

    private Outcome outcome(Message.Topic topic, @Nullable RecordMetadata place, @Nullable Exception failure) {
        if (failure != null || place == null) {
            return refused(topic, failure == null ? new IllegalStateException("no place was told") : failure);
        }
        if (!failing.isEmpty() && failing.remove(topic)) {
            LOG.info("events for {} are acknowledged again", topic.kafkaName());
        }
        if (topic == Message.Topic.USAGE) {
            acknowledgedOffsets
                    .computeIfAbsent(place.partition(), partition -> new LongAccumulator(Math::max, -1))
                    .accumulate(place.offset());
        }
        return new Outcome.Accepted(new Emitted(topic.kafkaName(), place.partition(), place.offset()));
    }

    private Outcome.Refused refused(Message.Topic topic, Exception cause) {
        if (failing.add(topic)) {
            LOG.warn("events for {} fail, first with: {}", topic.kafkaName(), cause.toString());
        }
        boolean retriable = retriable(cause);
        return new Outcome.Refused(
                retriable ? Outcome.Reason.KAFKA_AWAY : Outcome.Reason.INVALID,
                new EmitException(
                        "Kafka did not take an event for " + topic.kafkaName() + ": " + cause.getMessage(),
                        retriable,
                        cause));
    }

    /**
     * False when Kafka, or its client, has looked at the record and said no. A topic that is missing, or a cluster that
     * lets us do nothing at all, is as good as away: what is meant for it waits, and nobody has to send it again.
     */
    private static boolean retriable(Exception failure) {
        return !(failure instanceof RecordTooLargeException
                || failure instanceof RecordBatchTooLargeException
                || failure instanceof InvalidRecordException
                || failure instanceof InvalidTimestampException
                || failure instanceof UnsupportedForMessageFormatException
                || failure instanceof SerializationException
                || failure instanceof InvalidTopicException
                || failure instanceof TopicAuthorizationException);
    }

    Map<Integer, Long> acknowledgedOffsets() {
        Map<Integer, Long> offsets = new TreeMap<>();
        acknowledgedOffsets.forEach((partition, offset) -> offsets.put(partition, offset.get()));
        return offsets;
    }

    void flush() {
        producer.flush();
    }

    /** Also when the thread is interrupted, which it stays: then nothing is waited for. */
    void close(Duration timeout) {
        boolean interrupted = Thread.interrupted();
        try {
            producer.close(interrupted ? Duration.ZERO : timeout);
        } catch (InterruptException e) {
            interrupted = true; // It has closed itself all the same.
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
