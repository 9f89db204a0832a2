package io.tollgate.aggregator;

import io.tollgate.aggregator.topology.TopologyConfig;
import io.tollgate.meters.MeterCatalogue;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What an aggregator needs to know.
 *
 * @param bootstrapServers Kafka, as host:port
 * @param clickhouseUrl see {@link io.tollgate.aggregator.clickhouse.ClickHouseUrl}
 * @param stateDirectory where the job keeps its stores; lost ones are restored from Kafka
 * @param instanceId tells this instance from the others of the job, and is the same after a restart
 * @param threads stream threads in this instance
 * @param commitInterval how often totals are committed and published; the latency of a figure follows it
 * @param topology how much the job remembers
 */
public record AggregatorConfig(
        String bootstrapServers,
        String clickhouseUrl,
        Path stateDirectory,
        String instanceId,
        int threads,
        Duration commitInterval,
        TopologyConfig topology) {

    /** The application id: names the consumer group and the topics of the job's stores. */
    public static final String APPLICATION_ID = "tollgate-aggregator";

    public AggregatorConfig {
        if (threads < 1) {
            throw new IllegalArgumentException("threads is %d; at least one is needed".formatted(threads));
        }
    }

    /** One instance with two threads, figures within a second, 36 days of duplicates. */
    public static AggregatorConfig of(
            String bootstrapServers, String clickhouseUrl, Path stateDirectory, String instanceId) {
        return new AggregatorConfig(
                bootstrapServers,
                clickhouseUrl,
                stateDirectory,
                instanceId,
                2,
                Duration.ofMillis(250),
                TopologyConfig.USUAL);
    }

    /** The same with other meters than the usual ones. */
    public AggregatorConfig with(MeterCatalogue meters) {
        return new AggregatorConfig(
                bootstrapServers,
                clickhouseUrl,
                stateDirectory,
                instanceId,
                threads,
                commitInterval,
                topology.with(meters));
    }
}
