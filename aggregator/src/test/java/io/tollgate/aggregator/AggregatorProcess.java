package io.tollgate.aggregator;

import com.codahale.metrics.MetricRegistry;
import io.tollgate.aggregator.topology.TopologyConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** An aggregator in a process of its own, that ends with its parent. */
public final class AggregatorProcess {

    private AggregatorProcess() {}

    /** Arguments: Kafka, ClickHouse, state directory. Small limits, so that files and evictions are in play. */
    public static void main(String[] arguments) throws IOException {
        AggregatorConfig config = AggregatorConfig.of(arguments[0], arguments[1], Path.of(arguments[2]), "crashing")
                .withCommitInterval(Duration.ofMillis(100))
                .withTopology(new TopologyConfig(Duration.ofDays(36), 2_000, 200));
        try (Aggregator aggregator = Aggregator.start(config, new MetricRegistry(), Duration.ofMinutes(1))) {
            while (System.in.read() >= 0) {
                // Only the end of the pipe counts.
            }
            System.out.println("parent gone while " + aggregator.state());
        }
    }

    public static Process start(String kafka, String clickhouse, Path state, Path log) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx512m",
                "-Dlogback.configurationFile=" + System.getProperty("logback.configurationFile"),
                "-cp",
                System.getProperty("java.class.path"),
                AggregatorProcess.class.getName(),
                kafka,
                clickhouse,
                state.toString());
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }
}
