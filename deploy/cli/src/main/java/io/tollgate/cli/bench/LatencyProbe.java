package io.tollgate.cli.bench;

import io.tollgate.events.Dimensions;
import io.tollgate.events.UsageEvent;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How long it takes from sending an event until a reader of ClickHouse sees it. Each probe is an event of a tenant of its
 * own, so that its rollup's row appears when, and only when, it was counted.
 */
final class LatencyProbe {

    private static final Duration BETWEEN_PROBES = Duration.ofMillis(50);
    /** A look costs ClickHouse time that it needs for the load, and makes the figure too high by half of this. */
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(10);

    private final Sender sender;
    private final String clickhouse;
    private final Map<String, Long> sentAt = new HashMap<>();
    private final List<Duration> latencies = new ArrayList<>();
    private int made;

    LatencyProbe(Sender sender, String clickhouse) {
        this.sender = sender;
        this.clickhouse = clickhouse;
    }

    /**
     * Probes until the load has ended and each probe was seen.
     *
     * @return latencies, shortest first
     * @throws IllegalStateException when a probe is not seen within the given time after the load
     */
    List<Duration> probeDuring(Thread load, Duration within) {
        try (Connection connection = DriverManager.getConnection("jdbc:clickhouse:" + clickhouse)) {
            long nextProbe = System.nanoTime();
            while (load.isAlive()) {
                if (System.nanoTime() - nextProbe >= 0) {
                    probe();
                    nextProbe += BETWEEN_PROBES.toNanos();
                }
                look(connection);
                LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
            }
            long deadline = System.nanoTime() + within.toNanos();
            while (!sentAt.isEmpty()) {
                if (System.nanoTime() - deadline > 0) {
                    throw new IllegalStateException(sentAt.size() + " events did not reach ClickHouse in " + within);
                }
                look(connection);
                LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
            }
        } catch (SQLException e) {
            throw new IllegalStateException("ClickHouse does not answer", e);
        }
        return latencies.stream().sorted().toList();
    }

    /** The latency that so many of a hundred do not pass, of sorted ones; milliseconds. */
    static double percentile(List<Duration> sorted, int percent) {
        int index = Math.max(0, (int) Math.ceil(sorted.size() * percent / 100.0) - 1);
        return sorted.get(index).toNanos() / (double) TimeUnit.MILLISECONDS.toNanos(1);
    }

    private void probe() {
        String tenant = "probe-%06d".formatted(made++);
        UsageEvent event = UsageEvent.newBuilder()
                .setSource("latency")
                .setId(tenant)
                .setTime(Instant.now())
                .setDimensions(Dimensions.newBuilder()
                        .setTenant(tenant)
                        .setProvider("openai")
                        .setModel("model-0")
                        .build())
                .setQuantities(new TreeMap<>(Map.of("input_tokens", 1L)))
                .build();
        sentAt.put(tenant, System.nanoTime());
        sender.send(event);
    }

    private void look(Connection connection) throws SQLException {
        if (sentAt.isEmpty()) {
            return;
        }
        // The oldest that is still awaited bounds what has to be read.
        String oldest = sentAt.keySet().stream().min(String::compareTo).orElseThrow();
        try (ResultSet seen = connection
                .createStatement()
                .executeQuery("SELECT DISTINCT tenant FROM rollups WHERE tenant >= '%s' AND tenant < 'probe.'"
                        .formatted(oldest))) {
            long now = System.nanoTime();
            while (seen.next()) {
                Long sent = sentAt.remove(seen.getString(1));
                if (sent != null) {
                    latencies.add(Duration.ofNanos(now - sent));
                }
            }
        }
    }
}
