package io.tollgate.aggregator.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeenIdsTest {

    private static final Duration HORIZON = Duration.ofDays(35);
    private static final long DAY = Duration.ofDays(1).toMillis();

    private record Id(long high, long low) {}

    @TempDir
    Path directory;

    @Test
    void itIsExactInMemoryAndOnDisk() {
        long seed = System.nanoTime();
        System.out.println("SeenIdsTest seed " + seed);
        Random random = new Random(seed);
        SeenIds seen = new SeenIds(directory, 5_000, HORIZON);
        Map<Id, Long> oracle = new HashMap<>();
        for (int i = 0; i < 100_000; i++) {
            // Few high halves, so that many identities share a place and a block of the filter.
            Id id = new Id(random.nextInt(50), random.nextLong());
            long digest = random.nextLong() | 1;
            assertThat(seen.find(id.high, id.low)).isEqualTo(oracle.getOrDefault(id, SeenIds.NONE));
            seen.add(id.high, id.low, digest, i);
            oracle.put(id, digest);
        }
        oracle.forEach((id, digest) -> assertThat(seen.find(id.high, id.low)).isEqualTo(digest));
        for (int i = 0; i < 100_000; i++) {
            Id id = new Id(random.nextInt(50), random.nextLong());
            assertThat(seen.find(id.high, id.low)).isEqualTo(oracle.getOrDefault(id, SeenIds.NONE));
        }
        assertThat(seen.size()).isEqualTo(oracle.size());
    }

    @Test
    void beforeAnythingHasArrivedNothingIsForgotten() {
        SeenIds seen = new SeenIds(directory, 1_000_000, HORIZON);
        seen.add(1, 2, 7, 0);
        seen.forget(Long.MIN_VALUE);
        assertThat(seen.find(1, 2)).isEqualTo(7);
    }

    @Test
    void anIdentityIsKnownForTheHorizonAtLeastAndASpanMoreAtMost() throws IOException {
        SeenIds seen = new SeenIds(directory, 1_000_000, HORIZON);
        for (int day = 0; day < 60; day++) {
            seen.forget(day * DAY);
            seen.add(1, day, 7, day * DAY);
            for (int earlier = 0; earlier <= day; earlier++) {
                int age = day - earlier;
                boolean known = seen.find(1, earlier) != SeenIds.NONE;
                if (age <= HORIZON.toDays()) {
                    assertThat(known).as("day %d on day %d", earlier, day).isTrue();
                } else if (age > HORIZON.plus(SeenIds.SPAN).toDays() + 1) {
                    assertThat(known).as("day %d on day %d", earlier, day).isFalse();
                }
            }
        }
        assertThat(files()).isLessThan(12);
        seen.clear();
        assertThat(files()).isZero();
    }

    @Test
    void theLogRestoresWhatWasAdded() {
        SeenIds seen = new SeenIds(directory, 10_000, HORIZON);
        SeenLog log = new SeenLog();
        Random random = new Random(1);
        int count = SeenLog.IDS_PER_CHUNK * 2 + 1;
        for (int i = 0; i < count; i++) {
            log.add(random.nextLong(), i, random.nextLong() | 1, i);
        }
        log.drain(chunk -> {
            assertThat(chunk.length).isLessThan(512 * 1024);
            SeenLog.restore(chunk, seen);
        });
        log.drain(chunk -> {
            throw new AssertionError("it was drained already");
        });
        Random again = new Random(1);
        for (int i = 0; i < count; i++) {
            assertThat(seen.find(again.nextLong(), i)).isEqualTo(again.nextLong() | 1);
        }
    }

    @Test
    void theFilterKeepsAlmostAllQuestionsFromTheDisk() {
        int ids = 200_000;
        BloomFilter filter = new BloomFilter(ids);
        Random random = new Random(2);
        for (int i = 0; i < ids; i++) {
            filter.add(random.nextLong(), random.nextLong());
        }
        int perhaps = 0;
        for (int i = 0; i < ids; i++) {
            if (filter.mayContain(random.nextLong(), random.nextLong())) {
                perhaps++;
            }
        }
        System.out.printf("Bloom filter: %.3f %% of questions go to disk%n", 100.0 * perhaps / ids);
        assertThat(perhaps).isLessThan(ids / 100);
    }

    @Test
    void whatWasPutAwayIsThereAgainAndOnlyOnce() throws IOException {
        SeenIds seen = new SeenIds(directory, 1_000, HORIZON);
        for (int i = 0; i < 4_500; i++) {
            seen.add(i * 7L, i, i + 1, i);
        }
        seen.save(42);

        SeenSnapshot snapshot = SeenSnapshot.read(directory).orElseThrow();
        assertThat(snapshot.offset()).isEqualTo(42);
        SeenIds loaded = SeenIds.load(directory, 1_000, HORIZON, snapshot);
        assertThat(SeenSnapshot.read(directory))
                .as("a process that is killed from now on leaves nothing to be trusted")
                .isEmpty();
        assertThat(loaded.extent().idsInMemory()).isEqualTo(500);
        assertThat(loaded.extent().idsInFiles()).isEqualTo(4_000);
        assertThat(loaded.size()).isEqualTo(4_500);
        for (int i = 0; i < 6_000; i++) {
            assertThat(loaded.find(i * 7L, i)).isEqualTo(i < 4_500 ? i + 1 : SeenIds.NONE);
            if (i >= 4_500) {
                loaded.add(i * 7L, i, i + 1, i);
            }
        }
        loaded.save(43);
        SeenIds again = SeenIds.load(
                directory, 1_000, HORIZON, SeenSnapshot.read(directory).orElseThrow());
        assertThat(again.size()).isEqualTo(6_000);
        again.forget(HORIZON.toMillis() + 6_001);
        assertThat(again.size()).isZero();
        assertThat(files()).isZero();
    }

    @Test
    void aSnapshotOfFilesThatAreNotWholeIsNone() throws IOException {
        SeenIds seen = new SeenIds(directory, 1_000, HORIZON);
        for (int i = 0; i < 2_500; i++) {
            seen.add(i * 7L, i, i + 1, i);
        }
        seen.save(42);
        try (FileChannel channel = FileChannel.open(directory.resolve("seen-000001.ids"), StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() - 1);
        }
        assertThat(SeenSnapshot.read(directory)).isEmpty();
    }

    @Test
    void anUnreadableSnapshotIsNone() throws IOException {
        for (String text : new String[] {
            "",
            "\n",
            "tollgate-seen-1",
            "tollgate-seen-1 x 0",
            "tollgate-seen-1 7 1\n",
            "tollgate-seen-2 7 0\n",
            "tollgate-seen-1 7 1\nseen-000001.ids 1\n"
        }) {
            Files.writeString(directory.resolve("snapshot"), text);
            assertThat(SeenSnapshot.read(directory)).as(text).isEmpty();
        }
        Files.writeString(directory.resolve("snapshot"), "tollgate-seen-1 7 0\n");
        assertThat(SeenSnapshot.read(directory)).isPresent();
    }

    @Test
    void aRestoreForgetsAsTheJobDid() throws IOException {
        SeenIds seen = new SeenIds(directory, 1_000, HORIZON);
        for (int day = 0; day < 78; day++) {
            SeenLog log = new SeenLog();
            for (int i = 0; i < 900; i++) {
                log.add(day, i, 7, day * DAY + i);
            }
            // Twice does no harm.
            log.drain(chunk -> {
                SeenLog.restore(chunk, seen);
                SeenLog.restore(chunk, seen);
            });
            long oldest = Math.max(0, day - HORIZON.toDays());
            assertThat(seen.find(oldest, 899))
                    .as("day %d on day %d", oldest, day)
                    .isNotEqualTo(SeenIds.NONE);
        }
        // A table that is being written is forgotten when it is a file.
        long table = 1_000;
        assertThat(seen.size()).isLessThanOrEqualTo((HORIZON.plus(SeenIds.SPAN).toDays() + 2) * 900 + table);
        assertThat(files()).isLessThan(45);
    }

    /** It was forgotten, came again and was counted again: then it must be known for as long as any other. */
    @Test
    void anIdentityThatIsAddedAgainIsKnownFromThenOn() {
        SeenIds seen = new SeenIds(directory, 1_000, HORIZON);
        seen.add(1, 1, 7, 0);
        seen.add(2, 2, 7, 5 * DAY);
        seen.add(1, 1, 8, 10 * DAY);
        seen.forget(44 * DAY);
        assertThat(seen.find(1, 1)).isEqualTo(8);
    }

    private long files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.count();
        }
    }
}
