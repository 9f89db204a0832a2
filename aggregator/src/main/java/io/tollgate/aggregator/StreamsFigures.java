package io.tollgate.aggregator;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.TaskMetadata;
import org.apache.kafka.streams.ThreadMetadata;

/**
 * What Streams measures of itself. See "Monitoring Kafka Streams" in Kafka's documentation.
 *
 * @param threadsAlive stream threads that are not dead
 * @param commits transactions since the threads that are alive were started
 * @param commitLatencyAvgMillis mean of the last half minute or so; 0 when there was no commit
 * @param commitLatencyMaxMillis longest of the same time
 * @param rollupsStored an estimate of RocksDB's, active and standby
 * @param rollupsDiskBytes RocksDB's files
 * @param rollupsMemoryBytes RocksDB's write buffers
 * @param threads by name, what each stream thread that is not dead has done and has to do
 */
record StreamsFigures(
        int threadsAlive,
        double commits,
        double commitLatencyAvgMillis,
        double commitLatencyMaxMillis,
        double rollupsStored,
        double rollupsDiskBytes,
        double rollupsMemoryBytes,
        Map<String, OneThread> threads) {

    /**
     * A stream thread.
     *
     * @param commits transactions since it was started
     * @param owned input partitions that it processes
     */
    record OneThread(double commits, Set<TopicPartition> owned) {}

    private static final String OF_THREADS = "stream-thread-metrics";
    private static final String OF_STORES = "stream-state-metrics";

    static StreamsFigures of(KafkaStreams streams) {
        Collection<? extends Metric> metrics = streams.metrics().values();
        Map<String, OneThread> threads = new HashMap<>();
        for (ThreadMetadata thread : streams.metadataForLocalThreads()) {
            if (!"DEAD".equals(thread.threadState())) {
                Set<TopicPartition> owned = new HashSet<>();
                for (TaskMetadata task : thread.activeTasks()) {
                    owned.addAll(task.topicPartitions());
                }
                List<? extends Metric> own = metrics.stream()
                        .filter(metric -> thread.threadName()
                                .equals(metric.metricName().tags().get("thread-id")))
                        .toList();
                threads.put(
                        thread.threadName(),
                        new OneThread(values(own, OF_THREADS, "commit-total").sum(), Set.copyOf(owned)));
            }
        }
        return new StreamsFigures(
                threads.size(),
                values(metrics, OF_THREADS, "commit-total").sum(),
                values(metrics, OF_THREADS, "commit-latency-avg").average().orElse(0),
                values(metrics, OF_THREADS, "commit-latency-max").max().orElse(0),
                values(metrics, OF_STORES, "estimate-num-keys").sum(),
                values(metrics, OF_STORES, "total-sst-files-size").sum(),
                values(metrics, OF_STORES, "size-all-mem-tables").sum(),
                Map.copyOf(threads));
    }

    /** Input partitions that this instance processes. */
    Set<TopicPartition> owned() {
        return threads.values().stream()
                .flatMap(thread -> thread.owned().stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Without what has no value yet. */
    private static DoubleStream values(Collection<? extends Metric> metrics, String group, String name) {
        return metrics.stream()
                .filter(metric -> metric.metricName().name().equals(name)
                        && metric.metricName().group().equals(group))
                .map(Metric::metricValue)
                .filter(Number.class::isInstance)
                .mapToDouble(value -> ((Number) value).doubleValue())
                .filter(Double::isFinite);
    }
}
