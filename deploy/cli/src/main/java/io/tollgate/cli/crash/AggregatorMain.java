package io.tollgate.cli.crash;

import com.codahale.metrics.MetricRegistry;
import io.tollgate.aggregator.Aggregator;
import io.tollgate.aggregator.AggregatorConfig;
import io.tollgate.aggregator.topology.TopologyConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The victim: an aggregator in a process of its own, which never outlives its parent. */
final class AggregatorMain {

    static final String RUNNING = "the aggregator is running";

    private static final Logger LOG = LoggerFactory.getLogger(AggregatorMain.class);
    private static final Duration START_WITHIN = Duration.ofMinutes(2);

    private AggregatorMain() {}

    /** @param arguments Kafka, ClickHouse, state directory, instance id */
    public static void main(String[] arguments) {
        endWithTheParent();
        try {
            Aggregator aggregator = Aggregator.start(config(arguments), new MetricRegistry(), START_WITHIN);
            Runtime.getRuntime().addShutdownHook(new Thread(aggregator::close, "stop"));
            LOG.info(RUNNING);
            LOG.error("the aggregator has failed: {}", aggregator.failure().join());
        } catch (RuntimeException e) {
            LOG.error("the aggregator did not start", e);
        }
        // At once, whatever still runs: one that has failed but lives would look like one that stands still.
        Runtime.getRuntime().halt(1);
    }

    /** Small limits, so that files and evictions are in play; frequent commits, so that kills fall into them. */
    private static AggregatorConfig config(String[] arguments) {
        return AggregatorConfig.of(arguments[0], arguments[1], Path.of(arguments[2]), arguments[3])
                .withCommitInterval(Duration.ofMillis(100))
                .withTopology(new TopologyConfig(Duration.ofDays(36), 2_000, 200).withMeters(Observed.METERS));
    }

    /** The parent holds the other end of standard input, and is gone when that ends, by whatever way. */
    private static void endWithTheParent() {
        Thread lifeline = new Thread(
                () -> {
                    try {
                        while (System.in.read() >= 0) {
                            // The parent has nothing to say; only the end counts.
                        }
                    } catch (IOException e) {
                        // A broken pipe is an end, too.
                    }
                    // Not through the shutdown hook: what it would talk to ends with the parent, too.
                    Runtime.getRuntime().halt(0);
                },
                "lifeline");
        lifeline.setDaemon(true);
        lifeline.start();
    }
}
