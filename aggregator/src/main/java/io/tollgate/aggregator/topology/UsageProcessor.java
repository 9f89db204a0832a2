package io.tollgate.aggregator.topology;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import io.tollgate.aggregator.dedup.SeenIds;
import io.tollgate.aggregator.rollup.EventCounter;
import io.tollgate.aggregator.rollup.Outcome;
import io.tollgate.aggregator.rollup.Rejection;
import io.tollgate.events.EventIdentity;
import io.tollgate.events.RejectedEvent;
import io.tollgate.events.UsageEvent;
import io.tollgate.schemas.Codec;
import io.tollgate.schemas.MalformedMessageException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.internals.WrappedStateStore;
import org.jspecify.annotations.Nullable;

/**
 * Hands each usage event to the {@link EventCounter} of its partition, and before each commit what changed to the stores.
 * Forwards rejected events only; rollups leave through their store's changelog.
 */
final class UsageProcessor implements Processor<byte[], byte[], byte[], byte[]> {

    private static final Duration LOOK_EVERY = Duration.ofSeconds(10);
    /** A commit comes every few hundred milliseconds; a broker that is away may hold it up for long, but not the hook. */
    private static final Duration HOOK_WITHIN = Duration.ofSeconds(30);

    /** Sixteen times what may come over HTTP. */
    private static final int MOST_IDENTITY_CHARACTERS = 8 << 10;

    private static final Bytes SEEN_KEY = Bytes.wrap(new byte[0]);

    private final TopologyConfig config;
    private final MetricRegistry metrics;
    private final Counter accepted;
    private final Counter duplicates;

    // Set in init(), which Streams calls before anything else; init() may come again on the same object.
    private @Nullable State state;

    UsageProcessor(TopologyConfig config, MetricRegistry metrics) {
        this.config = config;
        this.metrics = metrics;
        this.accepted = metrics.counter("events.accepted");
        this.duplicates = metrics.counter("events.duplicate");
    }

    private record State(
            ProcessorContext<byte[], byte[]> context,
            EventCounter counter,
            CommitHook hook,
            KeyValueStore<Bytes, byte[]> cachedHook) {}

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        KeyValueStore<Bytes, byte[]> rollups = context.getStateStore(UsageTopology.ROLLUP_STORE);
        KeyValueStore<Bytes, byte[]> seenLog = context.getStateStore(UsageTopology.SEEN_STORE);
        KeyValueStore<Bytes, byte[]> cachedHook = context.getStateStore(UsageTopology.HOOK_STORE);
        SeenIds seen = innermost(seenLog, SeenIdsStore.class).seen();
        CommitHook hook = innermost(cachedHook, CommitHook.class);
        EventCounter counter = new EventCounter(
                context.taskId().partition(),
                config.rollupsInMemory(),
                key -> rollups.get(Bytes.wrap(key)),
                seen,
                config.meters());
        hook.beforeCommit(() -> {
            counter.drainRollups((key, rollup) -> rollups.put(Bytes.wrap(key), rollup));
            counter.drainSeen(chunk -> seenLog.put(SEEN_KEY, chunk));
        });
        state = new State(context, counter, hook, cachedHook);
        context.schedule(LOOK_EVERY, PunctuationType.WALL_CLOCK_TIME, now -> {
            if (hook.isOverdue(now, HOOK_WITHIN.toMillis())) {
                throw new IllegalStateException("what was counted was not stored by a commit within " + HOOK_WITHIN
                        + "; this version of Kafka Streams does not flush its caches when it commits");
            }
        });
    }

    @Override
    public void process(Record<byte[], byte[]> input) {
        State current = Objects.requireNonNull(state, "init() comes first");
        Outcome outcome = current.counter.count(input.value(), input.timestamp());
        if (outcome == Outcome.Counted.NEW) {
            accepted.inc();
            // Change first, then arm: in the other order a commit between the two would lose the event.
            if (!current.hook.isArmed()) {
                current.hook.arm(current.cachedHook, current.context.currentSystemTimeMs());
            }
        } else if (outcome == Outcome.Counted.DUPLICATE) {
            duplicates.inc();
        } else if (outcome instanceof Outcome.Rejected rejected) {
            forwardRejected(current.context, input, rejected.rejection());
        }
    }

    /** Streams hands stores out wrapped (metered, cached, logged); this is the one that is ours. */
    private static <T extends StateStore> T innermost(StateStore store, Class<T> type) {
        StateStore inner = store;
        while (inner instanceof WrappedStateStore<?, ?, ?> wrapped) {
            inner = wrapped.wrapped();
        }
        return type.cast(inner);
    }

    private void forwardRejected(
            ProcessorContext<byte[], byte[]> context, Record<byte[], byte[]> input, Rejection rejection) {
        metrics.counter("events.rejected." + rejection.reason().code()).inc();
        RecordMetadata position = context.recordMetadata().orElseThrow();
        byte[] original = Objects.requireNonNullElse(input.value(), new byte[0]);
        RejectedEvent rejected = RejectedEvent.newBuilder()
                .setReason(rejection.reason().code())
                .setDetail(rejection.detail())
                .setStage("aggregator")
                .setOrigin("%s-%d@%d".formatted(position.topic(), position.partition(), position.offset()))
                .setRejectedAt(Instant.ofEpochMilli(input.timestamp()))
                .setIdentity(identity(original).orElse(null))
                .setOriginal(ByteBuffer.wrap(original))
                .build();
        context.forward(input.withValue(Codec.REJECTED_EVENT.encode(rejected)));
    }

    private static Optional<EventIdentity> identity(byte[] message) {
        try {
            UsageEvent event = Codec.USAGE_EVENT.decode(message);
            // The original has it in any case, and twice as large a record need not fit where one did.
            return event.getSource().length() + event.getId().length() > MOST_IDENTITY_CHARACTERS
                    ? Optional.empty()
                    : Optional.of(new EventIdentity(event.getSource(), event.getId()));
        } catch (MalformedMessageException e) {
            return Optional.empty();
        }
    }
}
