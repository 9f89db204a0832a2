package io.tollgate.cli.crash;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Kills an aggregator again and again in the middle of a load, and compares what it leaves with the oracle and the archive. Most kills
 * come up to 0.3 s after ClickHouse has shown new work, when commits are under way; the rest at any moment of the start,
 * when it joins its group, takes its partitions and restores its stores.
 */
public final class CrashRun {

    private static final int PARTITIONS = 3;
    private static final String INSTANCE = "crashing";
    private static final int STARTING_PERCENT = 30;
    private static final int AFTER_WORK_MILLIS = 300;
    /** How long a round takes about, and so how long its part of the load. */
    private static final Duration ROUND = Duration.ofSeconds(2);

    private static final Duration FIRST_GUESS = Duration.ofSeconds(3);

    private final CrashPlan plan;
    private final Consumer<String> tell;
    private final Random moments;
    private final List<Duration> recoveries = new ArrayList<>();

    private CrashRun(CrashPlan plan, Consumer<String> tell) {
        this.plan = plan;
        this.tell = tell;
        this.moments = new Random(plan.seed());
    }

    /**
     * Runs it.
     *
     * @param directory for data and logs; empty
     * @param clickhouse {@code http://[user:password@]host:port/database}; the database is empty
     * @param tell hears a line for each kill
     * @throws RuntimeException when something stands still, or an aggregator ends that was not killed; the logs are in
     *     the directory
     */
    public static CrashReport of(CrashPlan plan, Path directory, String clickhouse, Consumer<String> tell) {
        return new CrashRun(plan, tell).run(directory, clickhouse);
    }

    private CrashReport run(Path directory, String clickhouse) {
        Load load = Load.of(plan.events(), plan.seed());
        try (Site site = Site.at(directory, clickhouse, PARTITIONS)) {
            for (int kill = 1; kill <= plan.kills(); kill++) {
                killOnce(site, part(load, kill), kill);
            }
            AggregatorChild last = site.start(INSTANCE);
            site.send(part(load, plan.kills() + 1), Duration.ZERO);
            site.awaitEverything();
            last.requireAlive();
            Totals found = site.found();
            List<String> differences = new ArrayList<>(load.totals().differencesTo(found));
            differences.addAll(site.differencesToTheArchive());
            return new CrashReport(
                    plan.kills(),
                    load.messages().size(),
                    found.events(),
                    found.rejectedByReason(),
                    recoveries,
                    differences,
                    site.hasStalled());
        }
    }

    /** What is sent in a round; there is one more round than kills. */
    private List<ProducerRecord<byte[], byte[]>> part(Load load, int round) {
        List<ProducerRecord<byte[], byte[]>> messages = load.messages();
        int rounds = plan.kills() + 1;
        return messages.subList(
                (int) ((long) messages.size() * (round - 1) / rounds), (int) ((long) messages.size() * round / rounds));
    }

    private void killOnce(Site site, List<ProducerRecord<byte[], byte[]>> messages, int kill) {
        long before = site.counted();
        long start = System.nanoTime();
        try (AggregatorChild aggregator = site.start(INSTANCE)) {
            site.send(messages, ROUND);
            if (moments.nextInt(100) < STARTING_PERCENT) {
                rest((long) (moments.nextDouble() * usual().toNanos()));
                kill(aggregator, kill, start, "starting");
            } else {
                site.await("new work is in ClickHouse after start %d".formatted(kill), () -> {
                    // What its former self was writing when it was killed can still come to light.
                    return aggregator.isRunning() && site.counted() != before;
                });
                recoveries.add(Duration.ofNanos(System.nanoTime() - start));
                rest(moments.nextInt(AFTER_WORK_MILLIS) * 1_000_000L);
                kill(aggregator, kill, start, "working");
            }
        }
    }

    private void kill(AggregatorChild aggregator, int kill, long startNanos, String doing) {
        aggregator.requireAlive();
        aggregator.kill();
        tell.accept("kill %d of %d: %s, %.1f s after its start"
                .formatted(kill, plan.kills(), doing, (System.nanoTime() - startNanos) / 1e9));
    }

    /** How long it takes from a start to new work, as far as is known. */
    private Duration usual() {
        return recoveries.isEmpty() ? FIRST_GUESS : recoveries.get(recoveries.size() - 1);
    }

    private static void rest(long nanos) {
        long until = System.nanoTime() + nanos;
        while (System.nanoTime() < until) {
            LockSupport.parkNanos(until - System.nanoTime());
        }
    }
}
