package io.tollgate.ingest.edge;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import io.tollgate.ingest.usage.UnknownFields;
import io.tollgate.ingest.usage.UsageFormat;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** Counts what was not read in vendors' usage bodies: when it jumps, a vendor counts something new. */
final class UnknownFieldCounters {

    private final Map<UsageFormat, Counter> counters = new EnumMap<>(UsageFormat.class);

    UnknownFieldCounters(MetricRegistry metrics) {
        for (UsageFormat format : UsageFormat.values()) {
            counters.put(format, metrics.counter("ingest.usage.unknown_fields." + format.code()));
        }
    }

    void count(UnknownFields unknown) {
        Objects.requireNonNull(counters.get(unknown.format())).inc(unknown.count());
    }
}
