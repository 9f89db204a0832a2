package io.tollgate.aggregator;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import io.tollgate.aggregator.clickhouse.Reconciliation;
import io.tollgate.connection.ClickHouseUrl;
import io.tollgate.events.EventIdentity;
import io.tollgate.events.UsageEvent;
import io.tollgate.meters.MeterCatalogue;
import io.tollgate.schemas.Digest;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The events that are accepted add up to the rollups, whatever was sent. */
class ArchiveIT {

    private static final int EVENTS = 6_000;
    private static final Instant FAR_AHEAD = Instant.parse("2090-01-01T00:00:00Z");

    @TempDir
    Path directory;

    /** What was sent, and which of it counts: the first good one of each identity. */
    private final List<UsageEvent> sent = new ArrayList<>();

    private final Map<String, UsageEvent> counted = new LinkedHashMap<>();
    private int rejected;

    @Test
    void acceptedEventsAddUpToTheRollups() throws Exception {
        long seed = System.nanoTime();
        System.out.println("ArchiveIT seed " + seed);
        makeEvents(new Random(seed));
        try (Engines engines = Engines.start(directory)) {
            MetricRegistry metrics = new MetricRegistry();
            try (Aggregator aggregator = Aggregator.start(engines.config(), metrics, Duration.ofMinutes(2))) {
                engines.execute("SYSTEM STOP MERGES");
                engines.send(sent.subList(0, EVENTS / 2));
                engines.sendPoison("poison".getBytes(StandardCharsets.UTF_8));
                engines.sendPoison(new byte[0]);
                engines.awaitEverythingArchived();
                engines.send(sent.subList(EVENTS / 2, sent.size()));
                engines.awaitEverythingArchived();
                assertThat(aggregator.state()).isEqualTo(AggregatorState.RUNNING);
            }
            // A restart takes up where it was.
            try (Aggregator again = Aggregator.start(engines.config(), metrics, Duration.ofMinutes(2))) {
                engines.awaitEverythingArchived();
                assertThat(again.failure()).isNotDone();
            }
            check(engines);
            assertThat(metrics.counter("archive.written").getCount()).isEqualTo(sent.size());
            assertThat(metrics.counter("archive.unreadable").getCount()).isEqualTo(2);
            assertThat(metrics.counter("rejected.archived").getCount()).isEqualTo(rejected + 2);
            assertThat(metrics.timer("archive.insert").getCount())
                    .isEqualTo(metrics.counter("archive.batches").getCount());
        }
    }

    private void check(Engines engines) throws Exception {
        assertThat(engines.ask("SELECT count() FROM events FINAL")).isEqualTo(Integer.toString(sent.size()));
        assertThat(engines.ask("SELECT count() FROM rejected_events FINAL")).isEqualTo(Integer.toString(rejected + 2));
        assertThat(engines.ask("SELECT count() FROM accepted_events")).isEqualTo(Integer.toString(counted.size()));
        assertThat(engines.ask("SELECT sum(event_count) FROM rollups FINAL"))
                .isEqualTo(Integer.toString(counted.size()));
        assertThat(engines.ask("SELECT toString(sum(digest)) FROM accepted_events"))
                .isEqualTo(digest());
        assertThat(engines.ask("SELECT toString(sum(quantities['input_tokens'])) FROM accepted_events"))
                .isEqualTo(sum("input_tokens"));
        assertThat(engines.ask("SELECT toString(sum(quantities['output_tokens'])) FROM rollups FINAL"))
                .isEqualTo(sum("output_tokens"));
        assertThat(engines.ask("SELECT count() FROM accepted_events WHERE reversed_id != ''"))
                .isEqualTo(Long.toString(counted.values().stream()
                        .filter(event -> event.getReverses() != null)
                        .count()));
        try (Reconciliation reconciliation =
                Reconciliation.connect(ClickHouseUrl.parse(engines.clickhouse()), MeterCatalogue.usual())) {
            assertThat(reconciliation.differences(Instant.EPOCH, FAR_AHEAD, 10)).isEmpty();
            // A rollup that says one more than there is, and one that nothing backs.
            engines.execute("""
                    INSERT INTO rollups SELECT * REPLACE (event_count + 1 AS event_count, version + 1 AS version)
                    FROM rollups FINAL WHERE tenant = 'tenant-1' ORDER BY window_start, project, model, tags_key LIMIT 1""");
            engines.execute(
                    "INSERT INTO rollups (window_start, tenant, event_count, version) VALUES (900, 'ghost', 5, 5)");
            assertThat(reconciliation.differences(Instant.EPOCH, FAR_AHEAD, 10))
                    .hasSize(2)
                    .allMatch(difference -> difference.rolledUp() > difference.archived())
                    .extracting(difference -> difference.key().get("tenant"))
                    .containsExactly("ghost", "tenant-1");
            assertThat(reconciliation.differences(Instant.EPOCH, Instant.ofEpochSecond(900), 10))
                    .isEmpty();
        }
    }

