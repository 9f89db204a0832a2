package io.tollgate.aggregator;

import io.tollgate.aggregator.clickhouse.WriterConfig;
import io.tollgate.aggregator.topology.TopologyConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What an aggregator needs to know. Start from {@link #of} and change what is to be otherwise.
 *
 * @param bootstrapServers Kafka, as host:port[,host:port]
 * @param clickhouseUrl see {@link io.tollgate.connection.ClickHouseUrl}
 * @param stateDirectory where the job keeps its stores; lost ones are restored from Kafka. One instance only
 * @param instanceId tells this instance from the others of the job, and is the same after a restart: letters, digits,
 *     dots, dashes and underscores
 * @param threads stream threads in this instance, 1 to 256; more than there are partitions do nothing
 * @param standbyReplicas warm copies of each partition's state on other instances, 0 to 8
 * @param commitInterval how often totals are committed and published, 10 ms to 5 s; the latency of a figure follows it
 * @param sessionTimeout how long after its last sign of life an instance is taken for dead and replaced, 6 s to 30 min
 *     (what a broker allows unless it is told otherwise)
 * @param onStop what becomes of the partitions at a stop; {@link #leavesOnStop} when it is not said
 * @param topology how much the job remembers
 * @param writers what goes into ClickHouse
 */
public record AggregatorConfig(
        String bootstrapServers,
        String clickhouseUrl,
        Path stateDirectory,
        String instanceId,
        int threads,
        int standbyReplicas,
        Duration commitInterval,
        Duration sessionTimeout,
        Optional<OnStop> onStop,
        TopologyConfig topology,
        WriterConfig writers) {

    /** The application id: names the consumer group and the topics of the job's stores. */
    public static final String APPLICATION_ID = "tollgate-aggregator";

    private static final int THREADS_MAX = 256;
    private static final int STANDBY_REPLICAS_MAX = 8;
    private static final Duration COMMIT_INTERVAL_MIN = Duration.ofMillis(10);
    /** Half of a transaction's timeout of ten seconds: past that the broker aborts what is being committed. */
    private static final Duration COMMIT_INTERVAL_MAX = Duration.ofSeconds(5);
    /** A broker's group.min.session.timeout.ms and group.max.session.timeout.ms. */
    private static final Duration SESSION_TIMEOUT_MIN = Duration.ofSeconds(6);

    private static final Duration SESSION_TIMEOUT_MAX = Duration.ofMinutes(30);
    /** What Kafka allows in a group.instance.id; it takes 249, and we and Streams add to it. */
    private static final Pattern INSTANCE_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,199}");

    public AggregatorConfig {
        require(!bootstrapServers.isBlank(), "no Kafka is given; name it as host:port");
        require(
                INSTANCE_ID.matcher(instanceId).matches(),
                "the instance id '%s' is not 1 to 200 letters, digits, dots, dashes and underscores"
                        .formatted(instanceId));
        require(threads >= 1 && threads <= THREADS_MAX, "threads is %d, not 1 to %d".formatted(threads, THREADS_MAX));
        require(
                standbyReplicas >= 0 && standbyReplicas <= STANDBY_REPLICAS_MAX,
                "standby replicas is %d, not 0 to %d".formatted(standbyReplicas, STANDBY_REPLICAS_MAX));
        requireWithin("commit interval", commitInterval, COMMIT_INTERVAL_MIN, COMMIT_INTERVAL_MAX);
        requireWithin("session timeout", sessionTimeout, SESSION_TIMEOUT_MIN, SESSION_TIMEOUT_MAX);
    }

    /**
     * Two threads, no standby replicas, figures within a second, 36 days of duplicates.
     *
     * @throws IllegalArgumentException as every change does, when a value is out of its range; the message says which
     */
    public static AggregatorConfig of(
            String bootstrapServers, String clickhouseUrl, Path stateDirectory, String instanceId) {
        return new AggregatorConfig(
                bootstrapServers,
                clickhouseUrl,
                stateDirectory,
                instanceId,
                2,
                0,
                Duration.ofMillis(250),
                SESSION_TIMEOUT_MIN,
                Optional.empty(),
                TopologyConfig.USUAL,
                WriterConfig.USUAL);
    }

    /**
     * Whether a stop gives the partitions away. Unless it is said, it does when others have warm copies; without them
     * whoever takes over has to restore first, and waiting for this instance's restart is quicker.
     */
    public boolean leavesOnStop() {
        return onStop.map(OnStop.LEAVE::equals).orElse(standbyReplicas > 0);
    }

    public AggregatorConfig withThreads(int count) {
        return with(count, standbyReplicas, commitInterval, sessionTimeout, onStop, topology, writers);
    }

    public AggregatorConfig withStandbyReplicas(int count) {
        return with(threads, count, commitInterval, sessionTimeout, onStop, topology, writers);
    }

    public AggregatorConfig withCommitInterval(Duration interval) {
        return with(threads, standbyReplicas, interval, sessionTimeout, onStop, topology, writers);
    }

    public AggregatorConfig withSessionTimeout(Duration timeout) {
        return with(threads, standbyReplicas, commitInterval, timeout, onStop, topology, writers);
    }

    public AggregatorConfig withOnStop(OnStop wanted) {
        return with(threads, standbyReplicas, commitInterval, sessionTimeout, Optional.of(wanted), topology, writers);
    }

    public AggregatorConfig withTopology(TopologyConfig wanted) {
        return with(threads, standbyReplicas, commitInterval, sessionTimeout, onStop, wanted, writers);
    }

    public AggregatorConfig withWriters(WriterConfig wanted) {
        return with(threads, standbyReplicas, commitInterval, sessionTimeout, onStop, topology, wanted);
    }

    private AggregatorConfig with(
            int newThreads,
            int newStandbyReplicas,
            Duration newCommitInterval,
            Duration newSessionTimeout,
            Optional<OnStop> newOnStop,
            TopologyConfig newTopology,
            WriterConfig newWriters) {
        return new AggregatorConfig(
                bootstrapServers,
                clickhouseUrl,
                stateDirectory,
                instanceId,
                newThreads,
                newStandbyReplicas,
                newCommitInterval,
                newSessionTimeout,
                newOnStop,
                newTopology,
                newWriters);
    }

    private static void requireWithin(String what, Duration value, Duration min, Duration max) {
        require(
                value.compareTo(min) >= 0 && value.compareTo(max) <= 0,
                "%s is %s, not %s to %s".formatted(what, value, min, max));
    }

    private static void require(boolean condition, String problem) {
        if (!condition) {
            throw new IllegalArgumentException(problem);
        }
    }
}
