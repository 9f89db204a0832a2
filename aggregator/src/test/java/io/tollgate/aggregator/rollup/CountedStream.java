package io.tollgate.aggregator.rollup;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.aggregator.dedup.SeenIds;
import io.tollgate.aggregator.dedup.SeenLog;
import io.tollgate.events.UsageEvent;
import io.tollgate.events.UsageRollup;
import io.tollgate.meters.MeterCatalogue;
import io.tollgate.schemas.Codec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A counter with stores behind it, which can be committed, restarted and crashed between any two events. */
final class CountedStream implements AutoCloseable {

    static final Instant ARRIVAL = Instant.parse("2026-03-01T00:00:00Z");

    private MeterCatalogue catalogue;
    private final Path directory;
    private final Map<String, byte[]> rollups = new TreeMap<>();
    private final List<byte[]> seenChunks = new ArrayList<>();
    private final List<UsageEvent> sinceCommit = new ArrayList<>();
    private SeenIds seen;
    private EventCounter counter;

    CountedStream(MeterCatalogue catalogue) {
        this.catalogue = catalogue;
        try {
            this.directory = Files.createTempDirectory("counted-stream");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // So few in memory that files and reloads take part.
        this.seen = new SeenIds(directory, 5, Duration.ofDays(35));
        this.counter = counter();
    }

    Outcome count(UsageEvent event) {
        sinceCommit.add(event);
        return counter.count(Codec.USAGE_EVENT.encode(event), ARRIVAL.toEpochMilli());
    }

    void commit() {
        counter.drainRollups((key, rollup) -> rollups.put(HexFormat.of().formatHex(key), rollup));
        counter.drainSeen(seenChunks::add);
        sinceCommit.clear();
    }

    /** Goes on with nothing but what was committed. */
    void restart() {
        restart(catalogue);
    }

    /** Goes on with other meters. */
    void restart(MeterCatalogue otherMeters) {
        commit();
        catalogue = otherMeters;
        restore();
    }

    /** Loses what was not committed, and is sent that again. */
    void crash() {
        List<UsageEvent> again = List.copyOf(sinceCommit);
        sinceCommit.clear();
        restore();
        again.forEach(event -> assertThat(count(event)).isInstanceOf(Outcome.Counted.class));
    }

    private void restore() {
        seen.clear();
        seen = new SeenIds(directory, 5, Duration.ofDays(35));
        seenChunks.forEach(chunk -> SeenLog.restore(chunk, seen));
        counter = counter();
    }

    private EventCounter counter() {
        return new EventCounter(0, 3, this::stored, seen, catalogue);
    }

    private byte @Nullable [] stored(byte[] key) {
        return rollups.get(HexFormat.of().formatHex(key));
    }

    /** As a reader of the rollups topic holds them. */
    List<UsageRollup> rollups() {
        commit();
        return rollups.values().stream().map(Codec.USAGE_ROLLUP::decode).toList();
    }

    @Override
    public void close() {
        seen.clear();
        try {
            Files.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
