package io.tollgate.emitter;

import io.tollgate.emitter.spool.SpoolState;
import io.tollgate.events.RejectedEvent;
import io.tollgate.events.UsageEvent;
import io.tollgate.schemas.Codec;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.avro.AvroRuntimeException;

/**
 * Sends usage events to Kafka, asynchronously and in batches. An event counts as sent when all in-sync replicas have it.
 * Within one emitter's life Kafka drops the producer's own retries (idempotent producer); copies that come of giving an
 * event again are dropped later by (source, id).
 *
 * <p>With a spool ({@link EmitterConfig#withSpool}) events that Kafka does not acknowledge in time go to disk, and are
 * sent in order when Kafka is back, by this process or the next one on the same directory: at least once. While anything
 * is in the spool, new events go behind it.
 *
 * <p>Safe for use by many threads. Stages complete on the emitter's few own threads: what depends on them must not block.
 */
public final class Emitter implements AutoCloseable {

    /** Above the largest body that the edge takes, so that any rejected event can be kept whole. */
    static final int MAX_REQUEST_BYTES = 20 << 20;

    private static final byte[] NO_KEY = {};

    private final KafkaSender kafka;
    private final Optional<SpoolingSender> spooling;
    private final Tally tally;
    private final SaltedTenants salted;
    private final Duration closeTimeout;

    private Emitter(EmitterConfig config, KafkaSender kafka, Optional<SpoolingSender> spooling, Tally tally) {
        this.kafka = kafka;
        this.spooling = spooling;
        this.tally = tally;
        this.salted = config.saltedTenants();
        this.closeTimeout = config.closeTimeout();
    }

    /**
     * Does not wait for the broker: if it is away, the first events fail, or are spooled. Reads the spool, if there is
     * one, and begins to send what is in it.
     *
     * @throws java.io.UncheckedIOException when the spool cannot be opened
     * @throws IllegalStateException when another emitter has the spool's directory
     */
    public static Emitter create(EmitterConfig config) {
        KafkaSender kafka = new KafkaSender(config);
        Tally tally = new Tally();
        try {
            return new Emitter(
                    config,
                    kafka,
                    config.spool().map(spool -> SpoolingSender.start(config, spool, kafka, tally)),
                    tally);
        } catch (RuntimeException e) {
            kafka.close(Duration.ZERO);
            throw e;
        }
    }

    /**
     * Offers one usage event.
     *
     * @return completes, never exceptionally, when Kafka has the event ({@link Outcome.Accepted}), when it is durable in
     *     the spool ({@link Outcome.Spooled}), or when neither could be had ({@link Outcome.Refused}); this method itself
     *     throws nothing and returns within {@link EmitterConfig#maxBlock()}
     */
    public CompletableFuture<Outcome> offer(UsageEvent event) {
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        offer(event, outcome::complete);
        return outcome;
    }

    /** Offers one event that was kept out to the topic of the rejected; otherwise like {@link #offer(UsageEvent)}. */
    public CompletableFuture<Outcome> offer(RejectedEvent event) {
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        offer(event, outcome::complete);
        return outcome;
    }

    /**
     * Like {@link #offer(UsageEvent)}, for those who offer thousands at a time and need no stage for each.
     *
     * @param told hears the outcome, once, on this thread or the emitter's own; it must not block
     */
    public void offer(UsageEvent event, Consumer<Outcome> told) {
        send(Message.Topic.USAGE, () -> usage(event), told);
    }

    /** Like {@link #offer(UsageEvent, Consumer)}. */
    public void offer(RejectedEvent event, Consumer<Outcome> told) {
        send(Message.Topic.REJECTED, () -> rejected(event), told);
    }

    /**
     * Sends one usage event, for callers who need its place in Kafka. With a spool {@link #offer(UsageEvent)} tells more:
     * here an event that is spooled counts as a failure, because it has no place yet.
     *
     * @return completes with its place when Kafka has it, or with an {@link EmitException}; this method itself throws
     *     nothing and returns within {@link EmitterConfig#maxBlock()}
     */
    public CompletableFuture<Emitted> emit(UsageEvent event) {
        CompletableFuture<Emitted> place = new CompletableFuture<>();
        send(Message.Topic.USAGE, () -> usage(event), outcome -> tell(place, outcome));
        return place;
    }

    /** Sends one event that was kept out to the topic of the rejected; otherwise like {@link #emit}. */
    public CompletableFuture<Emitted> reject(RejectedEvent event) {
        CompletableFuture<Emitted> place = new CompletableFuture<>();
        send(Message.Topic.REJECTED, () -> rejected(event), outcome -> tell(place, outcome));
        return place;
    }

    private static void tell(CompletableFuture<Emitted> place, Outcome outcome) {
        if (outcome instanceof Outcome.Accepted accepted) {
            place.complete(accepted.place());
        } else if (outcome instanceof Outcome.Refused refused) {
            place.completeExceptionally(refused.cause());
        } else {
            place.completeExceptionally(
                    new EmitException("the event is in the spool and will be sent when Kafka is back", true, null));
        }
    }

    /** Waits until everything given so far is acknowledged, or in the spool, or has failed. */
    public void flush() {
        if (spooling.isPresent()) {
            spooling.get().flush();
        } else {
            kafka.flush();
        }
    }

    /**
     * The highest acknowledged offset of each partition of the usage events that this emitter has sent to: once a
     * consumer group has passed them all, it has seen everything that this emitter sent.
     */
    public Map<Integer, Long> acknowledgedOffsets() {
        return kafka.acknowledgedOffsets();
    }

    /** What became of everything so far. */
    public EmitterCounts counts() {
        return tally.counts(spooling.map(SpoolingSender::state).orElse(SpoolState.NONE));
    }

    /** Since when there is something in the spool, give or take one of its files; empty when there is nothing in it. */
    public Optional<Instant> spooledSince() {
        return spooling.flatMap(SpoolingSender::spooledSince);
    }

    /**
     * Sends what is still on its way, and what is in the spool, for {@link EmitterConfig#closeTimeout()} at most. What is
     * left then stays in the spool; without one it fails, and its callers are told. Idempotent.
     */
    @Override
    public void close() {
        if (spooling.isPresent()) {
            spooling.get().close();
        } else {
            kafka.close(closeTimeout);
        }
    }

    private Message usage(UsageEvent event) {
        return new Message(Message.Topic.USAGE, salted.keyOf(event), Codec.USAGE_EVENT.encode(event));
    }

    private static Message rejected(RejectedEvent event) {
        return new Message(Message.Topic.REJECTED, NO_KEY, Codec.REJECTED_EVENT.encode(event));
    }

    private void send(Message.Topic topic, Supplier<Message> encoded, Consumer<Outcome> told) {
        tally.given();
        Consumer<Outcome> counted = outcome -> {
            tally.outcome(topic, outcome);
            told.accept(outcome);
        };
        Message message;
        try {
            message = encoded.get();
        } catch (AvroRuntimeException | NullPointerException e) {
            // A field that has no value.
            counted.accept(kafka.refused(topic, e));
            return;
        }
        if (spooling.isPresent()) {
            spooling.get().send(message, counted);
        } else {
            kafka.send(message, counted);
        }
    }
}
