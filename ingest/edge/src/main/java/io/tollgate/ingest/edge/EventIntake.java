package io.tollgate.ingest.edge;

import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;
import io.tollgate.emitter.Emitter;
import io.tollgate.emitter.Outcome;
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
import io.tollgate.ingest.delivery.Outcomes;
import io.tollgate.ingest.http.HeldBody;
import io.tollgate.ingest.http.InFlight;
import io.tollgate.ingest.otlp.OtlpEvent;
import io.tollgate.ingest.otlp.OtlpEvents;
import io.tollgate.ingest.policy.EventPolicy;
import io.tollgate.ingest.usage.UnknownFields;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * From a body to Kafka, or to the spool: cut, read, send, and wait until all of it is safe. A body that is refused whole
 * must leave nothing behind. So one in memory is read whole before anything is sent; any other, and one in memory that is
 * odd, is read twice: first only to see where events begin, then event by event.
 */
final class EventIntake {

    static final int EVENTS_MAX = 10_000;
    static final int EVENT_BYTES_MAX = 1 << 20;

    private static final String STAGE = "edge";
    /** What an event on its way takes in memory, with what stands in the answer if it is kept out, about. */
    private static final int MEMORY_PER_EVENT = 512;
    /** How often the largest event stands in memory while it is read, about. */
    private static final int COPIES_OF_ONE = 4;
    /** How much more events take that are read than their bytes, about. */
    private static final int READ_TO_BYTES = 4;
    /** Originals that are larger are kept one at a time: each is copied several times on its way. */
    private static final int SMALL_ORIGINAL_BYTES = 128 << 10;

    /** Of the originals of one request that are kept one by one: as much as a request may have. */
    private static final int COPIES_BYTES_MAX = 16 << 20;

    private static final byte[] NOTHING = {};

    private final Emitter emitter;
    private final InstantSource clock;
    private final Duration patience;
    private final EventPolicy policy;
    private final IntakeMetrics metrics;
    private final Semaphore largeOriginals = new Semaphore(1);
    private volatile Optional<Outcome.Reason> refusing = Optional.empty();

    EventIntake(Emitter emitter, InstantSource clock, Duration patience, EventPolicy policy, MetricRegistry metrics) {
        this.emitter = emitter;
        this.clock = clock;
        this.patience = patience;
        this.policy = policy;
        this.metrics = new IntakeMetrics(metrics);
    }

    /**
     * Who sends, as far as it matters to the events.
     *
     * @param backfill whether old usage is sent on purpose, by someone who may
     */
    record Sending(String requestId, boolean backfill) {}

    /** Why the latest request was not taken; empty when it was. */
    Optional<Outcome.Reason> refusing() {
        return refusing;
    }

    /** Takes one event in binary mode; otherwise like {@link #take(HeldBody, EventBatch.Form, Sending, InFlight.Place)}. */
    Intake take(BinaryEvent event, Sending sending, InFlight.Place place) {
        Timer.Context time = metrics.time();
        try {
            ByteBuffer json = ByteBuffer.wrap(event.json());
            if (!place.takeMemory(COPIES_OF_ONE * json.remaining())) {
                return new Intake.NoRoom();
            }
            Request request = new Request(sending, 1);
            request.decide(0, event.refusal().map(Parsed.class::cast).orElseGet(() -> request.read(json)), () -> json);
            return request.end();
        } finally {
            time.stop();
        }
    }

    /**
     * Takes one request's body. Returns within the patience, give or take one call to the emitter.
     *
     * @param place takes memory for the events
     * @throws IOException when the body cannot be read again
     */
    Intake take(HeldBody body, EventBatch.Form form, Sending sending, InFlight.Place place) throws IOException {
        Timer.Context time = metrics.time();
        try {
            Optional<Intake> atOnce = takeAtOnce(body, form, sending, place);
            if (atOnce.isPresent()) {
                return atOnce.get();
            }
            EventBatch batch = EventBatch.find(body.open(), form, EVENTS_MAX);
            if (batch instanceof EventBatch.Malformed malformed) {
                return takeMalformed(body, malformed, sending);
            }
            if (!(batch instanceof EventBatch.Places places)) {
                return new Intake.TooMany();
            }
            int largest = Math.min(places.largest(), EVENT_BYTES_MAX);
            if (!place.takeMemory(places.count() * MEMORY_PER_EVENT + COPIES_OF_ONE * largest)) {
                return new Intake.NoRoom();
            }
            Request request = new Request(sending, places.count());
            for (int index = 0; index < places.count() && request.isGoingOn(); index++) {
                int start = places.start(index);
                int end = places.end(index);
                if (end - start > EVENT_BYTES_MAX) {
                    request.keepLarge(index, body, start, end, tooLarge(end - start));
                } else {
                    ByteBuffer original = body.slice(start, end);
                    request.decide(index, request.read(original), () -> original);
                }
            }
            return request.end();
        } finally {
            time.stop();
        }
    }

