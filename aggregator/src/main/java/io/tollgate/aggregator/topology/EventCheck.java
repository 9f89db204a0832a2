package io.tollgate.aggregator.topology;

import io.tollgate.events.UsageEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** What the job itself insists on before it counts an event. Policy (how old, which models) is the edge's. */
final class EventCheck {

    /** How far ahead of its arrival an event may claim to have happened: clocks differ, but not by more than this. */
    static final Duration MAX_AHEAD = Duration.ofHours(24);

    private EventCheck() {}

    /** Why the event cannot be counted, if so. */
    static Optional<Rejection> problemOf(UsageEvent event, Instant arrival) {
        Instant time = event.getTime();
        if (time.isAfter(arrival.plus(MAX_AHEAD))) {
            return Optional.of(new Rejection(
                    RejectionReason.TIME_IN_FUTURE,
                    "time %s is more than 24 h after its arrival at %s; correct the source's clock and send it again"
                            .formatted(time, arrival)));
        }
        if (time.isBefore(Instant.EPOCH)) {
            return Optional.of(new Rejection(
                    RejectionReason.TIME_OUT_OF_RANGE,
                    "time %s is before 1970; send the time of the usage in microseconds since 1970".formatted(time)));
        }
        if (event.getSource().isEmpty() || event.getId().isEmpty()) {
            return Optional.of(new Rejection(
                    RejectionReason.IDENTITY_MISSING,
                    "source or id is empty; without them a duplicate cannot be told from a new event"));
        }
        if (event.getReverses() == null) {
            for (Map.Entry<String, Long> quantity : event.getQuantities().entrySet()) {
                if (quantity.getValue() < 0) {
                    return Optional.of(new Rejection(
                            RejectionReason.NEGATIVE_QUANTITY,
                            "%s is %d; only a reversal may take quantities back"
                                    .formatted(quantity.getKey(), quantity.getValue())));
                }
            }
        }
        return Optional.empty();
    }
}
