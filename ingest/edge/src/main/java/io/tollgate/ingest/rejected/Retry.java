package io.tollgate.ingest.rejected;

import io.tollgate.emitter.rules.Fault;
import io.tollgate.events.UsageEvent;
import io.tollgate.ingest.cloudevents.Parsed;
import io.tollgate.ingest.delivery.Delivery;
import io.tollgate.ingest.otlp.OtlpMapping;
import io.tollgate.ingest.policy.EventPolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.stream.Collectors;

/** Sends rejected events again, as they came. The job drops what it has counted before, so to send too much is harmless. */
public final class Retry {

    private static final String CONFLICT = "identity_conflict";
    private static final String NOT_AN_EVENT = "not_an_event";

    /** Of originals that are held at once. */
    private static final long HELD_BYTES_MAX = 2L << 20;

    private static final byte[] NOTHING = {};

    private final Rejections rejections;
    private final Delivery delivery;
    private final EventPolicy policy;
    private final OtlpMapping mapping;

    /** @param mapping what telemetry is read by */
    public Retry(Rejections rejections, Delivery delivery, EventPolicy policy, OtlpMapping mapping) {
        this.rejections = rejections;
        this.delivery = delivery;
        this.policy = policy;
        this.mapping = mapping;
    }

    /**
     * One that was not sent.
     *
     * @param code why, stable: a reason as events are rejected for, {@code not_an_event} or {@code already_counted}
     * @param detail what it is, what is wrong and what to do
     */
    public record Left(Place place, String code, String detail) {}

    /**
     * What became of them.
     *
     * @param sent safe in Kafka; whether they are counted now, or kept out once more, the list tells soon
     * @param refused that would be kept out again
     * @param skipped of whose identity an event is counted
     */
    public record Result(List<Place> sent, List<Left> refused, List<Left> skipped) {}

    /** How many bytes of originals are held at once when these are sent. */
    public static long heldBytes(List<Rejection> chosen) {
        LongSummaryStatistics bytes = chosen.stream().collect(Collectors.summarizingLong(Rejection::originalBytes));
        return Math.max(Math.max(0, bytes.getMax()), Math.min(bytes.getSum(), HELD_BYTES_MAX));
    }

    /**
     * Sends those that can be sent, in their order.
     *
     * @param mayBeOld whether usage of any age may be sent
     * @throws io.tollgate.service.ProblemException 503 when they are not known to be safe
     */
    public Result send(List<Rejection> chosen, Instant now, boolean mayBeOld) {
        Result result = new Result(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        List<Rejection> batch = new ArrayList<>();
        long bytes = 0;
        for (Rejection rejection : chosen) {
            if (rejection.counted()) {
                result.skipped().add(counted(rejection));
                continue;
            }
            if (bytes + rejection.originalBytes() > HELD_BYTES_MAX && !batch.isEmpty()) {
                send(batch, now, mayBeOld, result);
                batch.clear();
                bytes = 0;
            }
            batch.add(rejection);
            bytes += rejection.originalBytes();
        }
        send(batch, now, mayBeOld, result);
        return result;
    }

    private void send(List<Rejection> batch, Instant now, boolean mayBeOld, Result result) {
        Map<Place, byte[]> originals =
                rejections.originals(batch.stream().map(Rejection::place).toList());
        List<UsageEvent> events = new ArrayList<>();
        List<Place> places = new ArrayList<>();
        for (Rejection rejection : batch) {
            byte[] bytes = originals.getOrDefault(rejection.place(), NOTHING);
            Original original = Original.of(bytes, rejection.stage(), mapping, now);
            List<Parsed.Rejected> refused = new ArrayList<>();
            for (Parsed each : original.events()) {
                Parsed read = policed(each, now, mayBeOld);
                if (read instanceof Parsed.Accepted accepted) {
                    events.add(accepted.event());
                } else {
                    refused.add((Parsed.Rejected) read);
                }
            }
            if (refused.isEmpty()) {
                places.add(rejection.place());
            } else {
                result.refused().add(left(rejection, original, refused));
            }
        }
        delivery.send(events);
        result.sent().addAll(places);
    }

    private Parsed policed(Parsed read, Instant now, boolean mayBeOld) {
        if (!(read instanceof Parsed.Accepted accepted)) {
            return read;
        }
        List<Fault> faults = policy.check(accepted.event(), now, mayBeOld);
        return faults.isEmpty() ? read : Parsed.Rejected.of(accepted.event(), faults);
    }

    private static Left counted(Rejection rejection) {
        return new Left(
                rejection.place(),
                "already_counted",
                rejection.reason().equals(CONFLICT)
                        ? "another event of that source and id is counted; send it under an id of its own"
                        : "it is counted by now");
    }

    private static Left left(Rejection rejection, Original original, List<Parsed.Rejected> refused) {
        Place place = rejection.place();
        Original.Kind kind = original.kind();
        Parsed.Rejected first = refused.get(0);
        int all = original.events().size();
        return switch (kind) {
            case CLOUD_EVENT, USAGE_MESSAGE, TELEMETRY ->
                new Left(
                        place,
                        first.reason().code(),
                        all == 1
                                ? "it is " + kind.words() + ", still refused: " + first.detail()
                                : "%d of its %d spans or data points are still refused, and the others were sent; the first: %s"
                                        .formatted(refused.size(), all, first.detail()));
            case TRACE_LINE ->
                new Left(
                        place,
                        NOT_AN_EVENT,
                        "it is " + kind.words() + " (" + rejection.origin() + "), and no event by itself; mend it there"
                                + " and replay the file again: what was counted is not counted twice");
            case BYTES ->
                new Left(
                        place,
                        NOT_AN_EVENT,
                        "it is " + kind.words() + " (" + rejection.origin() + "): " + rejection.detail()
                                + " Its source must send anew what it should have been");
        };
    }
}
