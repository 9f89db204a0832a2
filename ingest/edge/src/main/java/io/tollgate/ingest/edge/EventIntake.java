package io.tollgate.ingest.edge;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;
import io.tollgate.emitter.EmitException;
import io.tollgate.emitter.Emitted;
import io.tollgate.emitter.Emitter;
import io.tollgate.emitter.rules.Fault;
import io.tollgate.emitter.rules.RejectionReason;
import io.tollgate.events.EventIdentity;
import io.tollgate.events.RejectedEvent;
import io.tollgate.events.UsageEvent;
import io.tollgate.ingest.cloudevents.BinaryEvent;
import io.tollgate.ingest.cloudevents.CloudEventParser;
import io.tollgate.ingest.cloudevents.EventBatch;
import io.tollgate.ingest.cloudevents.EventDefaults;
import io.tollgate.ingest.cloudevents.Parsed;
import io.tollgate.ingest.otlp.OtlpEvent;
import io.tollgate.ingest.policy.EventPolicy;
import io.tollgate.ingest.usage.UnknownFields;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** From a body to Kafka: cut, read, send, and wait until all of it is acknowledged. */
final class EventIntake {

    static final int EVENTS_MAX = 10_000;

    private static final String STAGE = "edge";

    private final Emitter emitter;
    private final InstantSource clock;
    private final Duration patience;
    private final EventPolicy policy;
    private final Timer requests;
    private final Counter accepted;
    private final Map<RejectionReason, Counter> rejected = new EnumMap<>(RejectionReason.class);
    private final UnknownFieldCounters unknownFields;

    EventIntake(Emitter emitter, InstantSource clock, Duration patience, EventPolicy policy, MetricRegistry metrics) {
        this.emitter = emitter;
        this.clock = clock;
        this.patience = patience;
        this.policy = policy;
        this.requests = metrics.timer("ingest.requests");
        this.accepted = metrics.counter("ingest.events.accepted");
        this.unknownFields = new UnknownFieldCounters(metrics);
        for (RejectionReason reason : RejectionReason.values()) {
            rejected.put(reason, metrics.counter("ingest.events.rejected." + reason.code()));
        }
    }

    /**
     * Who sends, as far as it matters to the events.
     *
     * @param backfill whether old usage is sent on purpose, by someone who may
     */
    record Sending(String requestId, boolean backfill) {}

    /** Takes one event in binary mode; otherwise like {@link #take(byte[], EventBatch.Form, Sending)}. */
    Intake take(BinaryEvent event, Sending sending) {
        Timer.Context time = requests.time();
        try {
            Request request = new Request(sending);
            return event.refusal().isPresent()
                    ? request.keep(event.json(), event.refusal().get())
                    : request.take(List.of(event.json()));
        } finally {
            time.stop();
        }
    }

    /** Takes one request's body. Returns within the patience, give or take one call to the emitter. */
    Intake take(byte[] body, EventBatch.Form form, Sending sending) {
        Timer.Context time = requests.time();
        try {
            EventBatch batch = EventBatch.split(body, form, EVENTS_MAX);
            if (batch instanceof EventBatch.Events events) {
                return new Request(sending).take(events.originals());
            }
            if (batch instanceof EventBatch.Malformed malformed) {
                return new Request(sending).keep(body, malformed);
            }
            return new Intake.TooMany();
        } finally {
            time.stop();
        }
    }

    /** Takes events that were read already, however many; otherwise like {@link #take(byte[], EventBatch.Form, Sending)}. */
    Intake take(List<OtlpEvent> events, Sending sending) {
        Timer.Context time = requests.time();
        try {
            return new Request(sending).takeRead(events);
        } finally {
            time.stop();
        }
    }

    /** One request on its way. */
    private final class Request {

        private final Sending sending;
        private final Instant arrival = clock.instant();
        private final long deadlineNanos = System.nanoTime() + patience.toNanos();
        private final List<CompletableFuture<Emitted>> sent = new ArrayList<>();
        private final List<Intake.EventError> errors = new ArrayList<>();
        private final List<RejectionReason> reasons = new ArrayList<>();
        private final List<UnknownFields> unread = new ArrayList<>(0);

        Request(Sending sending) {
            this.sending = sending;
        }

