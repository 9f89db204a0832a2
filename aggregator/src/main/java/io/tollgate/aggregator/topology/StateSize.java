package io.tollgate.aggregator.topology;

import com.codahale.metrics.MetricRegistry;
import io.tollgate.aggregator.dedup.SeenIds.Extent;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How large the stores of identities in this process are, those of standby copies included. For many threads. */
final class StateSize {

    private final Map<SeenIdsStore, Extent> extents = new ConcurrentHashMap<>();

    /** Tells it to those who ask for metrics. */
    static StateSize in(MetricRegistry metrics) {
        StateSize size = new StateSize();
        metrics.gauge("identities.in_memory", () -> () -> size.sum().idsInMemory());
        metrics.gauge("identities.in_files", () -> () -> size.sum().idsInFiles());
        metrics.gauge("identities.disk_bytes", () -> () -> size.sum().fileBytes());
        metrics.gauge("identities.heap_bytes", () -> () -> size.sum().heapBytes());
        return size;
    }

    void of(SeenIdsStore store, Extent extent) {
        extents.put(store, extent);
    }

    void forget(SeenIdsStore store) {
        extents.remove(store);
    }

    private Extent sum() {
        return extents.values().stream().reduce(Extent.NOTHING, Extent::plus);
    }
}
