package io.tollgate.aggregator.clickhouse;

import io.tollgate.connection.ClickHouseUrl;
import io.tollgate.meters.Aggregation;
import io.tollgate.meters.MeterCatalogue;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Holds rollups against the archive of events: of each rollup, the count, the quantities of meters that are sums, and the sum of digests must be
 * those of the accepted events that belong to it. It is of use once both are written; while one of them lags behind, the
 * other has what it lacks.
 */
public final class Reconciliation implements AutoCloseable {

    private static final List<String> KEY = List.of(
            "window_start",
            "tenant",
            "project",
            "tags_text",
            "provider",
            "model",
            "requested_model",
            "accelerator_type",
            "region",
            "operation",
            "service_tier",
            "outcome",
            "context_band",
            "shard");

    private final ClickHouse clickhouse;

    private final String otherThanSums;

    private Reconciliation(ClickHouse clickhouse, MeterCatalogue meters) {
        this.clickhouse = clickhouse;
        // A meter's name needs no escaping: see MeterDefinition.
        this.otherThanSums = meters.definitions().stream()
                .filter(meter -> meter.aggregation() != Aggregation.SUM)
                .map(meter -> "'" + meter.name() + "'")
                .collect(Collectors.joining(", "));
    }

    /**
     * A rollup that is not the sum of its events.
     *
     * @param key column to value; tags as ClickHouse writes a map, under tags_text
     * @param rolledUp events that the rollup counts, 0 when there is no such rollup
     * @param archived accepted events in the archive
     */
    public record Difference(Map<String, String> key, long rolledUp, long archived) {

        public Difference {
            key = Map.copyOf(key);
        }
    }

    /**
     * Connects to a database that is up to date.
     *
     * @param meters how the job counts meters
     */
    public static Reconciliation connect(ClickHouseUrl url, MeterCatalogue meters) {
        return new Reconciliation(ClickHouse.connect(url), meters);
    }

    /**
     * The rollups whose windows start within the time and that differ, by window and tenant.
     *
     * @param from inclusive
     * @param to exclusive
     * @param atMost how many to return
     * @throws ClickHouseUnavailableException when ClickHouse does not answer in time; take less time at once
     */
    public List<Difference> differences(Instant from, Instant to, int atMost) {
        String query = query().formatted(seconds(from), seconds(to), atMost, otherThanSums);
        List<Difference> differences = new ArrayList<>();
        clickhouse.rows(query).forEach(row -> {
            Map<String, String> key = new TreeMap<>();
            KEY.forEach(column -> key.put(column, row.getString(column)));
            differences.add(new Difference(key, row.getLong("rolled_up"), row.getLong("archived")));
        });
        return differences;
    }

    /** Within what a DateTime holds, 1970 to 2106. */
    private static long seconds(Instant time) {
        return Math.max(0, Math.min(0xFFFF_FFFFL, time.getEpochSecond()));
    }

    @Override
    public void close() {
        clickhouse.close();
    }

    private static String query() {
        try (InputStream in = Reconciliation.class.getResourceAsStream("reconciliation.sql")) {
            if (in == null) {
                throw new IllegalStateException("missing resource reconciliation.sql");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read reconciliation.sql", e);
        }
    }
}
