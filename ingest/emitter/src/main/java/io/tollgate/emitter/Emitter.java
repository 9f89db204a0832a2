package io.tollgate.emitter;

import io.tollgate.emitter.spool.SpoolState;
import io.tollgate.events.RejectedEvent;
import io.tollgate.events.UsageEvent;
import io.tollgate.schemas.Codec;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends usage events to Kafka, asynchronously and in batches. An event counts as sent when all in-sync replicas have it.
 * Within one emitter's life Kafka drops the producer's own retries (idempotent producer); copies that come of giving an
 * event again are dropped later by (source, id).
 *
 * <p>With a spool ({@link EmitterConfig#withSpool}) events that Kafka does not acknowledge in time go to disk, and are
 * sent in order when Kafka is back, by this process or the next one on the same directory: at least once. While anything
 * is in a topic's spool, new events for that topic go behind it.
 *
 * <p>Safe for use by many threads. Stages complete on the emitter's few own threads: what depends on them must not block.
 */
public final class Emitter implements AutoCloseable {

    /** Above the largest body that the edge takes, so that any rejected event can be kept whole. */
    static final int MAX_REQUEST_BYTES = 20 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(Emitter.class);
    private static final byte[] NO_KEY = {};

    private final KafkaSender kafka;
    /** Each topic has a line and a spool of its own, so that one that Kafka does not take holds up none but itself. */
    private final Map<Message.Topic, SpoolingSender> spooling;

    private final Tally tally;
    private final SaltedTenants salted;
    private final Duration closeTimeout;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicBoolean complained = new AtomicBoolean();

    private Emitter(EmitterConfig config, KafkaSender kafka, Map<Message.Topic, SpoolingSender> spooling, Tally tally) {
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
        Map<Message.Topic, SpoolingSender> spooling = new EnumMap<>(Message.Topic.class);
        try {
            if (config.spool().isPresent()) {
                for (Message.Topic topic : Message.Topic.values()) {
                    spooling.put(
                            topic,
                            SpoolingSender.start(topic, config, config.spool().get(), kafka, tally));
                }
            }
        } catch (RuntimeException e) {
            new Emitter(config, kafka, spooling, tally).close(Duration.ZERO);
            throw e;
        }
        return new Emitter(config, kafka, spooling, tally);
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
        send(Message.Topic.USAGE, event, this::usage, told);
    }

    /** Like {@link #offer(UsageEvent, Consumer)}. */
    public void offer(RejectedEvent event, Consumer<Outcome> told) {
        send(Message.Topic.REJECTED, event, Emitter::rejected, told);
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
        send(Message.Topic.USAGE, event, this::usage, outcome -> tell(place, outcome));
        return place;
    }

    /** Sends one event that was kept out to the topic of the rejected; otherwise like {@link #emit}. */
    public CompletableFuture<Emitted> reject(RejectedEvent event) {
        CompletableFuture<Emitted> place = new CompletableFuture<>();
        send(Message.Topic.REJECTED, event, Emitter::rejected, outcome -> tell(place, outcome));
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
        if (spooling.isEmpty()) {
            kafka.flush();
        }
        spooling.values().forEach(SpoolingSender::flush);
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
        return tally.counts(
                spooling.values().stream().map(SpoolingSender::state).reduce(SpoolState.NONE, SpoolState::plus));
    }

    /** Since when there is something in the spool, give or take one of its files; empty when there is nothing in it. */
    public Optional<Instant> spooledSince() {
        return spooling.values().stream()
                .flatMap(sender -> sender.spooledSince().stream())
                .min(Comparator.naturalOrder());
    }

    /**
     * Sends what is still on its way, and what is in the spool, for {@link EmitterConfig#closeTimeout()} at most, and less
     * when this thread is interrupted, which it stays. What is left then stays in the spool; without one it fails, and its
     * callers are told. Idempotent.
     *
     * @throws java.io.UncheckedIOException when the disk fails; everything is closed all the same
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            close(closeTimeout);
        }
    }

    private void close(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        boolean drained = true;
        for (SpoolingSender each : spooling.values()) {
            drained &= each.drain(deadline - System.nanoTime());
        }
        spooling.values().forEach(SpoolingSender::stop);
        try {
            kafka.close(drained ? patience : Duration.ZERO);
        } finally {
            closeSpools();
        }
    }

    private void closeSpools() {
        // Or an interrupted thread could not cut off what is not durable.
        boolean interrupted = Thread.interrupted();
        Optional<UncheckedIOException> failure = Optional.empty();
        for (SpoolingSender each : spooling.values()) {
            try {
                each.close();
            } catch (UncheckedIOException e) {
                failure = Optional.of(e);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    private Message usage(UsageEvent event) {
        return new Message(Message.Topic.USAGE, salted.keyOf(event), Codec.USAGE_EVENT.encode(event));
    }

    private static Message rejected(RejectedEvent event) {
        return new Message(Message.Topic.REJECTED, NO_KEY, Codec.REJECTED_EVENT.encode(event));
    }

    private <E> void send(Message.Topic topic, E event, Function<E, Message> encoding, Consumer<Outcome> told) {
        Message message;
        try {
            message = encoding.apply(event);
        } catch (RuntimeException e) {
            // A field that has no value or one that cannot be written, or somebody changes the event meanwhile.
            tally.given();
            String why = "an event for " + topic.kafkaName() + " cannot be encoded: " + e;
            tell(topic, new Outcome.Refused(Outcome.Reason.INVALID, new EmitException(why, false, e)), told);
            return;
        }
        tally.given();
        Consumer<Outcome> counted = outcome -> tell(topic, outcome, told);
        SpoolingSender spool = spooling.get(topic);
        if (spool != null) {
            spool.send(message, counted);
        } else {
            kafka.send(message, counted);
        }
    }

    /** Throws nothing: this may be a thread on which all other events depend. */
    private void tell(Message.Topic topic, Outcome outcome, Consumer<Outcome> told) {
        tally.outcome(topic, outcome);
        try {
            told.accept(outcome);
        } catch (RuntimeException | Error e) {
            if (complained.compareAndSet(false, true)) {
                LOG.error("who was told an outcome has thrown; from now on this is not logged", e);
            }
        }
    }
}
