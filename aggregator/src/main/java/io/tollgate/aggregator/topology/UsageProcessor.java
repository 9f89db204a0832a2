package io.tollgate.aggregator.topology;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import io.tollgate.aggregator.rollup.Rollup;
import io.tollgate.aggregator.rollup.RollupKey;
import io.tollgate.events.EventIdentity;
import io.tollgate.events.RejectedEvent;
import io.tollgate.events.UsageEvent;
import io.tollgate.events.UsageRollup;
import io.tollgate.schemas.Codec;
import io.tollgate.schemas.Digest;
import io.tollgate.schemas.MalformedMessageException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Takes each usage event once: into its rollup, or to the rejected topic with a reason. Forwards rejected events only;
 * rollups leave through their store's changelog.
 */
final class UsageProcessor implements Processor<byte[], byte[], byte[], byte[]> {

    private static final Duration SWEEP_INTERVAL = Duration.ofSeconds(10);

    private final Duration dedupHorizon;
    private final MetricRegistry metrics;
    private final Counter accepted;
    private final Counter duplicates;

    // Set in init(), which Streams calls before anything else; init() may come again on the same object.
    private @Nullable State state;

    UsageProcessor(Duration dedupHorizon, MetricRegistry metrics) {
        this.dedupHorizon = dedupHorizon;
        this.metrics = metrics;
        this.accepted = metrics.counter("events.accepted");
        this.duplicates = metrics.counter("events.duplicate");
    }

    private record State(
            ProcessorContext<byte[], byte[]> context, SeenEvents seen, KeyValueStore<Bytes, byte[]> rollups) {}

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        SeenEvents seen = new SeenEvents(context.getStateStore(UsageTopology.SEEN_STORE), dedupHorizon);
        state = new State(context, seen, context.getStateStore(UsageTopology.ROLLUP_STORE));
        context.schedule(SWEEP_INTERVAL, PunctuationType.WALL_CLOCK_TIME, now -> seen.sweep(Instant.ofEpochMilli(now)));
    }

    @Override
    public void process(Record<byte[], byte[]> input) {
        State current = Objects.requireNonNull(state, "init() comes first");
        RecordMetadata position = current.context.recordMetadata().orElseThrow();
        UsageEvent event = null;
        Optional<Rejection> rejection;
        try {
            event = decode(input.value());
            rejection = count(current, event, Instant.ofEpochMilli(input.timestamp()), position.partition());
        } catch (MalformedMessageException e) {
            rejection = Optional.of(new Rejection(
                    RejectionReason.UNDECODABLE, e.getMessage() + "; send it with the emitter or over HTTP"));
        }
        if (rejection.isPresent()) {
            forwardRejected(current.context, input, position, event, rejection.get());
        }
    }

    private static UsageEvent decode(byte @Nullable [] value) {
        return Codec.USAGE_EVENT.decode(value == null ? new byte[0] : value);
    }

    private Optional<Rejection> count(State current, UsageEvent event, Instant arrival, int shard) {
        Optional<Rejection> problem = EventCheck.problemOf(event, arrival);
        if (problem.isPresent()) {
            return problem;
        }
        Digest digest = Digest.of(event);
        switch (current.seen.verdict(event, digest, arrival)) {
            case DUPLICATE -> {
                duplicates.inc();
                return Optional.empty();
            }
            case CONFLICT -> {
                return Optional.of(new Rejection(
                        RejectionReason.IDENTITY_CONFLICT,
                        "source and id were counted before with other content (digest %s, now %s); "
                                        .formatted(current.seen.countedAs(event), digest)
                                + "send a correction under an id of its own"));
            }
            case NEW -> {
                return add(current, event, digest, arrival, shard);
            }
        }
        throw new IllegalStateException("every verdict is handled");
    }

    private Optional<Rejection> add(State current, UsageEvent event, Digest digest, Instant arrival, int shard) {
        RollupKey key = RollupKey.of(event, shard);
        Bytes storeKey = Bytes.wrap(key.toBytes());
        byte[] stored = current.rollups.get(storeKey);
        Rollup before = stored == null ? Rollup.EMPTY : Rollup.of(Codec.USAGE_ROLLUP.decode(stored));
        UsageRollup after;
        try {
            after = before.plus(event, digest).toRecord(key);
        } catch (ArithmeticException e) {
            return Optional.of(new Rejection(
                    RejectionReason.QUANTITY_OVERFLOW,
                    "a total of window %s would pass 2^63-1; check the quantities".formatted(key.windowStart())));
        }
        current.rollups.put(storeKey, Codec.USAGE_ROLLUP.encode(after));
        current.seen.add(event, digest, arrival);
        accepted.inc();
        return Optional.empty();
    }

    private void forwardRejected(
            ProcessorContext<byte[], byte[]> context,
            Record<byte[], byte[]> input,
            RecordMetadata position,
            @Nullable UsageEvent event,
            Rejection rejection) {
        metrics.counter("events.rejected." + rejection.reason().code()).inc();
        byte[] original = input.value();
        RejectedEvent rejected = RejectedEvent.newBuilder()
                .setReason(rejection.reason().code())
                .setDetail(rejection.detail())
                .setStage("aggregator")
                .setOrigin("%s-%d@%d".formatted(position.topic(), position.partition(), position.offset()))
                .setRejectedAt(Instant.ofEpochMilli(input.timestamp()))
                .setIdentity(event == null ? null : new EventIdentity(event.getSource(), event.getId()))
                .setOriginal(ByteBuffer.wrap(original == null ? new byte[0] : original))
                .build();
        context.forward(input.withValue(Codec.REJECTED_EVENT.encode(rejected)));
    }
}
