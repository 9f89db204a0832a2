package io.tollgate.aggregator;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import io.tollgate.aggregator.clickhouse.Batch;
import io.tollgate.aggregator.clickhouse.Reconciliation;
import io.tollgate.aggregator.clickhouse.WriterConfig;
import io.tollgate.connection.ClickHouseUrl;
import io.tollgate.events.UsageEvent;
import io.tollgate.meters.MeterCatalogue;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.MemberDescription;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClickHouseAwayIT {

    private static final Batch SMALL = new Batch(100, 1 << 20, Duration.ofMillis(50));
    private static final int LIMIT = 500;

    @TempDir
    Path directory;

    private int events;

    @Test
    void whileClickHouseIsAwayTheJobWaitsAndThenAllIsThereOnce() throws Exception {
        try (Engines engines = Engines.start(directory)) {
            MetricRegistry metrics = new MetricRegistry();
            AggregatorConfig config = engines.config().withWriters(new WriterConfig(true, SMALL, SMALL, SMALL, LIMIT));
            try (Aggregator aggregator = Aggregator.start(config, metrics, Duration.ofMinutes(2));
                    Progress progress = new Progress(engines.kafka())) {
                sendSome(engines);
                engines.awaitEverythingArchived();

                engines.killClickHouse();
                Engines.until("the job is paused", () -> {
                    sendSome(engines);
                    return paused(metrics) == 1;
                });
                assertThat(progress.rollupLag()).isGreaterThan(LIMIT);
                // The archive has no limit: its backlog is the input itself.
                sendSome(engines);
                assertThat(progress.archiveLag()).isGreaterThan(3L * SMALL.rows());
                // The seventh try comes 12 s after the first: twice what a member may be silent for.
                Engines.until(
                        "seven tries",
                        () -> metrics.counter("rollups.write_failures").getCount() >= 7
                                && metrics.counter("archive.write_failures").getCount() >= 7);
                assertThat(progress.eventLag()).as("events wait in their topic").isPositive();
                assertThat(aggregator.state()).isEqualTo(AggregatorState.FAILING);
                assertThat(members(engines)).isNotEmpty();

                engines.startClickHouseAgain();
                engines.awaitEverythingArchived();
                Engines.until("the job goes on", () -> paused(metrics) == 0);
                assertThat(aggregator.failure()).isNotDone();
            }
            assertThat(engines.ask("SELECT sum(event_count) FROM rollups FINAL"))
                    .isEqualTo(Integer.toString(events));
            assertThat(engines.ask("SELECT count() FROM events FINAL")).isEqualTo(Integer.toString(events));
            try (Reconciliation reconciliation =
                    Reconciliation.connect(ClickHouseUrl.parse(engines.clickhouse()), MeterCatalogue.usual())) {
                assertThat(reconciliation.differences(Instant.EPOCH, Events.NOON.plus(Duration.ofDays(999)), 10))
                        .isEmpty();
            }
        }
    }

    /** Each in a window of its own, so that each is a rollup record. */
    private void sendSome(Engines engines) {
        int from = events;
        events += 400;
        engines.send(IntStream.range(from, events).mapToObj(this::event).toList());
    }

    private UsageEvent event(int number) {
        UsageEvent event = Events.event(
                "event-" + number,
                Events.NOON.plus(Duration.ofMinutes(15L * (number % 5_000))),
                Map.of("input_tokens", (long) number));
        event.getDimensions().setTenant("tenant-" + number % 4);
        return event;
    }

    private static int paused(MetricRegistry metrics) {
        Gauge<?> gauge = (Gauge<?>) Objects.requireNonNull(metrics.getMetrics().get("job.paused"));
        return (Integer) gauge.getValue();
    }

    private static Collection<MemberDescription> members(Engines engines) throws Exception {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, engines.kafka()))) {
            return Objects.requireNonNull(admin.describeConsumerGroups(List.of(AggregatorConfig.APPLICATION_ID))
                            .all()
                            .get()
                            .get(AggregatorConfig.APPLICATION_ID))
                    .members();
        }
    }
}