        Intake take(List<byte[]> originals) {
            for (int index = 0; index < originals.size(); index++) {
                byte[] original = originals.get(index);
                if (!send(index, CloudEventParser.parse(original, EventDefaults.NONE, arrival), () -> original)) {
                    return away();
                }
            }
            return done(originals.size());
        }

        Intake takeRead(List<OtlpEvent> events) {
            for (int index = 0; index < events.size(); index++) {
                OtlpEvent event = events.get(index);
                if (!send(index, event.parsed(), event.original())) {
                    return away();
                }
            }
            return done(events.size());
        }

        /** Sends one event, or keeps it among the rejected; answers whether there is a use in going on. */
        private boolean send(int index, Parsed read, Supplier<byte[]> original) {
            Parsed parsed = letIn(read);
            if (parsed instanceof Parsed.Accepted event) {
                event.unknown().ifPresent(unread::add);
                sent.add(emitter.emit(event.event()));
            } else if (parsed instanceof Parsed.Rejected event) {
                reject(index, event, original.get());
            }
            // With Kafka away each event would block for as long as the first, 10,000 times over.
            return !sent.get(index).isCompletedExceptionally() && System.nanoTime() <= deadlineNanos;
        }

        private Intake done(int events) {
            if (!allAcknowledged()) {
                return away();
            }
            count();
            return new Intake.Done(events - errors.size(), errors);
        }

        /** What the parser accepts may still be kept out by the operator's policy. */
        private Parsed letIn(Parsed parsed) {
            if (!(parsed instanceof Parsed.Accepted accepted)) {
                return parsed;
            }
            UsageEvent event = accepted.event();
            List<Fault> faults = policy.check(event, arrival, sending.backfill());
            return faults.isEmpty()
                    ? parsed
                    : new Parsed.Rejected(
                            faults.get(0).reason(),
                            faults.stream().map(Fault::explanation).distinct().collect(Collectors.joining(" ")),
                            Optional.of(new EventIdentity(event.getSource(), event.getId())));
        }

        /** One event of which nothing more needs to be read. */
        Intake keep(byte[] original, Parsed.Rejected event) {
            reject(0, event, original);
            if (!allAcknowledged()) {
                return away();
            }
            count();
            return new Intake.Done(0, errors);
        }

        /** A body that is no JSON holds nobody knows how many events: it is kept as one. */
        Intake keep(byte[] body, EventBatch.Malformed malformed) {
            reject(0, new Parsed.Rejected(RejectionReason.MALFORMED_JSON, malformed.detail(), Optional.empty()), body);
            if (!allAcknowledged()) {
                return away();
            }
            count();
            return new Intake.Malformed(malformed.detail(), malformed.line(), malformed.column());
        }

        private void reject(int index, Parsed.Rejected event, byte[] original) {
            String code = event.reason().code();
            reasons.add(event.reason());
            errors.add(new Intake.EventError(index, event.identity().map(EventIdentity::getId), code, event.detail()));
            sent.add(emitter.reject(new RejectedEvent(
                    code,
                    event.detail(),
                    STAGE,
                    "request " + sending.requestId() + ", event " + index,
                    arrival.truncatedTo(ChronoUnit.MILLIS),
                    event.identity().orElse(null),
                    ByteBuffer.wrap(original))));
        }

        private boolean allAcknowledged() {
            try {
                CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new))
                        .get(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
                return true;
            } catch (ExecutionException | TimeoutException e) {
                return false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }

        /** Only when all is acknowledged: what is sent again after a failure would be counted twice. */
        private void count() {
            accepted.inc(sent.size() - reasons.size());
            reasons.forEach(
                    reason -> Objects.requireNonNull(rejected.get(reason)).inc());
            unread.forEach(unknownFields::count);
        }

        private Intake away() {
            for (CompletableFuture<Emitted> each : sent) {
                Throwable failure = each.handle((place, failed) -> failed).getNow(null);
                if (failure instanceof EmitException refused && !refused.retriable()) {
                    // Such as a topic that takes smaller messages than ours. To say "send it again" would be a lie.
                    throw new IllegalStateException(
                            "Kafka will never take an event of request " + sending.requestId(), refused);
                }
            }
            return new Intake.KafkaAway();
        }
    }
}
