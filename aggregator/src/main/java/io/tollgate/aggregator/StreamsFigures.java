package io.tollgate.aggregator;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
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
 * @param owned input partitions that this instance processes
 */
record StreamsFigures(
        int threadsAlive,
        double commits,
        double commitLatencyAvgMillis,
        double commitLatencyMaxMillis,
        double rollupsStored,
        double rollupsDiskBytes,
        double rollupsMemoryBytes,
        Set<TopicPartition> owned) {

    private static final String OF_THREADS = "stream-thread-metrics";
    private static final String OF_STORES = "stream-state-metrics";

    static StreamsFigures of(KafkaStreams streams) {
        Collection<? extends Metric> metrics = streams.metrics().values();
        int alive = 0;
        Set<TopicPartition> owned = new HashSet<>();
        for (ThreadMetadata thread : streams.metadataForLocalThreads()) {
            alive += "DEAD".equals(thread.threadState()) ? 0 : 1;
            for (TaskMetadata task : thread.activeTasks()) {
                owned.addAll(task.topicPartitions());
            }
        }
        return new StreamsFigures(
                alive,
                values(metrics, OF_THREADS, "commit-total").sum(),
                values(metrics, OF_THREADS, "commit-latency-avg").average().orElse(0),
                values(metrics, OF_THREADS, "commit-latency-max").max().orElse(0),
                values(metrics, OF_STORES, "estimate-num-keys").sum(),
                values(metrics, OF_STORES, "total-sst-files-size").sum(),
                values(metrics, OF_STORES, "size-all-mem-tables").sum(),
                Set.copyOf(owned));
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