    /** Takes what most send: an array of usual events, in memory. */
    private Optional<Intake> takeAtOnce(HeldBody body, EventBatch.Form form, Sending sending, InFlight.Place place) {
        boolean mayBeArray = form == EventBatch.Form.ARRAY || form == EventBatch.Form.SINGLE_OR_ARRAY;
        Optional<ByteBuffer> whole = mayBeArray ? body.inMemory() : Optional.empty();
        if (whole.isEmpty() || !place.takeMemory(READ_TO_BYTES * whole.get().remaining())) {
            return Optional.empty();
        }
        Instant arrival = clock.instant();
        Optional<List<CloudEventParser.Placed>> read =
                CloudEventParser.parseAll(whole.get(), EVENTS_MAX, EventDefaults.NONE, arrival);
        if (read.isEmpty()) {
            return Optional.empty();
        }
        List<CloudEventParser.Placed> events = read.get();
        if (!place.takeMemory(events.size() * MEMORY_PER_EVENT)) {
            return Optional.of(new Intake.NoRoom());
        }
        Request request = new Request(sending, arrival, events.size());
        for (int index = 0; index < events.size() && request.isGoingOn(); index++) {
            CloudEventParser.Placed event = events.get(index);
            request.decide(
                    index,
                    request.letIn(event.parsed()),
                    () -> whole.get().slice(event.start(), event.end() - event.start()));
        }
        return Optional.of(request.end());
    }

    /**
     * Takes events that were read already, however many; the caller has taken memory for them. What is kept out is kept
     * one by one, but beyond {@link #COPIES_BYTES_MAX} together: each has a copy of its resource, so that a large one with
     * thousands of bad spans would be gigabytes, which are never safe in time.
     */
    Intake take(OtlpEvents read, Sending sending) {
        Timer.Context time = metrics.time();
        try {
            List<OtlpEvent> events = read.events();
            Request request = new Request(sending, events.size());
            Set<Object> rest = Collections.newSetFromMap(new IdentityHashMap<>());
            long copied = 0;
            for (int index = 0; index < events.size() && request.isGoingOn(); index++) {
                OtlpEvent event = events.get(index);
                Parsed parsed = request.letIn(event.parsed());
                byte[] original = NOTHING;
                if (parsed instanceof Parsed.Rejected rejected) {
                    if (rest.isEmpty()) {
                        original = event.original().get();
                        copied += original.length;
                    }
                    if (copied > COPIES_BYTES_MAX) {
                        rest.add(event.item());
                        request.refuse(index, rejected);
                        continue;
                    }
                }
                ByteBuffer kept = ByteBuffer.wrap(original);
                request.decide(index, parsed, () -> kept);
            }
            if (!rest.isEmpty() && request.isGoingOn()) {
                request.keepTogether(rest.size(), read.together().apply(rest));
            }
            return request.end();
        } finally {
            time.stop();
        }
    }

    /** A body that is no JSON holds nobody knows how many events: it is kept as one. */
    private Intake takeMalformed(HeldBody body, EventBatch.Malformed malformed, Sending sending) throws IOException {
        Request request = new Request(sending, 1);
        Parsed.Rejected whole =
                new Parsed.Rejected(RejectionReason.MALFORMED_JSON, malformed.detail(), Optional.empty());
        request.keepLarge(0, body, 0, body.length(), whole);
        Intake end = request.end();
        return end instanceof Intake.Done
                ? new Intake.Malformed(malformed.detail(), malformed.line(), malformed.column())
                : end;
    }

    private static Parsed.Rejected tooLarge(int bytes) {
        Fault fault = new Fault(RejectionReason.EVENT_TOO_LARGE, "The event has " + bytes + " bytes.");
        return new Parsed.Rejected(fault.reason(), fault.explanation(), Optional.empty());
    }

    /** One request on its way. */
    private final class Request {

        private final Sending sending;
        private final Instant arrival;
        private final long deadlineNanos = System.nanoTime() + patience.toNanos();
        private final int events;
        private final Outcomes outcomes;
        private final List<Intake.EventError> errors = new ArrayList<>();
        private final List<RejectionReason> reasons = new ArrayList<>();
        private final List<UnknownFields> unread = new ArrayList<>(0);

        /** @param events so many will be decided on */
        Request(Sending sending, int events) {
            this(sending, clock.instant(), events);
        }

        Request(Sending sending, Instant arrival, int events) {
            this.sending = sending;
            this.arrival = arrival;
            this.events = events;
            this.outcomes = new Outcomes(events);
        }

