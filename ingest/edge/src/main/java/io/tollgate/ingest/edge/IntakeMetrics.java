package io.tollgate.ingest.edge;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;
import io.tollgate.emitter.rules.RejectionReason;
import io.tollgate.ingest.usage.UnknownFields;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** What the edge took: requests and how long they needed, events and why they were kept out. Safe for use by many threads. */
final class IntakeMetrics {

    private final Timer requests;
    private final Counter accepted;
    private final Counter spooled;
    private final Map<RejectionReason, Counter> rejected = new EnumMap<>(RejectionReason.class);
    private final UnknownFieldCounters unknownFields;

    IntakeMetrics(MetricRegistry metrics) {
        this.requests = metrics.timer("ingest.requests");
        this.accepted = metrics.counter("ingest.events.accepted");
        this.spooled = metrics.counter("ingest.events.spooled");
        this.unknownFields = new UnknownFieldCounters(metrics);
        for (RejectionReason reason : RejectionReason.values()) {
            rejected.put(reason, metrics.counter("ingest.events.rejected." + reason.code()));
        }
    }

    /** Begins to time one request. */
    Timer.Context time() {
        return requests.time();
    }

    /**
     * Counts the events of one request.
     *
     * @param reasons of each event that was kept out
     * @param unread of those vendors' bodies that had fields nobody knows
     */
    void count(
            int eventsAccepted,
            int eventsSpooled,
            Collection<RejectionReason> reasons,
            Collection<UnknownFields> unread) {
        accepted.inc(eventsAccepted);
        spooled.inc(eventsSpooled);
        reasons.forEach(reason -> Objects.requireNonNull(rejected.get(reason)).inc());
        unread.forEach(unknownFields::count);
    }
}
