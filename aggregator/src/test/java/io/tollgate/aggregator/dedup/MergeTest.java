package io.tollgate.aggregator.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Merging files is never seen by those who ask, whenever it happens. */
class MergeTest {

    private static final Duration HORIZON = Duration.ofDays(35);
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final int IDS_IN_MEMORY = 500;

    private record Id(long high, long low) {}

    @TempDir
    Path directory;

    private final Map<Id, Long> oracle = new HashMap<>();
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private Random random = new Random();

    @BeforeEach
    void seed() {
        long seed = System.nanoTime();
        System.out.println("MergeTest seed " + seed);
        random = new Random(seed);
    }

    @Test
    void manyFilesBecomeFewAndNothingIsLost() throws IOException {
        SeenIds seen = seen(Runnable::run);
        add(seen, 200 * IDS_IN_MEMORY, 0);

        assertThat(files()).isBetween(1L, 12L);
        assertAllAreKnown(seen);
        assertThat(seen.size()).isEqualTo(oracle.size());
    }

    @Test
    void itMayTakeItsTime() {
        SeenIds seen = seen(waiting::addLast);
        for (int round = 0; round < 40; round++) {
            add(seen, random.nextInt(4 * IDS_IN_MEMORY), 0);
            if (random.nextBoolean() && !waiting.isEmpty()) {
                waiting.removeFirst().run();
            }
            assertAllAreKnown(seen);
        }
    }

    @Test
    void whatIsPutAwayBeforeAMergeBeganOrInTheMiddleOfOneIsThereAgain() throws Exception {
        SeenIds seen = seen(waiting::addLast);
        add(seen, 10 * IDS_IN_MEMORY, 0);
        assertThat(waiting).isNotEmpty();

        seen.save(42);
        SeenSnapshot snapshot = SeenSnapshot.read(directory).orElseThrow();
        SeenIds again = SeenIds.load(directory, IDS_IN_MEMORY, HORIZON, snapshot);
        // Its turn comes when nobody waits for it any more.
        waiting.removeFirst().run();
        add(again, 50 * IDS_IN_MEMORY, 0);
        assertAllAreKnown(again);

        // With the real thread, which may or may not be at it.
        again.save(43);
        SeenIds third = SeenIds.load(
                directory, IDS_IN_MEMORY, HORIZON, SeenSnapshot.read(directory).orElseThrow());
        assertAllAreKnown(third);
        third.clear();
        assertThat(files()).isZero();
    }

    @Test
    void filesAreForgottenWholeAlsoWhenTheyWereMerged() throws IOException {
        SeenIds seen = seen(Runnable::run);
        for (int day = 0; day < 60; day++) {
            add(seen, 3 * IDS_IN_MEMORY, day * DAY);
            seen.forget(day * DAY);
        }
        long known = seen.size();
        long aDay = 3L * IDS_IN_MEMORY;
        assertThat(known)
                .isBetween(HORIZON.toDays() * aDay, (HORIZON.plus(SeenIds.SPAN).toDays() + 1) * aDay);
        assertThat(files()).isLessThan(24);
    }

    private SeenIds seen(Executor background) {
        return new SeenIds(directory, IDS_IN_MEMORY, HORIZON, background, Runnable::run);
    }

    private void add(SeenIds seen, int count, long arrivalMillis) {
        for (int i = 0; i < count; i++) {
            Id id = new Id(random.nextLong(), random.nextLong());
            long digest = random.nextLong() | 1;
            seen.add(id.high, id.low, digest, arrivalMillis);
            oracle.put(id, digest);
        }
    }

    private void assertAllAreKnown(SeenIds seen) {
        oracle.forEach((id, digest) -> assertThat(seen.find(id.high, id.low)).isEqualTo(digest));
        for (int i = 0; i < 1_000; i++) {
            assertThat(seen.find(random.nextLong(), random.nextLong())).isEqualTo(SeenIds.NONE);
        }
    }

    private long files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.count();
        }
    }
}