        /** With Kafka away each event might block for as long as the first, 10,000 times over. */
        boolean isGoingOn() {
            return outcomes.refused().isEmpty() && leftNanos() > 0;
        }

        private long leftNanos() {
            return Math.max(0, deadlineNanos - System.nanoTime());
        }

        Parsed read(ByteBuffer json) {
            return letIn(CloudEventParser.parse(json, EventDefaults.NONE, arrival));
        }

        /** What the parser accepts may still be kept out by the operator's policy. */
        private Parsed letIn(Parsed parsed) {
            if (!(parsed instanceof Parsed.Accepted accepted)) {
                return parsed;
            }
            UsageEvent event = accepted.event();
            List<Fault> faults = policy.check(event, arrival, sending.backfill());
            return faults.isEmpty() ? parsed : Parsed.Rejected.of(event, faults);
        }

        /** @param whole the event as it came, asked for only if it is kept out */
        void decide(int index, Parsed parsed, Supplier<ByteBuffer> whole) {
            if (parsed instanceof Parsed.Accepted event) {
                event.unknown().ifPresent(unread::add);
                emitter.offer(event.event(), outcomes::ofUsage);
            } else if (parsed instanceof Parsed.Rejected event) {
                ByteBuffer original = whole.get();
                if (original.remaining() <= SMALL_ORIGINAL_BYTES) {
                    emitter.offer(rejection(index, event, original), outcome -> outcomes.ofKeptOut(outcome, 1));
                } else if (mayKeepLarge()) {
                    keepAlone(rejection(index, event, original), 1);
                }
            }
        }

        /** Keeps a part of the body that was not read. */
        void keepLarge(int index, HeldBody body, int start, int end, Parsed.Rejected event) throws IOException {
            if (end - start <= SMALL_ORIGINAL_BYTES) {
                ByteBuffer small = body.slice(start, end);
                decide(index, event, () -> small);
            } else if (mayKeepLarge()) {
                try {
                    keepAlone(rejection(index, event, body.slice(start, end)), 1);
                } catch (IOException e) {
                    largeOriginals.release();
                    throw e;
                }
            }
        }

        private boolean mayKeepLarge() {
            try {
                if (largeOriginals.tryAcquire(leftNanos(), TimeUnit.NANOSECONDS)) {
                    return true;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            outcomes.refuse(Outcome.Reason.BUSY);
            return false;
        }

        private void keepAlone(RejectedEvent event, int events) {
            emitter.offer(event, outcome -> {
                largeOriginals.release();
                outcomes.ofKeptOut(outcome, events);
            });
        }

        /** Keeps the last events that were refused, as one. */
        void keepTogether(int count, byte[] original) {
            List<Intake.EventError> last = errors.subList(errors.size() - count, errors.size());
            Intake.EventError first = last.get(0);
            String detail = "%d events of one request, kept as one because of what they share: %s. The first%s: %s"
                    .formatted(
                            count,
                            Intake.EventError.byCode(last),
                            first.id().map(id -> ", " + id).orElse(""),
                            first.detail());
            RejectedEvent together = rejection(
                    first.code(),
                    detail,
                    "events " + first.index() + " and further",
                    Optional.empty(),
                    ByteBuffer.wrap(original));
            if (mayKeepLarge()) {
                keepAlone(together, count);
            }
        }

        /** An event is kept out. */
        void refuse(int index, Parsed.Rejected event) {
            reasons.add(event.reason());
            errors.add(new Intake.EventError(
                    index,
                    event.identity().map(EventIdentity::getId),
                    event.reason().code(),
                    event.detail()));
        }

        private RejectedEvent rejection(int index, Parsed.Rejected event, ByteBuffer original) {
            refuse(index, event);
            return rejection(event.reason().code(), event.detail(), "event " + index, event.identity(), original);
        }

        private RejectedEvent rejection(
                String code, String detail, String which, Optional<EventIdentity> identity, ByteBuffer original) {
            return new RejectedEvent(
                    code,
                    detail,
                    STAGE,
                    "request " + sending.requestId() + ", " + which,
                    arrival.truncatedTo(ChronoUnit.MILLIS),
                    identity.orElse(null),
                    original);
        }

        Intake end() {
            if (!outcomes.allTaken(leftNanos())) {
                refusing = outcomes.refused();
                return refusing.<Intake>map(Intake.Away::new).orElseGet(Intake.NotInTime::new);
            }
            refusing = Optional.empty();
            count();
            return new Intake.Done(events - errors.size(), outcomes.spooled(), errors);
        }

        /** Only when all is safe: what is sent again after a failure would be counted twice. */
        private void count() {
            metrics.count(events - reasons.size(), outcomes.spooled(), reasons, unread);
        }
    }
}
