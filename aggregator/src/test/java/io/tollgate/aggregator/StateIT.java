package io.tollgate.aggregator;

import static io.tollgate.aggregator.OneJob.PATIENCE;
import static io.tollgate.aggregator.OneJob.events;
import static io.tollgate.aggregator.OneJob.gauge;
import static io.tollgate.aggregator.OneJob.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import io.tollgate.events.UsageEvent;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionListing;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** However an instance ends, and whoever goes on in its place, what was counted is known. */
class StateIT {

    private static final List<UsageEvent> FIRST = events(0, 3_000);
    private static final List<UsageEvent> MORE = events(0, 4_000);

    @TempDir
    Path directory;

    private OneJob job;

    @BeforeEach
    void startParts() throws Exception {
        job = new OneJob(directory);
    }

    @AfterEach
    void stopParts() {
        job.close();
    }

    @Test
    void afterACleanStopNothingIsRestored() throws Exception {
        try (Aggregator first = job.start(job.config("one"), new MetricRegistry())) {
            job.send(FIRST);
            job.awaitCounted();
            assertThat(first.health().isReady()).isTrue();
        }
        for (int restart = 0; restart < 2; restart++) {
            MetricRegistry metrics = new MetricRegistry();
            try (Aggregator again = job.start(job.config("one"), metrics)) {
                assertThat(gauge(metrics, "restore.records_read")).isZero();
                job.send(MORE);
                job.awaitCounted();
                assertThat(gauge(metrics, "identities.in_memory") + gauge(metrics, "identities.in_files"))
                        .isEqualTo(MORE.size());
                assertThat(gauge(metrics, "identities.in_files")).isPositive();
                assertThat(again.state()).isEqualTo(AggregatorState.RUNNING);
            }
            assertThat(job.totals()).isEqualTo(Totals.of(MORE));
        }
    }

    @Test
    void afterAKillEverythingIsRestored() throws Exception {
        Process process = AggregatorProcess.start(
                job.kafka(), job.clickhouse(), job.stateOf("crashing"), directory.resolve("process.log"));
        try {
            job.send(FIRST);
            try (Admin admin = job.admin()) {
                until("the job has made its topics", () -> topics(admin) > 3);
            }
            job.awaitCounted();
        } finally {
            process.destroyForcibly().waitFor();
        }
        MetricRegistry metrics = new MetricRegistry();
        try (Aggregator again = job.start(job.config("crashing"), metrics)) {
            assertThat(gauge(metrics, "restore.records_read")).isPositive();
            job.send(MORE);
            job.awaitCounted();
            assertThat(again.state()).isEqualTo(AggregatorState.RUNNING);
        }
        assertThat(job.totals()).isEqualTo(Totals.of(MORE));
    }

    /** Its events are processed again: had their identities stayed, they would be taken for duplicates of themselves. */
    @Test
    void whatAnAbortedTransactionCountedIsCountedAgain() throws Exception {
        MetricRegistry metrics = new MetricRegistry();
        try (Aggregator aggregator = job.start(job.config("one"), metrics);
                Admin admin = job.admin()) {
            // Something to restore, or a transaction that was aborted leaves no trace.
            job.send(FIRST.subList(0, 500));
            job.awaitCounted();
            for (int from = 500; from < FIRST.size(); from += 500) {
                job.send(FIRST.subList(from, from + 500));
                List<String> producers = admin.listTransactions().all().get().stream()
                        .map(TransactionListing::transactionalId)
                        .toList();
                assertThat(producers).isNotEmpty();
                admin.fenceProducers(producers).all().get();
            }
            job.awaitCounted();
            assertThat(gauge(metrics, "restore.records_read")).isPositive();
            assertThat(aggregator.failure()).isNotDone();
        }
        try (Aggregator again = job.start(job.config("one"), metrics)) {
            job.send(MORE);
            job.awaitCounted();
            assertThat(again.failure()).isNotDone();
        }
        assertThat(job.totals()).isEqualTo(Totals.of(MORE));
    }

    @Test
    @SuppressWarnings("try") // Closing in the middle is what is tested; the second time does nothing.
    void aStandbyCopyKnowsWhatTheOtherInstanceCounted() throws Exception {
        AggregatorConfig one = job.config("one").withThreads(1).withStandbyReplicas(1);
        AggregatorConfig two = job.config("two").withThreads(1).withStandbyReplicas(1);
        MetricRegistry metricsOfTwo = new MetricRegistry();
        Aggregator first = job.start(one, new MetricRegistry());
        try (Aggregator second = Aggregator.start(two, metricsOfTwo)) {
            job.send(FIRST);
            job.awaitCounted();
            // Each has what it processes and a copy of what the other does.
            until(
                    "the second instance has a warm copy of all",
                    () -> gauge(metricsOfTwo, "identities.in_memory") + gauge(metricsOfTwo, "identities.in_files")
                            == FIRST.size());
            first.close();
            until("the second instance owns both partitions", () -> gauge(metricsOfTwo, "partitions.owned") == 2);
            long read = gauge(metricsOfTwo, "restore.records_read");
            job.send(MORE);
            job.awaitCounted();
            assertThat(job.totals()).isEqualTo(Totals.of(MORE));
            System.out.println("StateIT: records read at promotion " + read);

            // And back: what is active here becomes a copy, and what was a copy there becomes active.
            MetricRegistry metricsOfOne = new MetricRegistry();
            first = job.start(one, metricsOfOne);
            until(
                    "the first instance has caught up",
                    () -> gauge(metricsOfOne, "identities.in_memory") + gauge(metricsOfOne, "identities.in_files")
                            == MORE.size());
            second.close();
            until("the first instance owns both partitions", () -> gauge(metricsOfOne, "partitions.owned") == 2);
            job.send(MORE);
            job.awaitCounted();
            assertThat(job.totals()).isEqualTo(Totals.of(MORE));
        } finally {
            first.close();
        }
    }

    @Test
    void anInstanceWhosePlaceIsTakenEndsAndSaysWhy() throws Exception {
        Aggregator first = job.start(job.config("one"), new MetricRegistry());
        AggregatorConfig impostor =
                AggregatorConfig.of(job.kafka(), job.clickhouse(), directory.resolve("other"), "one");
        try (Aggregator second = Aggregator.start(impostor, new MetricRegistry())) {
            assertThat(first.failure().get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .contains("another aggregator was started under the instance id 'one'");
            assertThat(first.state()).isEqualTo(AggregatorState.FAILED);
            second.awaitRunning(PATIENCE);
            job.send(FIRST);
            job.awaitCounted();
            assertThat(second.failure()).isNotDone();
            assertThat(job.totals()).isEqualTo(Totals.of(FIRST));
        } finally {
            first.close();
        }
    }

    private static int topics(Admin admin) {
        try {
            return admin.listTopics().names().get().size();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
