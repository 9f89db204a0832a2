package io.tollgate.aggregator.topology;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.streams.processor.TaskId;

/**
 * Lets a processor find the stores of its own task as what they are: Streams hands them out wrapped. One for each
 * topology.
 */
final class PartitionStores {

    private final Map<TaskId, CommitHook> hooks = new ConcurrentHashMap<>();
    private final Map<TaskId, SeenIdsStore> seen = new ConcurrentHashMap<>();

    void register(TaskId task, CommitHook hook) {
        hooks.put(task, hook);
    }

    void register(TaskId task, SeenIdsStore store) {
        seen.put(task, store);
    }

    CommitHook hook(TaskId task) {
        return Objects.requireNonNull(hooks.get(task), "stores are initialised before processors");
    }

    SeenIdsStore seen(TaskId task) {
        return Objects.requireNonNull(seen.get(task), "stores are initialised before processors");
    }
}
