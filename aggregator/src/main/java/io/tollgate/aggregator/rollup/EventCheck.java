package io.tollgate.aggregator.rollup;

import io.tollgate.aggregator.wire.EventBytes;
import io.tollgate.aggregator.wire.Slice;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** What the job itself insists on before it counts an event. Policy (how old, which models) is the edge's. */
final class EventCheck {

    /** How far ahead of its arrival an event may claim to have happened: clocks differ, but not by more than this. */
    static final Duration MAX_AHEAD = Duration.ofHours(24);

    private static final long MAX_AHEAD_MICROS = MAX_AHEAD.toMillis() * 1000;

    /** In bytes; over HTTP there are less than 40,000. A rollup's record has them in its key and in its value. */
    static final int MAX_DIMENSIONS = 64 << 10;

    /** In bytes; over HTTP there are 64. */
    static final int MAX_METER_NAME = 128;

    private EventCheck() {}

    /** Why the event cannot be counted, or null. */
    static @Nullable Rejection problemOf(EventBytes event, long arrivalMillis) {
        if (event.timeMicros() > arrivalMillis * 1000 + MAX_AHEAD_MICROS) {
            return new Rejection(
                    RejectionReason.TIME_IN_FUTURE,
                    "time %s is more than 24 h after its arrival at %s; correct the source's clock and send it again"
                            .formatted(time(event), Instant.ofEpochMilli(arrivalMillis)));
        }
        if (event.timeMicros() < 0) {
            return new Rejection(
                    RejectionReason.TIME_OUT_OF_RANGE,
                    "time %s is before 1970; send the time of the usage in microseconds since 1970"
                            .formatted(time(event)));
        }
        if (event.source().length() == 0 || event.id().length() == 0) {
            return new Rejection(
                    RejectionReason.IDENTITY_MISSING,
                    "source or id is empty; without them a duplicate cannot be told from a new event");
        }
        if (event.dimensions().length() > MAX_DIMENSIONS) {
            return new Rejection(
                    RejectionReason.DIMENSIONS_TOO_LARGE,
                    "tenant, project, tags and the other dimensions have %d bytes, and %d is the limit; send identifiers, not contents"
                            .formatted(event.dimensions().length(), MAX_DIMENSIONS));
        }
        return problemOfQuantities(event);
    }

    private static @Nullable Rejection problemOfQuantities(EventBytes event) {
        for (int i = 0; i < event.quantities(); i++) {
            Slice meter = event.meter(i);
            if (meter.length() > MAX_METER_NAME) {
                return new Rejection(
                        RejectionReason.METER_NAME_TOO_LONG,
                        "a meter's name has %d bytes, and %d is the limit; give it a shorter name"
                                .formatted(meter.length(), MAX_METER_NAME));
            }
            if (event.amount(i) < 0 && !event.isReversal()) {
                return new Rejection(
                        RejectionReason.NEGATIVE_QUANTITY,
                        "%s is %d; only a reversal may take quantities back"
                                .formatted(
                                        new String(
                                                event.bytes(), meter.start(), meter.length(), StandardCharsets.UTF_8),
                                        event.amount(i)));
            }
        }
        return null;
    }

    private static Instant time(EventBytes event) {
        return Instant.EPOCH.plus(event.timeMicros(), ChronoUnit.MICROS);
    }
}