    private void makeEvents(Random random) {
        for (int i = 0; sent.size() < EVENTS; i++) {
            String id = "event-" + i;
            UsageEvent event = event(id, random);
            int kind = random.nextInt(100);
            if (kind < 3) {
                event.setTime(FAR_AHEAD);
                reject(event);
            } else if (kind < 5) {
                event.setTime(Instant.parse("1969-12-31T23:00:00Z"));
                reject(event);
            } else if (kind < 7) {
                event.setQuantities(Map.of("input_tokens", -1L));
                reject(event);
            } else if (kind < 8) {
                event.setSource("");
                reject(event);
            } else if (kind < 12) {
                event.setQuantities(Map.of("input_tokens", -7L));
                event.setReverses(new EventIdentity("test", "event-" + random.nextInt(i + 1)));
                send(event);
            } else {
                send(event);
            }
            if (kind % 5 == 0) {
                // What was rejected may come again, and a good one of its identity counts then.
                UsageEvent other = event(id, random);
                other.getDimensions().setTenant(event.getDimensions().getTenant());
                send(other);
                if (random.nextBoolean()) {
                    send(event(id, event.getDimensions().getTenant(), random));
                }
            }
            if (kind >= 90) {
                send(event);
            }
        }
    }

    private void reject(UsageEvent event) {
        sent.add(event);
        rejected++;
    }

    private void send(UsageEvent event) {
        sent.add(event);
        UsageEvent first = counted.putIfAbsent(event.getId(), event);
        if (first != null && !Digest.of(first).equals(Digest.of(event))) {
            rejected++;
        }
    }

    private static UsageEvent event(String id, Random random) {
        return event(id, "tenant-" + random.nextInt(5), random);
    }

    private static UsageEvent event(String id, String tenant, Random random) {
        UsageEvent event = Events.event(
                id,
                Events.NOON.plusMillis(random.nextInt(20_000_000)),
                Map.of("input_tokens", (long) random.nextInt(300_000), "output_tokens", (long) random.nextInt(900)));
        event.getDimensions().setTenant(tenant);
        event.getDimensions().setModel(random.nextBoolean() ? "gpt-4o" : "grok-3");
        event.getDimensions()
                .setTags(random.nextBoolean() ? Map.of("team", "a'b\\c\n\"ü", "\uFF5Ename", "1", "😀", "2") : Map.of());
        return event;
    }

    private String digest() {
        Digest digest = counted.values().stream().map(Digest::of).reduce(Digest.ZERO, Digest::plus);
        return new BigInteger(1, digest.toBytes()).toString();
    }

    private String sum(String meter) {
        return Long.toString(counted.values().stream()
                .collect(Collectors.summingLong(event -> event.getQuantities().getOrDefault(meter, 0L))));
    }
}
