package io.tollgate.ingest.edge;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import io.tollgate.emitter.Emitter;
import io.tollgate.emitter.EmitterCounts;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.ToLongFunction;

/** How full the spool is, how old, and what it has lost. */
final class SpoolGauges {

    private SpoolGauges() {}

    static void register(Emitter emitter, InstantSource clock, MetricRegistry metrics) {
        gauge(metrics, "records", emitter, counts -> counts.spool().records());
        gauge(metrics, "bytes", emitter, counts -> counts.spool().bytes());
        gauge(metrics, "lost", emitter, counts -> counts.spool().lost());
        gauge(metrics, "damaged_places", emitter, counts -> counts.spool().damagedPlaces());
        gauge(metrics, "replayed", emitter, EmitterCounts::replayed);
        gauge(metrics, "unsendable", emitter, EmitterCounts::unsendable);
        metrics.register("ingest.spool.age_seconds", (Gauge<Long>) () -> emitter.spooledSince()
                .map(since ->
                        Math.max(0, Duration.between(since, clock.instant()).toSeconds()))
                .orElse(0L));
    }

    private static void gauge(
            MetricRegistry metrics, String name, Emitter emitter, ToLongFunction<EmitterCounts> value) {
        metrics.register("ingest.spool." + name, (Gauge<Long>) () -> value.applyAsLong(emitter.counts()));
    }
}
